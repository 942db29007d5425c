// SPDX-License-Identifier: Apache-2.0
#include <unicode/translit.h>
#include <unicode/unistr.h>

#include <memory>
#include <mutex>
#include <stdexcept>

#include "base/text.hpp"

namespace linli {

std::string pinyin(std::string_view utf8) {
    static std::mutex mutex;  // ICU does not say that one transliterator serves two threads
    static const auto latin = [] {
        UErrorCode error = U_ZERO_ERROR;
        std::unique_ptr<icu::Transliterator> made(icu::Transliterator::createInstance(
            "Any-Latin; Latin-ASCII; Lower", UTRANS_FORWARD, error
        ));
        if (U_FAILURE(error)) {
            throw std::runtime_error("ICU has no data for pinyin");
        }
        return made;
    }();
    auto text = icu::UnicodeString::fromUTF8(
        icu::StringPiece(utf8.data(), static_cast<std::int32_t>(utf8.size()))
    );
    {
        const std::lock_guard lock(mutex);
        latin->transliterate(text);
    }
    std::string result;
    for (std::int32_t i = 0; i < text.length(); ++i) {
        const auto c = text.charAt(i);
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
            result += static_cast<char>(c);
        }
    }
    return result;
}

}  // namespace linli
