// SPDX-License-Identifier: Apache-2.0
#include <zip.h>

#include <algorithm>

#include "base/error.hpp"
#include "office/parts.hpp"

namespace linli::office {

namespace {

Refused broken(const std::string& what) {
    return malformed("document_broken", "the file is damaged: " + what);
}

/// What is packed tighter than any office packs it is a trap (C40).
constexpr std::size_t ratio_most = 100, small_part = 1 << 20;

struct Discard {
    void operator()(zip_t* zip) const { zip_discard(zip); }
    void operator()(zip_file_t* file) const { zip_fclose(file); }
};

}  // namespace

struct Package::Impl {
    std::size_t most;  ///< bytes of a part, unpacked
    std::unique_ptr<zip_t, Discard> zip;
};

Package::Package(std::string_view bytes, const Limits& limits)
    : m_impl(new Impl{
          std::min(limits.part_bytes, std::max(small_part, bytes.size() * ratio_most)), {}}) {
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
    zip_t* zip = source ? zip_open_from_source(source, ZIP_RDONLY, &error) : nullptr;
    const std::string why = zip ? "" : zip_error_strerror(&error);
    zip_error_fini(&error);
    if (!zip) {
        zip_source_free(source);
        throw broken(why);
    }
    m_impl->zip.reset(zip);
    if (zip_get_num_entries(zip, 0) > static_cast<zip_int64_t>(limits.parts)) {
        throw too_large(
            "document_too_large",
            "the package holds more than " + std::to_string(limits.parts) + " parts"
        );
    }
}

Package::~Package() = default;

/// The sizes that a package declares are its own words: what counts is what comes out.
std::optional<std::string> Package::part(const std::string& name) const {
    auto* zip = m_impl->zip.get();
    const auto at = zip_name_locate(zip, name.c_str(), ZIP_FL_NOCASE);
    if (at < 0) {
        return std::nullopt;
    }
    const std::unique_ptr<zip_file_t, Discard> file(
        zip_fopen_index(zip, static_cast<zip_uint64_t>(at), 0)
    );
    if (!file) {
        throw broken(name + ": " + zip_strerror(zip));
    }
    std::string text;
    std::string piece(1 << 16, '\0');
    while (true) {
        const auto got = zip_fread(file.get(), piece.data(), piece.size());
        if (got < 0) {
            throw broken(name + ": " + zip_error_strerror(zip_file_get_error(file.get())));
        }
        if (got == 0) {
            return text;
        }
        if (text.size() + static_cast<std::size_t>(got) > m_impl->most) {
            throw too_large(
                "document_too_large",
                name + " is larger than " + std::to_string(m_impl->most >> 20) + " MB when unpacked"
            );
        }
        text.append(piece.data(), static_cast<std::size_t>(got));
    }
}

}  // namespace linli::office
