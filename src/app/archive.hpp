// SPDX-License-Identifier: Apache-2.0
#pragma once
/// What a backup file holds, one after the other inside a sealed file: manifest.json, the snapshot
/// of the database, keys if asked for, blobs. Each as 8 hex digits (length of the head), the head
/// {"name","size"}, its bytes.
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "base/sealed_file.hpp"

namespace linli::app {

class ArchiveWriter {
 public:
    ArchiveWriter(const std::filesystem::path& file, const std::string& passphrase)
        : m_out(file, passphrase) {}
    void add(const std::string& name, std::string_view bytes);
    void add_file(const std::string& name, const std::filesystem::path& from);
    void finish();

 private:
    void head(const std::string& name, std::int64_t size);
    SealedWriter m_out;
};

class ArchiveReader {
 public:
    ArchiveReader(const std::filesystem::path& file, const std::string& passphrase)
        : m_in(file, passphrase) {}
    /// False at the end. The bytes of the entry are taken next, by one of the two below.
    bool next();
    const std::string& name() const { return m_name; }
    std::string bytes();
    void save(const std::filesystem::path& to);  ///< a new file, for its owner alone

 private:
    SealedReader m_in;
    std::string m_name;
    std::int64_t m_size = 0;
};

}  // namespace linli::app
