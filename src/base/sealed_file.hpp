// SPDX-License-Identifier: Apache-2.0
#pragma once
/// A file that is readable only with its passphrase, and known to be whole: XChaCha20-Poly1305 in
/// pieces of 64 KiB (libsodium's secretstream), the key made from the passphrase by argon2id. Bytes
/// are written and read in one go from the beginning to the end.
///
///     "LINLI-SEALED-1\n" · salt (16) · proof of the key (16) · stream header (24) · pieces
///
/// Every piece but the last holds 64 KiB; the last is marked, so that a cut is seen.
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace linli {

class SealedWriter {
 public:
    /// Makes the file, for its owner alone; throws std::runtime_error if there is one.
    SealedWriter(const std::filesystem::path&, const std::string& passphrase);
    ~SealedWriter();
    SealedWriter(const SealedWriter&) = delete;
    SealedWriter& operator=(const SealedWriter&) = delete;
    void write(std::string_view bytes);
    void finish();  ///< on disk when it returns

 private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

class SealedReader {
 public:
    /// Throws std::runtime_error in words for the operator: no such file, another kind of file, a
    /// wrong passphrase.
    SealedReader(const std::filesystem::path&, const std::string& passphrase);
    ~SealedReader();
    SealedReader(const SealedReader&) = delete;
    SealedReader& operator=(const SealedReader&) = delete;
    /// Exactly that many bytes; throws std::runtime_error if the file is damaged or cut off.
    std::string read(std::size_t size);
    /// At least one byte and at most that many; "" at the end, which was checked to be the true
    /// one.
    std::string read_some(std::size_t most);

 private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

/// The first line of a file. Throws std::runtime_error if there are fewer than 12 characters in it.
std::string read_passphrase(const std::filesystem::path& file);

}  // namespace linli
