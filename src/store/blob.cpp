// SPDX-License-Identifier: Apache-2.0
#include "store/blob.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <stdexcept>
#include <vector>

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "store/store.hpp"

namespace linli::store {

namespace {

[[noreturn]] void fail(const std::string& what, const std::filesystem::path& path) {
    const int code = errno;
    const auto message = what + " " + path.string() + ": " + std::strerror(code);
    if (code == ENOSPC || code == EDQUOT) {
        throw DiskFull(message);
    }
    throw std::runtime_error(message);
}

/// An open file or folder; closed at the end.
class File {
 public:
    File(const std::filesystem::path& path, int flags)
        : m_path(path), m_handle(open(path.c_str(), flags, 0600)) {
        if (m_handle < 0) {
            fail("cannot open", path);
        }
    }
    ~File() { close(m_handle); }
    File(const File&) = delete;
    File& operator=(const File&) = delete;

    void write(std::string_view bytes) {
        while (!bytes.empty()) {
            const auto written = ::write(m_handle, bytes.data(), bytes.size());
            if (written < 0 && errno != EINTR) {
                fail("cannot write", m_path);
            }
            bytes.remove_prefix(written > 0 ? static_cast<std::size_t>(written) : 0);
        }
    }
    void sync() {
        if (fsync(m_handle) != 0) {
            fail("cannot sync", m_path);
        }
    }

 private:
    std::filesystem::path m_path;
    int m_handle;
};

void sync_folder(const std::filesystem::path& path) {
    File(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC).sync();
}

bool is_name(const std::string& name) {
    constexpr std::size_t digits = 64;
    return name.size() == digits && name.find_first_not_of("0123456789abcdef") == std::string::npos;
}

}  // namespace

void make_folder(const std::filesystem::path& path) {
    std::error_code error;
    if (std::filesystem::create_directory(path, error)) {
        sync_folder(path.parent_path());
    } else if (error) {
        errno = error.value();
        fail("cannot make the folder", path);
    }
}

void write_durably(const std::filesystem::path& to, std::string_view bytes) {
    static std::atomic<int> made{0};
    auto from = to;
    from += "." + std::to_string(getpid()) + "-" + std::to_string(++made) + ".part";
    try {
        File file(from, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC);
        file.write(bytes);
        file.sync();
        if (std::rename(from.c_str(), to.c_str()) != 0) {
            fail("cannot rename", from);
        }
    } catch (...) {
        unlink(from.c_str());
        throw;
    }
    sync_folder(to.parent_path());
}

Blobs::Blobs(std::filesystem::path folder) : m_folder(std::move(folder)) {
    std::filesystem::create_directories(m_folder);
}

std::filesystem::path Blobs::path(const std::string& name) const {
    if (!is_name(name)) {
        throw std::invalid_argument("a file is named by 64 hex digits");
    }
    return m_folder / name.substr(0, 2) / name;
}

bool Blobs::has(const std::string& name) const {
    return std::filesystem::exists(path(name));
}

std::string Blobs::put(std::string_view bytes) {
    const auto name = to_hex(sha256(bytes));
    const auto to = path(name);
    std::error_code error;
    if (std::filesystem::file_size(to, error) == bytes.size() && !error) {
        // Young again, so that no sweep takes it before a row names it.
        if (utimensat(AT_FDCWD, to.c_str(), nullptr, 0) == 0) {
            // another put may not have finished its last step; naming it in a row needs it
            sync_folder(to.parent_path());
            return name;
        }
    }
    make_folder(to.parent_path());
    write_durably(to, bytes);
    return name;
}

namespace {

constexpr const char* aside_tail = ".swept";

/// Set aside before it is looked at for the last time: a put that comes earlier has made it young,
/// one that comes later writes it anew.
std::int64_t remove_if_old(
    const std::filesystem::path& path, std::filesystem::file_time_type before
) {
    auto aside = path;
    aside += aside_tail;
    std::error_code gone;
    std::filesystem::rename(path, aside, gone);
    const auto size = gone ? 0 : std::filesystem::file_size(aside, gone);
    if (gone) {
        return -1;
    }
    if (std::filesystem::last_write_time(aside, gone) >= before) {
        std::filesystem::rename(aside, path, gone);
        return -1;
    }
    return std::filesystem::remove(aside, gone) ? static_cast<std::int64_t>(size) : -1;
}

}  // namespace

Blobs::Swept Blobs::sweep(
    const std::function<bool(const std::string&)>& named, std::chrono::hours age,
    const std::function<bool()>& stopped
) {
    const auto before = std::filesystem::file_time_type::clock::now() - age;
    Swept swept;
    std::vector<std::filesystem::path> old;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(m_folder)) {
        if (stopped()) {
            return swept;
        }
        std::error_code gone;
        const auto name = entry.path().filename().string();
        if (entry.is_regular_file(gone) && !(is_name(name) && named(name)) &&
            entry.last_write_time(gone) < before && !gone) {
            old.push_back(entry.path());
        }
    }
    for (const auto& path : old) {
        auto whole = path;
        if (path.extension() == aside_tail) {  // a sweep was cut off here
            whole.replace_extension();
            std::error_code ignored;
            std::filesystem::rename(path, whole, ignored);
        } else if (const auto size = remove_if_old(path, before); size >= 0) {
            ++swept.files;
            swept.bytes += size;
        }
    }
    return swept;
}

std::string Blobs::get(const std::string& name) const {
    const auto from = path(name);
    std::ifstream file(from, std::ios::binary);
    if (!file) {
        throw std::runtime_error("the file " + from.string() + " is missing");
    }
    std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    if (to_hex(sha256(bytes)) != name) {
        throw std::runtime_error("the file " + from.string() + " is damaged: its digest is wrong");
    }
    return bytes;
}

}  // namespace linli::store
