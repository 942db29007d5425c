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

TEST_CASE("a sweep takes what nobody names and what is old, and nothing else") {
    const Folder folder;
    Blobs blobs(folder.path);
    const auto never_stopped = [] { return false; };
    const auto grow_old = [](const std::filesystem::path& path) {
        const auto now = std::filesystem::file_time_type::clock::now();
        std::filesystem::last_write_time(path, now - std::chrono::hours(25));
    };
    const auto named = blobs.put("named"), orphan = blobs.put("orphan"), fresh = blobs.put("fresh"),
               again = blobs.put("again"), cut = blobs.put("cut");
    const auto part = blobs.path(orphan).string() + ".1-1.part";
    std::ofstream(part) << "half";
    for (const auto& old : {named, orphan, again, cut}) {
        grow_old(blobs.path(old));
    }
    grow_old(part);
    std::filesystem::rename(blobs.path(cut), blobs.path(cut).string() + ".swept");  // a crash here
    const auto sweep = [&](const std::string& put_meanwhile) {
        const auto is_named = [&](const std::string& name) {
            if (!put_meanwhile.empty()) {
                blobs.put(put_meanwhile);  // an upload of the same bytes
            }
            return name == named;
        };
        return blobs.sweep(is_named, std::chrono::hours(24), never_stopped);
    };
    const auto swept = sweep("again");
    CHECK(swept.files == 2);
    CHECK(swept.bytes == 10);
    CHECK(blobs.get(named) == "named");
    CHECK(blobs.get(fresh) == "fresh");
    CHECK(blobs.get(again) == "again");
    CHECK(blobs.get(cut) == "cut");
    CHECK_FALSE(blobs.has(orphan));
    CHECK_FALSE(std::filesystem::exists(part));
    CHECK(sweep("").files == 1);  // what the crash had set aside
    CHECK(blobs.put("orphan") == orphan);
    CHECK(sweep("").files == 0);
    CHECK(blobs.get(orphan) == "orphan");
}
