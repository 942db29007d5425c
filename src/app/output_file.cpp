// SPDX-License-Identifier: Apache-2.0
#include "app/output_file.hpp"

#include "base/error.hpp"

namespace linli::app {

OutputFile::OutputFile(const std::filesystem::path& path)
    : m_path(path),
      m_part(path.string() + ".part"),
      m_out(m_part, std::ios::binary | std::ios::trunc) {
    if (!m_out) {
        throw invalid(m_path.string(), "file_unwritable", "the file cannot be written");
    }
}

OutputFile::~OutputFile() {
    std::error_code ignored;
    std::filesystem::remove(m_part, ignored);
}

void OutputFile::flush(std::size_t least) {
    if (text.size() >= least) {
        m_out << text;
        text.clear();
    }
}

void OutputFile::finish() {
    flush(0);
    m_out.close();
    std::error_code wrong;
    if (m_out) {
        std::filesystem::rename(m_part, m_path, wrong);
    }
    if (!m_out || wrong) {
        throw invalid(m_path.string(), "file_unwritable", "the file cannot be written");
    }
}

void append_degrees(std::string& out, std::int32_t value) {
    auto rest = static_cast<std::uint32_t>(value < 0 ? -static_cast<std::int64_t>(value) : value);
    char digits[16];
    int at = 16;
    for (int d = 0; d < 7; ++d, rest /= 10) {
        digits[--at] = static_cast<char>('0' + rest % 10);
    }
    digits[--at] = '.';
    do {
        digits[--at] = static_cast<char>('0' + rest % 10);
        rest /= 10;
    } while (rest != 0);
    if (value < 0) {
        digits[--at] = '-';
    }
    out.append(digits + at, static_cast<std::size_t>(16 - at));
}

void append_position(std::string& out, spatial::Point point) {
    out += '[';
    append_degrees(out, point.lon);
    out += ',';
    append_degrees(out, point.lat);
    out += ']';
}

}  // namespace linli::app
