// SPDX-License-Identifier: Apache-2.0
#include "base/crypto.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <memory>
#include <stdexcept>

namespace linli {
namespace {

constexpr std::size_t digest_bytes = 32, nonce_bytes = 12, tag_bytes = 16, head_bytes = 2;
constexpr char format_version = 1;
constexpr unsigned long long password_ops = 2;
constexpr std::size_t password_memory = 64 << 20;

struct FreeContext {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes_of(std::string& text) {
    return reinterpret_cast<unsigned char*>(text.data());
}

void need(bool done, const char* what) {
    if (!done) {
        throw std::runtime_error(what);
    }
}

/// Looked up once: finding an algorithm costs more than sealing a phone number.
const EVP_MD* sha256_algorithm() {
    static const EVP_MD* algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    return algorithm;
}
const EVP_CIPHER* cipher_algorithm() {
    static const EVP_CIPHER* algorithm = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
    return algorithm;
}

void start_sodium() {
    static const int started = sodium_init();
    need(started >= 0, "libsodium does not start");
}

int length_of(std::string_view text) {
    if (text.size() > INT32_MAX) {
        throw std::length_error("too long to be encrypted");
    }
    return static_cast<int>(text.size());
}

}  // namespace

std::string sha256(std::string_view bytes) {
    std::string digest(digest_bytes, '\0');
    need(
        EVP_Digest(
            bytes.data(), bytes.size(), bytes_of(digest), nullptr, sha256_algorithm(), nullptr
        ) == 1,
        "SHA-256 failed"
    );
    return digest;
}

namespace {

std::string hmac(
    const EVP_MD* algorithm, std::size_t size, std::string_view key, std::string_view bytes
) {
    std::string digest(size, '\0');
    // An empty key needs a valid pointer: null would mean the key of the last call.
    const char* key_data = key.empty() ? "" : key.data();
    need(
        HMAC(
            algorithm, key_data, length_of(key), bytes_of(bytes), bytes.size(), bytes_of(digest),
            nullptr
        ) != nullptr,
        "HMAC failed"
    );
    return digest;
}

}  // namespace

std::string hmac_sha256(std::string_view key, std::string_view bytes) {
    return hmac(sha256_algorithm(), digest_bytes, key, bytes);
}

std::string hmac_sha1(std::string_view key, std::string_view bytes) {
    return hmac(EVP_sha1(), 20, key, bytes);
}

bool same_secret(std::string_view a, std::string_view b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

FieldCipher::FieldCipher(const std::string& key, unsigned char number) : m_number(number) {
    if (key.size() != 32) {
        throw std::invalid_argument("the field key must have 32 bytes");
    }
    m_key = hmac_sha256(key, "linli field encryption 1");
    m_index_key = hmac_sha256(key, "linli blind index 1");
}

std::string FieldCipher::seal(std::string_view plain, std::string_view context) const {
    std::string sealed(head_bytes + nonce_bytes + plain.size() + tag_bytes, '\0');
    sealed[0] = format_version;
    sealed[1] = static_cast<char>(m_number);
    auto* nonce = bytes_of(sealed) + head_bytes;
    auto* out = nonce + nonce_bytes;
    SystemRandom().fill(nonce, nonce_bytes);
    const Context c(EVP_CIPHER_CTX_new());
    int length = 0;
    need(
        c &&
            EVP_EncryptInit_ex(c.get(), cipher_algorithm(), nullptr, bytes_of(m_key), nonce) == 1 &&
            EVP_EncryptUpdate(c.get(), nullptr, &length, bytes_of(sealed), head_bytes) == 1 &&
            EVP_EncryptUpdate(c.get(), nullptr, &length, bytes_of(context), length_of(context)) ==
                1 &&
            EVP_EncryptUpdate(c.get(), out, &length, bytes_of(plain), length_of(plain)) == 1 &&
            EVP_EncryptFinal_ex(c.get(), out + plain.size(), &length) == 1 &&
            EVP_CIPHER_CTX_ctrl(c.get(), EVP_CTRL_GCM_GET_TAG, tag_bytes, out + plain.size()) == 1,
        "a field cannot be encrypted"
    );
    return sealed;
}

std::string FieldCipher::open(std::string_view sealed, std::string_view context) const {
    need(
        sealed.size() >= head_bytes + nonce_bytes + tag_bytes && sealed[0] == format_version,
        "not an encrypted field"
    );
    need(
        static_cast<unsigned char>(sealed[1]) == m_number, "the field was encrypted by another key"
    );
    const auto* nonce = bytes_of(sealed) + head_bytes;
    const auto coded = sealed.substr(
        head_bytes + nonce_bytes, sealed.size() - head_bytes - nonce_bytes - tag_bytes
    );
    std::string tag(sealed.substr(sealed.size() - tag_bytes));
    std::string plain(coded.size(), '\0');
    const Context c(EVP_CIPHER_CTX_new());
    int length = 0;
    need(
        c &&
            EVP_DecryptInit_ex(c.get(), cipher_algorithm(), nullptr, bytes_of(m_key), nonce) == 1 &&
            EVP_DecryptUpdate(c.get(), nullptr, &length, bytes_of(sealed), head_bytes) == 1 &&
            EVP_DecryptUpdate(c.get(), nullptr, &length, bytes_of(context), length_of(context)) ==
                1 &&
            EVP_DecryptUpdate(
                c.get(), bytes_of(plain), &length, bytes_of(coded), length_of(coded)
            ) == 1 &&
            EVP_CIPHER_CTX_ctrl(c.get(), EVP_CTRL_GCM_SET_TAG, tag_bytes, tag.data()) == 1 &&
            EVP_DecryptFinal_ex(c.get(), bytes_of(plain) + plain.size(), &length) == 1,
        "an encrypted field was altered or belongs elsewhere"
    );
    return plain;
}

std::string FieldCipher::blind(std::string_view plain, std::string_view context) const {
    // The length stands first, so that no other pair of context and text gives the same bytes.
    std::string bytes = std::to_string(context.size());
    bytes += ':';
    bytes += context;
    bytes += plain;
    return hmac_sha256(m_index_key, bytes).substr(0, 16);
}

std::string hash_password(std::string_view password) {
    start_sodium();
    char hash[crypto_pwhash_STRBYTES];
    need(
        crypto_pwhash_str(hash, password.data(), password.size(), password_ops, password_memory) ==
            0,
        "not enough memory to hash a password"
    );
    return hash;
}

bool verify_password(std::string_view password, const std::string& hash) {
    start_sodium();
    return crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

bool needs_rehash(const std::string& hash) {
    start_sodium();
    return crypto_pwhash_str_needs_rehash(hash.c_str(), password_ops, password_memory) != 0;
}

std::string RandomSource::bytes(std::size_t size) {
    std::string result(size, '\0');
    fill(result.data(), size);
    return result;
}

void SystemRandom::fill(void* bytes, std::size_t size) {
    start_sodium();
    randombytes_buf(bytes, size);
}

SeededRandom::SeededRandom(std::uint64_t seed) {
    for (auto& word : m_state) {  // splitmix64 spreads the seed
        seed += 0x9E3779B97F4A7C15;
        std::uint64_t mixed = (seed ^ (seed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        word = mixed ^ (mixed >> 31);
    }
}

void SeededRandom::fill(void* bytes, std::size_t size) {
    const std::lock_guard lock(m_mutex);
    auto* out = static_cast<unsigned char*>(bytes);
    while (size > 0) {  // xoshiro256**
        const std::uint64_t word = std::rotl(m_state[1] * 5, 7) * 9;
        const std::uint64_t shifted = m_state[1] << 17;
        m_state[2] ^= m_state[0];
        m_state[3] ^= m_state[1];
        m_state[1] ^= m_state[2];
        m_state[0] ^= m_state[3];
        m_state[2] ^= shifted;
        m_state[3] = std::rotl(m_state[3], 45);
        const auto part = std::min(size, sizeof word);
        std::memcpy(out, &word, part);
        out += part;
        size -= part;
    }
}

}  // namespace linli
