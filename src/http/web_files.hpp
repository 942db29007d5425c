// SPDX-License-Identifier: Apache-2.0
#pragma once
/// The built web pages, read and compressed once at start and served from memory.
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "http/call.hpp"

namespace linli::http {

class WebFiles {
 public:
    /// Reads every file but hidden ones and source maps (C90); throws std::runtime_error if the
    /// folder cannot be read. Variants `x.br` and `x.gz` made by the build are taken as they are.
    explicit WebFiles(const std::filesystem::path& folder);
    /// A file, or the page of the face that the path belongs to ("/desk/..." -> desk.html if the
    /// build has one, else index.html). Nothing for other methods, the interfaces, and missing
    /// files (a last segment with a dot).
    std::optional<Answer> find(const Request&) const;

 private:
    using Bytes = std::shared_ptr<const std::string>;  ///< shared with answers under way
    struct File {
        std::string type;
        std::string digest;
        bool immutable = false;
        Bytes plain, gzip, brotli;  ///< null = not worth it
    };
    void add(const std::string& path, const std::filesystem::path& file);
    const File* file_of(const std::string& path) const;
    const File* page_of(const std::string& path) const;

    std::map<std::string, File> m_files;
};

}  // namespace linli::http
