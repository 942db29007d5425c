// SPDX-License-Identifier: Apache-2.0
#include "base/sealed_file.hpp"

#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <stdexcept>
#include <system_error>

namespace linli {

namespace {

constexpr std::string_view magic = "LINLI-SEALED-1\n";
constexpr std::size_t piece_bytes = 64 * 1024;
constexpr std::size_t sealed_piece = piece_bytes + crypto_secretstream_xchacha20poly1305_ABYTES;
constexpr std::size_t salt_bytes = crypto_pwhash_SALTBYTES;
constexpr std::size_t proof_bytes = 16;
constexpr std::size_t key_bytes = crypto_secretstream_xchacha20poly1305_KEYBYTES;
constexpr std::size_t head_bytes = crypto_secretstream_xchacha20poly1305_HEADERBYTES;

unsigned char* raw(std::string& text) {
    return reinterpret_cast<unsigned char*>(text.data());
}
const unsigned char* raw(const std::string& text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

/// Key and proof: the proof tells a wrong passphrase from a damaged file and says nothing about the
/// key.
struct Derived {
    std::array<unsigned char, key_bytes + proof_bytes> bytes{};

    Derived(const std::string& passphrase, const std::string& salt) {
        if (sodium_init() < 0 ||
            crypto_pwhash(
                bytes.data(), bytes.size(), passphrase.data(), passphrase.size(), raw(salt),
                crypto_pwhash_OPSLIMIT_MODERATE, crypto_pwhash_MEMLIMIT_INTERACTIVE,
                crypto_pwhash_ALG_ARGON2ID13
            ) != 0) {
            throw std::runtime_error("no memory to make a key of the passphrase");
        }
    }
    ~Derived() { sodium_memzero(bytes.data(), bytes.size()); }
    Derived(const Derived&) = delete;
    Derived& operator=(const Derived&) = delete;
    std::string proof() const { return {bytes.begin() + key_bytes, bytes.end()}; }
};

[[noreturn]] void fail(const std::string& what, const std::filesystem::path& path) {
    throw std::system_error(errno, std::generic_category(), what + " " + path.string());
}

}  // namespace

struct SealedWriter::Impl {
    std::filesystem::path path;
    int file = -1;
    std::string waiting;
    crypto_secretstream_xchacha20poly1305_state state{};

    ~Impl() {
        if (file >= 0) {
            ::close(file);
        }
        sodium_memzero(&state, sizeof state);
    }
    void put(std::string_view bytes) const {
        while (!bytes.empty()) {
            const auto written = ::write(file, bytes.data(), bytes.size());
            if (written < 0 && errno != EINTR) {
                fail("cannot write", path);
            }
            bytes.remove_prefix(written > 0 ? static_cast<std::size_t>(written) : 0);
        }
    }
    void put_piece(std::string_view plain, unsigned char tag) {
        std::string sealed(plain.size() + crypto_secretstream_xchacha20poly1305_ABYTES, '\0');
        crypto_secretstream_xchacha20poly1305_push(
            &state, raw(sealed), nullptr, reinterpret_cast<const unsigned char*>(plain.data()),
            plain.size(), nullptr, 0, tag
        );
        put(sealed);
    }
};

SealedWriter::SealedWriter(const std::filesystem::path& path, const std::string& passphrase)
    : m_impl(std::make_unique<Impl>()) {
    m_impl->path = path;
    m_impl->file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (m_impl->file < 0) {
        fail("cannot make", path);
    }
    std::string salt(salt_bytes, '\0');
    randombytes_buf(salt.data(), salt.size());
    const Derived derived(passphrase, salt);
    std::string head(head_bytes, '\0');
    crypto_secretstream_xchacha20poly1305_init_push(
        &m_impl->state, raw(head), derived.bytes.data()
    );
    m_impl->put(std::string(magic) + salt + derived.proof() + head);
}

SealedWriter::~SealedWriter() = default;

void SealedWriter::write(std::string_view bytes) {
    auto& waiting = m_impl->waiting;
    while (!bytes.empty()) {
        if (waiting.size() == piece_bytes) {
            m_impl->put_piece(waiting, crypto_secretstream_xchacha20poly1305_TAG_MESSAGE);
            waiting.clear();
        }
        const auto taken = bytes.substr(0, piece_bytes - waiting.size());
        waiting.append(taken);
        bytes.remove_prefix(taken.size());
    }
}

void SealedWriter::finish() {
    m_impl->put_piece(m_impl->waiting, crypto_secretstream_xchacha20poly1305_TAG_FINAL);
    if (::fsync(m_impl->file) != 0) {
        fail("cannot sync", m_impl->path);
    }
}

struct SealedReader::Impl {
    std::ifstream file;
    std::string name, piece;
    std::size_t at = 0;
    bool last = false;
    crypto_secretstream_xchacha20poly1305_state state{};

