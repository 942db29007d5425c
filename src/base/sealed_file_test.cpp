// SPDX-License-Identifier: Apache-2.0
#include "base/sealed_file.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

using namespace linli;

namespace {

constexpr const char* passphrase = "correct horse 58";

struct Folder {
    std::filesystem::path path =
        std::filesystem::temp_directory_path() / ("linli-sealed-" + std::to_string(::getpid()));
    Folder() { std::filesystem::create_directories(path); }
    ~Folder() { std::filesystem::remove_all(path); }
};

std::string file_text(const std::filesystem::path& path) {
    std::ostringstream out;
    out << std::ifstream(path, std::ios::binary).rdbuf();
    return out.str();
}

void put_text(const std::filesystem::path& path, const std::string& text) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
}

std::string all(SealedReader& reader) {
    std::string text;
    for (auto more = reader.read_some(7777); !more.empty(); more = reader.read_some(7777)) {
        text += more;
    }
    return text;
}

std::string complaint(const std::filesystem::path& path, const std::string& with = passphrase) {
    try {
        SealedReader reader(path, with);
        all(reader);
        return {};
    } catch (const std::exception& error) {
        return error.what();
    }
}

bool has(const std::string& text, const std::string& word) {
    return text.find(word) != std::string::npos;
}

std::string sample(std::size_t size) {
    std::string text(size, '\0');
    for (std::size_t i = 0; i < size; ++i) {
        text[i] = static_cast<char>(i * 31 % 251);
    }
    return text;
}

}  // namespace

TEST_CASE("a sealed file gives back what was written, whatever its size") {
    const Folder folder;
    for (const std::size_t size : {0, 1, 65535, 65536, 65537, 131072, 200000}) {
        CAPTURE(size);
        const auto path = folder.path / std::to_string(size);
        const auto text = sample(size);
        SealedWriter writer(path, passphrase);
        writer.write(text.substr(0, size / 3));
        writer.write(text.substr(size / 3));
        writer.finish();
        SealedReader reader(path, passphrase);
        CHECK(all(reader) == text);
        struct stat about {};
        REQUIRE(::stat(path.c_str(), &about) == 0);
        CHECK((about.st_mode & 0777) == 0600);
    }
}

TEST_CASE("nothing of the content can be read in a sealed file, and it overwrites none") {
    const Folder folder;
    const auto path = folder.path / "a";
    SealedWriter writer(path, passphrase);
    writer.write("13812345678");
    writer.finish();
    CHECK_FALSE(has(file_text(path), "138123"));
    CHECK_THROWS_WITH_AS(
        SealedWriter(path, passphrase), doctest::Contains("File exists"), std::exception
    );
}

TEST_CASE("a wrong passphrase, damage and a cut are told apart") {
    const Folder folder;
    const auto path = folder.path / "a";
    SealedWriter writer(path, passphrase);
    writer.write(sample(200'000));
    writer.finish();
    const auto whole = file_text(path);
    REQUIRE(complaint(path).empty());
    CHECK(has(complaint(path, "correct horse 59"), "another passphrase"));
    CHECK(has(complaint(folder.path / "b"), "cannot open"));
    put_text(path, "PK" + whole);
    CHECK(has(complaint(path), "no backup of linli"));
    put_text(path, whole + "x");
    CHECK(has(complaint(path), "damaged"));
    for (const std::size_t kept :
         {std::size_t{20}, std::size_t{71}, std::size_t{71 + 65553}, std::size_t{100'000},
          whole.size() - 1}) {
        CAPTURE(kept);
        put_text(path, whole.substr(0, kept));
        CHECK(has(complaint(path), "cut off"));
    }
    for (std::size_t at = 71; at < whole.size(); at += 17911) {
        auto changed = whole;
        changed[at] = static_cast<char>(changed[at] ^ 1);
        put_text(path, changed);
        CAPTURE(at);
        CHECK(has(complaint(path), "damaged"));
    }
}

TEST_CASE("a passphrase is the first line of a file and not a short one") {
    const Folder folder;
    const auto path = folder.path / "pass";
    put_text(path, "correct horse 58\nanother line\n");
    CHECK(read_passphrase(path) == passphrase);
    put_text(path, "short\n");
    CHECK_THROWS_WITH_AS(
        read_passphrase(path), doctest::Contains("shorter than 12"), std::runtime_error
    );
}
