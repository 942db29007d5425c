// SPDX-License-Identifier: Apache-2.0
#pragma once
/// A text file that appears whole or not at all: what stood there stays until the new one is done.
#include <filesystem>
#include <fstream>
#include <string>

#include "spatial/geo.hpp"

namespace linli::app {

class OutputFile {
 public:
    /// Throws `invalid` (file_unwritable), as does `finish`.
    explicit OutputFile(const std::filesystem::path&);
    ~OutputFile();
    OutputFile(const OutputFile&) = delete;
    OutputFile& operator=(const OutputFile&) = delete;
    std::string text;  ///< append here
    /// Passes on what has gathered if it is much.
    void flush(std::size_t least = 1 << 20);
    void finish();

 private:
    std::filesystem::path m_path, m_part;
    std::ofstream m_out;
};

/// 117.3800000
void append_degrees(std::string& out, std::int32_t value);
/// [117.3800000,32.9200000]
void append_position(std::string& out, spatial::Point);

}  // namespace linli::app
