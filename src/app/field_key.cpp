// SPDX-License-Identifier: Apache-2.0
#include "app/field_key.hpp"

#include <sys/stat.h>

#include <fstream>
#include <stdexcept>

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "store/blob.hpp"
#include "store/fact.hpp"

namespace linli::app {

namespace {

constexpr const char* check_fact = "field_key";
constexpr std::size_t key_bytes = 32;

std::string restore(const std::filesystem::path& path, const std::string& why) {
    return path.string() + " " + why + "; restore the file from where keys are kept";
}

void make_key(const std::filesystem::path& path) {
    SystemRandom random;
    store::make_folder(path.parent_path());
    ::chmod(path.parent_path().c_str(), S_IRWXU);
    store::write_durably(path, to_hex(random.bytes(key_bytes)) + "\n");
}

std::string read_key(const std::filesystem::path& path) {
    std::string line;
    std::ifstream file(path, std::ios::binary);
    std::getline(file, line);
    auto key = from_hex(line);
    if (key.size() != key_bytes) {
        throw std::runtime_error(restore(path, "holds no key of 64 hex digits"));
    }
    return key;
}

/// What tells one key from another and nothing about either.
std::string check_of(const std::string& key) {
    return to_hex(sha256("linli field key check\n" + key));
}

}  // namespace

std::string field_key(const std::filesystem::path& data, store::Database& database) {
    const auto path = data / "keys" / "field.key";
    if (!std::filesystem::exists(path)) {
        if (database.read_now([](store::Tx& tx) { return store::fact(tx, check_fact); })) {
            throw std::runtime_error(
                restore(path, "is missing, and the database holds fields under its key")
            );
        }
        make_key(path);
    }
    auto key = read_key(path);
    const auto check = check_of(key);
    const auto kept =
        database.write_now([&](store::Tx& tx) { return store::first_fact(tx, check_fact, check); });
    if (kept != check) {
        throw std::runtime_error(
            restore(path, "is not the key under which the database holds its fields")
        );
    }
    return key;
}

}  // namespace linli::app