    ~Impl() { sodium_memzero(&state, sizeof state); }
    [[noreturn]] void damaged(const std::string& how) const {
        throw std::runtime_error(name + " " + how);
    }
    std::string take(std::size_t most) {
        std::string bytes(most, '\0');
        file.read(bytes.data(), static_cast<std::streamsize>(most));
        bytes.resize(static_cast<std::size_t>(file.gcount()));
        return bytes;
    }
    /// False at the end.
    bool next_piece() {
        if (last) {
            return false;
        }
        const auto sealed = take(sealed_piece);
        if (sealed.size() < crypto_secretstream_xchacha20poly1305_ABYTES) {
            damaged("is cut off: its end is missing");
        }
        piece.resize(sealed.size() - crypto_secretstream_xchacha20poly1305_ABYTES);
        at = 0;
        unsigned char tag = 0;
        if (crypto_secretstream_xchacha20poly1305_pull(
                &state, raw(piece), nullptr, &tag, raw(sealed), sealed.size(), nullptr, 0
            ) != 0) {
            damaged(
                file.eof()
                    ? "is damaged near its end, or cut off"
                    : "is damaged before byte " + std::to_string(std::streamoff(file.tellg()))
            );
        }
        last = tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
        if (last && !take(1).empty()) {
            damaged("is damaged: something was added at its end");
        }
        return true;
    }
};

SealedReader::SealedReader(const std::filesystem::path& path, const std::string& passphrase)
    : m_impl(std::make_unique<Impl>()) {
    auto& impl = *m_impl;
    impl.name = path.string();
    impl.file.open(path, std::ios::binary);
    if (!impl.file) {
        fail("cannot open", path);
    }
    if (impl.take(magic.size()) != magic) {
        impl.damaged("is no backup of linli");
    }
    const auto salt = impl.take(salt_bytes), proof = impl.take(proof_bytes),
               head = impl.take(head_bytes);
    if (head.size() != head_bytes) {
        impl.damaged("is cut off: its end is missing");
    }
    const Derived derived(passphrase, salt);
    if (derived.proof() != proof) {
        impl.damaged("was written with another passphrase");
    }
    if (crypto_secretstream_xchacha20poly1305_init_pull(
            &impl.state, raw(head), derived.bytes.data()
        ) != 0) {
        impl.damaged("is damaged at its beginning");
    }
}

SealedReader::~SealedReader() = default;

std::string SealedReader::read_some(std::size_t most) {
    auto& impl = *m_impl;
    while (impl.at == impl.piece.size()) {
        if (!impl.next_piece()) {
            return {};
        }
    }
    auto bytes = impl.piece.substr(impl.at, most);
    impl.at += bytes.size();
    return bytes;
}

std::string SealedReader::read(std::size_t size) {
    std::string bytes;
    while (bytes.size() < size) {
        const auto more = read_some(size - bytes.size());
        if (more.empty()) {
            m_impl->damaged("ends before it should");
        }
        bytes += more;
    }
    return bytes;
}

std::string read_passphrase(const std::filesystem::path& file) {
    constexpr std::size_t least = 12;
    if (file.empty()) {
        throw std::runtime_error("say --passphrase-file: a file whose first line is the passphrase"
        );
    }
    std::ifstream in(file, std::ios::binary);
    if (!in) {
        fail("cannot open", file);
    }
    std::string line;
    std::getline(in, line);
    if (line.size() < least) {
        throw std::runtime_error(
            "the passphrase in the first line of " + file.string() +
            " is shorter than 12 characters"
        );
    }
    return line;
}

}  // namespace linli
