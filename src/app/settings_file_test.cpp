// SPDX-License-Identifier: Apache-2.0
#include "app/settings_file.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>

#include "app/testing.hpp"

using namespace linli::app;

namespace {

/// A command line like ours: what `serve` gets from the words, the environment and the file.
struct Line {
    std::filesystem::path folder = testing::fresh_folder("settings");
    std::string data = "default", db = "default";
    std::vector<std::string> proxies;
    int port = 1;
    bool secure = false;
    CLI::App root;

    Line() {
        root.require_subcommand(1);
        auto* serve = root.add_subcommand("serve");
        serve->add_option("--data", data)->envname("LINLI_TEST_DATA");
        serve->add_option("--db", db);
        serve->add_option("--port", port)->check(CLI::Range(0, 65535));
        serve->add_option("--proxy", proxies);
        serve->add_flag("--secure-cookies", secure);
        root.add_subcommand("backup")->add_option_group("what")->add_option("--keep", port);
    }
    ~Line() { std::filesystem::remove_all(folder); }
    void read(const std::string& words, const std::string& text) {
        root.parse(words);
        std::ofstream(folder / "linli.toml") << text;
        read_settings_file(root, folder / "linli.toml");
    }
};

}  // namespace

TEST_CASE("the command line comes before the environment, the environment before the file") {
    ::setenv("LINLI_TEST_DATA", "environment", 1);
    Line line;
    line.read(
        "serve --port 3",
        "# a remark\ndata = \"file\"\ndb = 'postgresql:///linli?host=/run/postgresql'\nport = 2\n"
        "proxy = [\"10.0.0.1\", \"10.0.0.2\"]\nsecure-cookies = true\n"
    );
    ::unsetenv("LINLI_TEST_DATA");
    CHECK(line.data == "environment");
    CHECK(line.db == "postgresql:///linli?host=/run/postgresql");
    CHECK(line.port == 3);
    CHECK(line.proxies == std::vector<std::string>{"10.0.0.1", "10.0.0.2"});
    CHECK(line.secure);
    Line other;
    other.read("serve", "data = \"file\"\nkeep = 7\nsecure-cookies = false\n");
    CHECK(other.data == "file");
    CHECK(other.port == 1);
    CHECK_FALSE(other.secure);
    Line group;
    group.read("backup", "keep = 7\n");
    CHECK(group.port == 7);
}

TEST_CASE("a settings file that cannot be meant is refused in words") {
    struct Case {
        const char *text, *words;
    };
    for (const auto& one : std::vector<Case>{
             {"prot = 8080\n", "names prot, which no command knows: did you mean port?"},
             {"[serve]\nport = 8080\n", "has a section"},
             {"port = 123456\n", "port: "},
             {"port = many\n", "port: "}}) {
        CAPTURE(one.text);
        Line line;
        CHECK_THROWS_WITH_AS(
            line.read("serve", one.text), doctest::Contains(one.words), std::runtime_error
        );
    }
}
