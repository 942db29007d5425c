// SPDX-License-Identifier: Apache-2.0
#include "base/crypto.hpp"

#include <doctest/doctest.h>

#include <set>

#include "base/text.hpp"

using namespace linli;

TEST_CASE("digests are those of the standards") {
    CHECK(
        to_hex(sha256("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    );  // FIPS 180-4
    CHECK(to_hex(sha256("")) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(
        to_hex(hmac_sha256("Jefe", "what do ya want for nothing?")) ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    );  // RFC 4231
    CHECK(
        to_hex(hmac_sha256("", "")) ==
        "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"
    );
}

TEST_CASE("secrets are compared whole") {
    CHECK(same_secret("", ""));
    CHECK(same_secret("abc", "abc"));
    CHECK_FALSE(same_secret("abc", "abd"));
    CHECK_FALSE(same_secret("abc", "abcd"));
}

TEST_CASE("a sealed field opens only unaltered, in its place, with its key") {
    const std::string key(32, 'k');
    const FieldCipher cipher(key);
    for (const std::string plain : {"", "13800138000", "一段较长的中文说明"}) {
        const auto sealed = cipher.seal(plain, "person.phone:1");
        CHECK(cipher.open(sealed, "person.phone:1") == plain);
        CHECK(cipher.seal(plain, "person.phone:1") != sealed);
        CHECK_THROWS_AS(cipher.open(sealed, "person.phone:2"), std::runtime_error);
        for (std::size_t i = 0; i < sealed.size(); ++i) {
            auto altered = sealed;
            altered[i] ^= 1;
            CHECK_THROWS_AS(cipher.open(altered, "person.phone:1"), std::runtime_error);
        }
        for (std::size_t size = 0; size < sealed.size(); ++size) {
            CHECK_THROWS_AS(
                cipher.open(sealed.substr(0, size), "person.phone:1"), std::runtime_error
            );
        }
        CHECK_THROWS_AS(
            FieldCipher(std::string(32, 'x')).open(sealed, "person.phone:1"), std::runtime_error
        );
        CHECK_THROWS_AS(FieldCipher(key, 2).open(sealed, "person.phone:1"), std::runtime_error);
    }
    CHECK_THROWS_AS(FieldCipher("short"), std::invalid_argument);
}

TEST_CASE("a blind index is equal for equal texts in one context alone") {
    const FieldCipher cipher(std::string(32, 'k'));
    const auto index = cipher.blind("13800138000", "phone");
    CHECK(index.size() == 16);
    CHECK(index == cipher.blind("13800138000", "phone"));
    CHECK(index == FieldCipher(std::string(32, 'k'), 2).blind("13800138000", "phone"));
    CHECK(index != cipher.blind("13800138001", "phone"));
    CHECK(index != cipher.blind("13800138000", "mobile"));
    CHECK(cipher.blind("bc", "a") != cipher.blind("c", "ab"));
    CHECK(index != FieldCipher(std::string(32, 'x')).blind("13800138000", "phone"));
}

TEST_CASE("a password is verified against its own hash alone") {
    const auto hash = hash_password("邻里-correct horse");
    CHECK(hash.starts_with("$argon2id$v=19$m=65536,t=2,p=1$"));
    CHECK(verify_password("邻里-correct horse", hash));
    CHECK_FALSE(verify_password("邻里-correct horsf", hash));
    CHECK_FALSE(verify_password("", hash));
    CHECK_FALSE(verify_password("x", ""));
    CHECK_FALSE(verify_password("x", "$argon2id$nonsense"));
    CHECK_FALSE(needs_rehash(hash));
    CHECK(
        needs_rehash("$argon2id$v=19$m=8192,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$"
                     "b2xkb2xkb2xkb2xkb2xkb2xkb2xkb2xkb2xkb2xkb2w")
    );
    CHECK(needs_rehash(""));
}

TEST_CASE("seeded bytes repeat, system bytes do not") {
    SeededRandom one(11), two(11), other(12);
    const auto bytes = one.bytes(100);
    CHECK(bytes == two.bytes(100));
    CHECK(bytes != other.bytes(100));
    CHECK(bytes != one.bytes(100));
    SystemRandom system;
    std::set<std::string> seen;
    for (int i = 0; i < 1000; ++i) {
        seen.insert(system.bytes(16));
    }
    CHECK(seen.size() == 1000);
}
