// SPDX-License-Identifier: Apache-2.0
#pragma once
/// A backup opened and brought back into an empty place, every part of it checked.
#include <filesystem>
#include <string>

#include "store/snapshot.hpp"

namespace linli::app {

struct Unpack {
    std::filesystem::path file;
    std::string passphrase;
    std::filesystem::path folder;  ///< empty; gets keys/ and blobs/
    std::string url;               ///< where the database goes: nothing is there yet
    bool keep_blobs = true;        ///< false: they are checked and not written
};
struct Unpacked {
    store::Figures figures;
    std::size_t blobs = 0;
};

/// Throws std::runtime_error in words for the operator if anything is not as it was: rows of each
/// table, the ends of the change log, every link of its chain, every file that a row names.
Unpacked unpack(const Unpack&);

bool is_blob_name(const std::string& name);

}  // namespace linli::app
