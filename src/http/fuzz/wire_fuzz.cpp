// SPDX-License-Identifier: Apache-2.0
/// Any bytes on a connection are refused, or read as the same requests however they are cut into
/// pieces.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/text.hpp"
#include "http/wire.hpp"

using namespace linli;

namespace {

constexpr std::size_t body_most = 4096;
constexpr int requests_most = 16;

void must(bool truth) {
    if (!truth) {
        std::abort();
    }
}

/// What was understood of the bytes: requests, and the refusal that ended them.
struct Heard {
    std::string text;
    void add(std::string_view part) {
        text += std::to_string(part.size()) + ':' + std::string(part);
    }
    void add(const http::RequestReader& reader) {
        const auto& request = reader.request;
        add(request.method);
        add(reader.target);
        for (const auto& [name, value] : request.headers) {
            add(name);
            add(value);
        }
        add(request.body);
    }
};

/// Feeds the bytes in pieces of `step` bytes, as they might come from a socket.
Heard hear(std::string_view bytes, std::size_t step) {
    Heard heard;
    std::string in;
    const auto more = [&] {
        const auto piece = bytes.substr(0, step);
        bytes.remove_prefix(piece.size());
        in += piece;
        return !piece.empty();
    };
    try {
        for (int i = 0; i < requests_most; ++i) {
            http::RequestReader reader(http::WireLimits{1024, 20, 256});
            std::size_t taken = 0;
            while ((taken = reader.head(in)) == 0) {
                if (!more()) {
                    return heard;
                }
            }
            in.erase(0, taken);
            reader.limit_body(body_most);
            while (!reader.done()) {
                taken = reader.body(in);
                in.erase(0, taken);
                if (!reader.done() && taken == 0 && !more()) {
                    return heard;
                }
            }
            must(reader.request.body.size() <= body_most);
            heard.add(reader);
        }
    } catch (const Refused& refused) {
        must(refused.status >= 400 && valid_utf8(refused.detail));
        heard.add(refused.code);
    }
    return heard;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(bytes), size);
    const auto whole = hear(text, size + 1);
    must(hear(text, 1).text == whole.text);
    must(hear(text, 7).text == whole.text);
    return 0;
}
