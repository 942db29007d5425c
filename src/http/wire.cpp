// SPDX-License-Identifier: Apache-2.0
#include "http/wire.hpp"

#include <algorithm>
#include <array>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <charconv>

#include "http/problem.hpp"
#include "http/target.hpp"

namespace linli::http {

namespace beast = boost::beast::http;
using boost::asio::buffer;

struct RequestReader::Chunks {
    beast::request_parser<beast::string_body> parser;
};

namespace {

constexpr std::string_view end_of_head = "\r\n\r\n";
constexpr std::size_t longest_chunk_line = 4 * 1024;  // size line with extensions, or all trailers

[[noreturn]] void refuse(const char* why) {
    throw malformed("http_malformed", why);
}

/// What the parser would let pass but another reader might see otherwise.
void check_bytes(std::string_view head, std::size_t from) {
    for (std::size_t i = from; i < head.size(); ++i) {
        const auto c = static_cast<unsigned char>(head[i]);
        if (c >= 0x20 && c != 0x7f) {
            continue;
        }
        const char before = i > 0 ? head[i - 1] : '\0';
        const char after = i + 1 < head.size() ? head[i + 1] : '\n';
        if (c == '\n' && before == '\r') {
            if (after == ' ' || after == '\t') {
                refuse("header lines are not folded");
            }
        } else if (!(c == '\r' && after == '\n') && c != '\t') {
            refuse("a control character or a bare line end stands in the head");
        }
    }
}

bool digits(std::string_view text) {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// Headers whose second appearance would leave open which one counts.
bool single(std::string_view name) {
    constexpr std::array names = {
        "host",          "content-length", "transfer-encoding", "authorization",
        "content-type",  "if-match",       "idempotency-key",   "x-csrf",
        "sec-fetch-site"};
    return std::find(names.begin(), names.end(), name) != names.end();
}

bool plausible_host(std::string_view host) {
    return !host.empty() && host.size() <= 255 && std::all_of(host.begin(), host.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view(".-_:[]").find(c) != std::string_view::npos;
    });
}

}  // namespace

RequestReader::RequestReader(const WireLimits& limits) : m_limits(limits) {}
RequestReader::~RequestReader() = default;
RequestReader::RequestReader(RequestReader&&) noexcept = default;
RequestReader& RequestReader::operator=(RequestReader&&) noexcept = default;

std::size_t RequestReader::head(std::string_view in) {
    const auto from = m_scanned > 3 ? m_scanned - 3 : 0;
    const auto end = in.find(end_of_head, from);
    m_scanned = in.size();
    const auto head = in.substr(0, end == std::string_view::npos ? end : end + end_of_head.size());
    const auto line = head.substr(0, head.find('\n'));
    if (line.size() > m_limits.target_bytes + 32) {
        throw Refused(414, "target_too_long", "the request target is too long");
    }
    if (head.size() > m_limits.header_bytes) {
        throw Refused(431, "headers_too_large", "the request headers are too large");
    }
    check_bytes(head, from);
    if (end == std::string_view::npos) {
        return 0;
    }
    m_chunks = std::make_unique<Chunks>();
    auto& parser = m_chunks->parser;
    parser.header_limit(static_cast<std::uint32_t>(m_limits.header_bytes + 1));
    parser.body_limit(boost::none);
    boost::system::error_code error;
    parser.put(buffer(head.data(), head.size()), error);
    if (error || !parser.is_header_done()) {
        refuse("the head is no HTTP/1.1 request");
    }
    take_fields();
    check_framing();
    return head.size();
}

void RequestReader::take_fields() {
    const auto& message = m_chunks->parser.get();
    request.method = std::string(message.method_string());
    target = std::string(message.target());
    http_1_0 = message.version() == 10;
    for (const auto& field : message) {
        const auto plain = field.name_string();
        const auto value = field.value();
        auto name = lower_case({plain.data(), plain.size()});
        if (single(name) && request.header(name)) {
            refuse("a header that may stand once stands twice");
        }
        request.headers.emplace_back(std::move(name), std::string(value.data(), value.size()));
    }
    if (request.headers.size() > m_limits.headers) {
        throw Refused(431, "too_many_headers", "the request has too many headers");
    }
    if (target.size() > m_limits.target_bytes) {
        throw Refused(414, "target_too_long", "the request target is too long");
    }
    const auto* host = request.header("host");
    if (host ? !plausible_host(*host) : !http_1_0) {
        refuse("the Host header is missing or is no host");
    }
    keep_alive = message.keep_alive();
}

void RequestReader::check_framing() {
    const auto* length = request.header("content-length");
    const auto* coding = request.header("transfer-encoding");
    if (coding && (length || http_1_0 || !same_word(*coding, "chunked"))) {
        refuse("Transfer-Encoding is chunked, alone, and without Content-Length");
    }
    if (length) {
        std::uint64_t bytes = 0;
        const auto [end, error] =
            std::from_chars(length->data(), length->data() + length->size(), bytes);
        if (!digits(*length) || error != std::errc{}) {
            refuse("Content-Length is no number");
        }
        announced = bytes;
    }
    if (const auto* expect = request.header("expect")) {
        if (!same_word(*expect, "100-continue")) {
            throw Refused(417, "expectation_unknown", "only Expect: 100-continue is known");
        }
        expects_continue = !http_1_0;
    }
    if (!coding) {
        m_chunks.reset();
        m_done = announced.value_or(0) == 0;
    }
    expects_continue = expects_continue && !m_done;
}

void RequestReader::limit_body(std::size_t bytes) {
    m_body_limit = bytes;
    if (announced.value_or(0) > bytes) {
        throw too_large(
            "body_too_large", "this route takes at most " + std::to_string(bytes) + " bytes"
        );
    }
    if (m_chunks) {
        m_chunks->parser.body_limit(bytes);
        m_chunks->parser.eager(true);
    }
}

std::size_t RequestReader::body(std::string_view in) {
    if (!m_chunks) {
        const auto take = std::min<std::uint64_t>(in.size(), *announced - request.body.size());
        request.body.append(in.substr(0, take));
        m_done = request.body.size() == *announced;
        return take;
    }
    auto& parser = m_chunks->parser;
    boost::system::error_code error;
    const auto taken = in.empty() ? 0 : parser.put(buffer(in.data(), in.size()), error);
    if (error == beast::error::body_limit) {
        throw too_large(
            "body_too_large", "this route takes at most " + std::to_string(m_body_limit) + " bytes"
        );
    }
    if (error && error != beast::error::need_more) {
        refuse("a chunk of the body is broken");
    }
    if (taken == 0 && in.size() > longest_chunk_line) {
        refuse("a chunk line is too long");
    }
    m_done = parser.is_done();
    if (m_done) {
        request.body = std::move(parser.get().body());
        m_chunks.reset();
    }
    return taken;
}

namespace {

void add_line(std::string& out, std::string_view name, std::string_view value) {
    out += name;
    out += ": ";
    for (char c : value) {
        out += c == '\r' || c == '\n' || c == '\0' ? ' ' : c;
    }
    out += "\r\n";
}

}  // namespace

std::string answer_head(
    const Answer& answer, const std::string& constants, std::string_view date,
    std::optional<std::uint64_t> length, bool chunked, bool close
) {
    std::string out;
    out.reserve(constants.size() + 512);
    out +=
        "HTTP/1.1 " + std::to_string(answer.status) + " " + reason_phrase(answer.status) + "\r\n";
    add_line(out, "Date", date);
    if (answer.status != 204 && answer.status != 304) {
        add_line(out, "Content-Type", answer.type);
    }
    if (chunked) {
        add_line(out, "Transfer-Encoding", "chunked");
    } else if (length && answer.status != 204 && answer.status != 304) {
        add_line(out, "Content-Length", std::to_string(*length));
    }
    if (close) {
        add_line(out, "Connection", "close");
    }
    for (const auto& [name, value] : answer.headers) {
        add_line(out, name, value);
    }
    out += constants;
    out += "\r\n";
    return out;
}

}  // namespace linli::http
