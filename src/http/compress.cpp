// SPDX-License-Identifier: Apache-2.0
#include "http/compress.hpp"

#include <brotli/encode.h>
#include <zlib.h>

#include <stdexcept>

#include "http/target.hpp"

namespace linli::http {

namespace {

constexpr std::size_t worth_it = 1024;

}  // namespace

std::string gzip(std::string_view bytes, int level) {
    z_stream stream{};
    constexpr int gzip_window = 15 + 16;
    if (deflateInit2(&stream, level, Z_DEFLATED, gzip_window, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
        throw std::bad_alloc();
    }
    std::string out(deflateBound(&stream, bytes.size()), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    const int done = deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    if (done != Z_STREAM_END) {
        throw std::runtime_error("gzip failed");
    }
    return out;
}

std::string brotli(std::string_view bytes, int quality) {
    std::size_t size = BrotliEncoderMaxCompressedSize(bytes.size());
    std::string out(size, '\0');
    const auto done = BrotliEncoderCompress(
        quality, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_TEXT, bytes.size(),
        reinterpret_cast<const std::uint8_t*>(bytes.data()), &size,
        reinterpret_cast<std::uint8_t*>(out.data())
    );
    if (done == BROTLI_FALSE) {
        throw std::runtime_error("brotli failed");
    }
    out.resize(size);
    return out;
}

void compress(const Request& request, Answer& answer) {
    if (answer.body.size() < worth_it || answer.type != "application/json" ||
        answer.header("Content-Encoding")) {
        return;
    }
    answer.headers.emplace_back("Vary", "Accept-Encoding");
    const auto* accept = request.header("accept-encoding");
    if (!accept) {
        return;
    }
    if (accepts(*accept, "gzip")) {
        answer.body = gzip(answer.body, 1);
        answer.headers.emplace_back("Content-Encoding", "gzip");
    } else if (accepts(*accept, "br")) {
        answer.body = brotli(answer.body, 2);
        answer.headers.emplace_back("Content-Encoding", "br");
    }
}

}  // namespace linli::http
