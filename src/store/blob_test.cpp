// SPDX-License-Identifier: Apache-2.0
#include "store/blob.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <fstream>

#include "base/crypto.hpp"
#include "base/text.hpp"

using namespace linli;
using namespace linli::store;

namespace {

struct Folder {
    std::filesystem::path path =
        std::filesystem::temp_directory_path() / ("linli-blob-" + std::to_string(getpid()));
    ~Folder() { std::filesystem::remove_all(path); }
    int files() const {
        int count = 0;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(path)) {
            count += entry.is_regular_file();
        }
        return count;
    }
};

}  // namespace

TEST_CASE("the same bytes are kept once, under their digest") {
    const Folder folder;
    Blobs blobs(folder.path);
    const std::string bytes("\0photo\xff", 7);
    const auto name = blobs.put(bytes);
    CHECK(name == to_hex(sha256(bytes)));
    CHECK(blobs.put(bytes) == name);
    CHECK(blobs.get(name) == bytes);
    CHECK(blobs.has(name));
    CHECK(folder.files() == 1);
    const auto empty = blobs.put("");
    CHECK(blobs.get(empty).empty());
    CHECK(folder.files() == 2);
}

TEST_CASE("damage and absence are noticed, and damage is healed by storing again") {
    const Folder folder;
    Blobs blobs(folder.path);
    const auto name = blobs.put("evidence");
    std::ofstream(blobs.path(name)) << "evidencf";
    CHECK_THROWS_AS(blobs.get(name), std::runtime_error);
    std::ofstream(blobs.path(name)) << "evid";
    CHECK_THROWS_AS(blobs.get(name), std::runtime_error);
    CHECK(blobs.put("evidence") == name);
    CHECK(blobs.get(name) == "evidence");
    const std::string absent(64, '0');
    CHECK(!blobs.has(absent));
    CHECK_THROWS_AS(blobs.get(absent), std::runtime_error);
}

TEST_CASE("a name that is no digest leads nowhere") {
    const Folder folder;
    const Blobs blobs(folder.path);
    for (const auto& name :
         {std::string("../../etc/passwd"), std::string(), std::string(64, 'G'),
          std::string(63, 'a')}) {
        CHECK_THROWS_AS(blobs.path(name), std::invalid_argument);
    }
}
