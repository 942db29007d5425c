// SPDX-License-Identifier: Apache-2.0
#include "store/platter.hpp"

#include <algorithm>

namespace linli::store::testing {

namespace {

constexpr std::size_t sector = 512;

void put(std::string& file, std::size_t at, std::string_view bytes) {
    file.resize(std::max(file.size(), at + bytes.size()));
    std::copy(bytes.begin(), bytes.end(), file.begin() + static_cast<std::ptrdiff_t>(at));
}

bool chance(RandomSource& random) {
    return (random.bytes(1)[0] & 1) != 0;
}

/// The parts of a write that lie in one sector each; a sector is written wholly or not at all.
void put_some_sectors(std::string& file, std::size_t at, std::string_view bytes, RandomSource& r) {
    while (!bytes.empty()) {
        const auto size = std::min(bytes.size(), sector - at % sector);
        if (chance(r)) {
            put(file, at, bytes.substr(0, size));
        }
        at += size;
        bytes.remove_prefix(size);
    }
}

}  // namespace

void Platter::cut_after(std::int64_t operations) {
    std::lock_guard lock(m_mutex);
    m_left = operations;
}

bool Platter::off() const {
    std::lock_guard lock(m_mutex);
    return m_off;
}

bool Platter::spend() {
    m_off = m_off || m_left == 0;
    m_left -= m_left > 0 ? 1 : 0;
    return !m_off;
}

void Platter::open(const std::string& path, std::string_view content) {
    std::lock_guard lock(m_mutex);
    m_files.try_emplace(path, File{std::string(content), {}});
}

void Platter::remove(const std::string& path) {
    std::lock_guard lock(m_mutex);
    m_files.erase(path);
}

bool Platter::write(const std::string& path, std::int64_t at, std::string_view bytes) {
    std::lock_guard lock(m_mutex);
    const bool was_off = m_off;
    const bool on = spend();
    if (!was_off) {  // the write during which the power goes may be there in part
        m_files[path].pending.push_back({at, std::string(bytes), false});
    }
    return on;
}

bool Platter::truncate(const std::string& path, std::int64_t size) {
    std::lock_guard lock(m_mutex);
    const bool was_off = m_off;
    const bool on = spend();
    if (!was_off) {
        m_files[path].pending.push_back({size, {}, true});
    }
    return on;
}

bool Platter::sync(const std::string& path) {
    std::lock_guard lock(m_mutex);
    if (!spend()) {
        return false;
    }
    auto& file = m_files[path];
    for (const auto& write : file.pending) {
        if (lies) {
            return true;
        }
        if (write.truncates) {
            file.safe.resize(static_cast<std::size_t>(write.at));
        } else {
            put(file.safe, static_cast<std::size_t>(write.at), write.bytes);
        }
    }
    file.pending.clear();
    return true;
}

std::map<std::string, std::string> Platter::after_cut(RandomSource& random) const {
    std::lock_guard lock(m_mutex);
    std::map<std::string, std::string> files;
    for (const auto& [path, file] : m_files) {
        auto content = file.safe;
        for (const auto& write : file.pending) {
            if (write.truncates && chance(random)) {
                content.resize(static_cast<std::size_t>(write.at));
            } else if (!write.truncates) {
                put_some_sectors(content, static_cast<std::size_t>(write.at), write.bytes, random);
            }
        }
        files[path] = std::move(content);
    }
    return files;
}

void Platter::restart(const std::map<std::string, std::string>& files) {
    std::lock_guard lock(m_mutex);
    m_files.clear();
    for (const auto& [path, content] : files) {
        m_files[path].safe = content;
    }
    m_off = false;
    m_left = -1;
}

}  // namespace linli::store::testing
