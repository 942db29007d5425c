// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Files beside the database: named by their SHA-256, written durably (temporary file, fsync,
/// rename, fsync of the folder) before the row that names them.
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace linli::store {

/// Makes a folder whose name lasts, if it is not there; the one above must be.
void make_folder(const std::filesystem::path&);
/// Writes a whole file, readable by the owner alone, that is there after a power cut or not at all.
/// Throws DiskFull.
void write_durably(const std::filesystem::path& to, std::string_view bytes);

class Blobs {
 public:
    explicit Blobs(std::filesystem::path folder);
    /// Stores bytes and returns the name (64 hex digits). Storing the same bytes twice keeps one.
    /// Throws DiskFull.
    std::string put(std::string_view bytes);
    /// The whole file; throws std::runtime_error if it is missing or its digest is wrong.
    std::string get(const std::string& name) const;
    bool has(const std::string& name) const;
    std::filesystem::path path(const std::string& name) const;

    struct Swept {
        std::int64_t files = 0, bytes = 0;
    };
    /// Removes files that are not `named` and were put (again) longer than `age` ago, and what a
    /// crash left half written. Safe beside puts and other sweeps: what is put meanwhile is there
    /// afterwards. A row must name its file within `age` of the put.
    Swept sweep(
        const std::function<bool(const std::string&)>& named, std::chrono::hours age,
        const std::function<bool()>& stopped
    );

 private:
    std::filesystem::path m_folder;
};

}  // namespace linli::store
