// SPDX-License-Identifier: Apache-2.0
#include "app/archive.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <fstream>
#include <stdexcept>
#include <system_error>

#include "base/json.hpp"

namespace linli::app {

namespace {

constexpr std::size_t piece = 1 << 20;
constexpr std::size_t length_digits = 8;

[[noreturn]] void fail(const std::string& what, const std::filesystem::path& path) {
    throw std::system_error(errno, std::generic_category(), what + " " + path.string());
}

}  // namespace

void ArchiveWriter::head(const std::string& name, std::int64_t size) {
    const auto text = to_json(obj({{"name", name}, {"size", size}}));
    char length[length_digits + 1];
    std::snprintf(length, sizeof length, "%08zx", text.size());
    m_out.write(length);
    m_out.write(text);
}

void ArchiveWriter::add(const std::string& name, std::string_view bytes) {
    head(name, static_cast<std::int64_t>(bytes.size()));
    m_out.write(bytes);
}

void ArchiveWriter::add_file(const std::string& name, const std::filesystem::path& from) {
    std::ifstream file(from, std::ios::binary);
    if (!file) {
        fail("cannot open", from);
    }
    auto left = static_cast<std::int64_t>(std::filesystem::file_size(from));
    head(name, left);
    std::string bytes(piece, '\0');
    while (left > 0) {
        const auto wanted = std::min<std::int64_t>(left, piece);
        if (!file.read(bytes.data(), wanted)) {
            throw std::runtime_error(from.string() + " became shorter while it was copied");
        }
        m_out.write(std::string_view(bytes.data(), static_cast<std::size_t>(wanted)));
        left -= wanted;
    }
}

void ArchiveWriter::finish() {
    m_out.finish();
}

bool ArchiveReader::next() {
    const auto first = m_in.read_some(1);
    if (first.empty()) {
        return false;
    }
    const auto digits = first + m_in.read(length_digits - 1);
    std::size_t length = 0;
    constexpr int hex = 16;
    std::from_chars(digits.data(), digits.data() + digits.size(), length, hex);
    const auto head = parse_json(m_in.read(std::min<std::size_t>(length, 4096)));
    m_name = head.text_or("name");
    m_size = head.int_or("size", -1);
    if (m_size < 0) {
        throw std::runtime_error("the backup holds an entry without a size");
    }
    return true;
}

std::string ArchiveReader::bytes() {
    return m_in.read(static_cast<std::size_t>(m_size));
}

void ArchiveReader::save(const std::filesystem::path& to) {
    const int file = ::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0) {
        fail("cannot make", to);
    }
    bool good = true;
    for (auto left = m_size; good && left > 0;) {
        const auto bytes = m_in.read(static_cast<std::size_t>(std::min<std::int64_t>(left, piece)));
        left -= static_cast<std::int64_t>(bytes.size());
        for (std::string_view rest = bytes; good && !rest.empty();) {
            const auto written = ::write(file, rest.data(), rest.size());
            good = written >= 0 || errno == EINTR;
            rest.remove_prefix(written > 0 ? static_cast<std::size_t>(written) : 0);
        }
    }
    good = good && ::fsync(file) == 0;
    const int code = errno;
    ::close(file);
    if (!good) {
        throw std::system_error(code, std::generic_category(), "cannot write " + to.string());
    }
}

}  // namespace linli::app
