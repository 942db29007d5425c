// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Secrets: digests, encryption of fields, passwords, random. Thread-safe. One place for a later
/// SM2/SM3/SM4 build.
#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

namespace linli {

std::string sha256(std::string_view bytes);                             ///< 32 bytes
std::string hmac_sha256(std::string_view key, std::string_view bytes);  ///< 32 bytes
std::string hmac_sha1(std::string_view key, std::string_view bytes);    ///< 20 bytes, for RFC 6238
bool same_secret(std::string_view a, std::string_view b);               ///< in constant time

/// AES-256-GCM: version byte · key number · nonce (12) · ciphertext · tag (16). `context` is
/// authenticated too, so that a value cannot be moved to another field or row.
class FieldCipher {
 public:
    /// `key` has 32 bytes; it lives outside the database (C52). `number` tells keys apart after a
    /// change of key.
    explicit FieldCipher(const std::string& key, unsigned char number = 1);
    std::string seal(std::string_view plain, std::string_view context) const;
    /// Throws std::runtime_error if it was altered or belongs elsewhere.
    std::string open(std::string_view sealed, std::string_view context) const;
    /// Blind index for equality: a keyed digest of 16 bytes.
    std::string blind(std::string_view plain, std::string_view context) const;

 private:
    std::string m_key;
    std::string m_index_key;
    unsigned char m_number;
};

/// argon2id at the given cost; about 75 ms at the default of 64 MiB. Never call it inside a
/// transaction.
std::string hash_password(std::string_view password);
bool verify_password(std::string_view password, const std::string& hash);
bool needs_rehash(const std::string& hash);

/// Where random bytes come from; injected so that tests and the demo are repeatable. Thread-safe.
class RandomSource {
 public:
    virtual ~RandomSource() = default;
    virtual void fill(void* bytes, std::size_t size) = 0;
    std::string bytes(std::size_t size);
};
class SystemRandom final : public RandomSource {
 public:
    void fill(void* bytes, std::size_t size) override;
};
/// The same bytes for the same seed: for tests and the demo alone.
class SeededRandom final : public RandomSource {
 public:
    explicit SeededRandom(std::uint64_t seed);
    void fill(void* bytes, std::size_t size) override;

 private:
    std::mutex m_mutex;
    std::array<std::uint64_t, 4> m_state;
};

}  // namespace linli
