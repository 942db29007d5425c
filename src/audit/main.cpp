// SPDX-License-Identifier: Apache-2.0
/// linli-audit: whether exported lines of the change log are whole. It knows nothing of the server
/// and its database.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>

#include "audit/verify.hpp"
#include "base/text.hpp"

namespace {

struct Options {
    std::string lines, checkpoints, key;
    bool part = false;
};

int verify(const Options& options) {
    std::ifstream lines(options.lines, std::ios::binary);
    std::ifstream checkpoints(options.checkpoints, std::ios::binary);
    std::string key;
    std::ifstream(options.key) >> key;
    linli::audit::Question question{&lines, nullptr, linli::from_hex(key), options.part};
    if (!options.checkpoints.empty()) {
        question.checkpoints = &checkpoints;
    }
    if (!lines || (question.checkpoints && (!checkpoints || question.public_key.empty()))) {
        std::fprintf(stderr, "linli-audit: a file cannot be read, or --key is missing\n");
        return 2;
    }
    const auto verdict = linli::audit::verify(question);
    if (!verdict.ok()) {
        std::printf("%s\n", verdict.problem.c_str());
        return 1;
    }
    std::printf(
        "%lld lines fit; %lld checkpoints; %lld lines are not signed yet\n",
        static_cast<long long>(verdict.lines), static_cast<long long>(verdict.checkpoints),
        static_cast<long long>(verdict.beyond)
    );
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App root{
        "linli-audit: checks exported lines of the change log against their chain and signed "
        "checkpoints"};
    root.require_subcommand(1);
    Options options;
    auto* command = root.add_subcommand(
        "verify",
        "Exit code 0: everything fits; 1: prints the first line that does not; 2: not readable"
    );
    command->add_option("lines", options.lines, "File of `linli audit export`")->required();
    command->add_option("--checkpoints", options.checkpoints, "File of signed checkpoints");
    command->add_option("--key", options.key, "File of the public key (keys/audit.pub)");
    command->add_flag(
        "--part", options.part, "The lines are a part: they need not reach every checkpoint"
    );
    CLI11_PARSE(root, argc, argv);
    return verify(options);
}
