// SPDX-License-Identifier: Apache-2.0
#include "http/web_files.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "http/compress.hpp"
#include "http/dispatch.hpp"
#include "http/target.hpp"

namespace linli::http {

namespace {

constexpr std::size_t worth_compressing = 1024;
constexpr int gzip_level = 6, brotli_quality = 5;  // a few MB in some tenths of a second

struct Type {
    const char *extension, *name;
    bool text;
};
constexpr std::array types = {
    Type{".html", "text/html; charset=utf-8", true},
    Type{".js", "text/javascript; charset=utf-8", true},
    Type{".mjs", "text/javascript; charset=utf-8", true},
    Type{".css", "text/css; charset=utf-8", true},
    Type{".json", "application/json", true},
    Type{".geojson", "application/geo+json", true},
    Type{".webmanifest", "application/manifest+json", true},
    Type{".svg", "image/svg+xml", true},
    Type{".txt", "text/plain; charset=utf-8", true},
    Type{".xml", "application/xml", true},
    Type{".wasm", "application/wasm", true},
    Type{".png", "image/png", false},
    Type{".jpg", "image/jpeg", false},
    Type{".jpeg", "image/jpeg", false},
    Type{".webp", "image/webp", false},
    Type{".avif", "image/avif", false},
    Type{".gif", "image/gif", false},
    Type{".ico", "image/x-icon", false},
    Type{".woff2", "font/woff2", false},
    Type{".woff", "font/woff", false},
    Type{".ttf", "font/ttf", true},
    Type{".mp3", "audio/mpeg", false},
    Type{".pbf", "application/x-protobuf", false},
};
constexpr Type other_type = {"", "application/octet-stream", false};

const Type& type_of(const std::filesystem::path& file) {
    const auto extension = lower_case(file.extension().string());
    const auto found = std::find_if(types.begin(), types.end(), [&](const Type& type) {
        return extension == type.extension;
    });
    return found == types.end() ? other_type : *found;
}

std::string content_of(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::string bytes{std::istreambuf_iterator<char>(file), {}};
    if (!file) {
        throw std::runtime_error("the web file " + path.string() + " cannot be read");
    }
    return bytes;
}

bool interface_path(std::string_view path) {
    return path == "/api" || path.starts_with("/api/") || path == "/open311" ||
           path.starts_with("/open311/");
}

bool names_etag(std::string_view list, std::string_view etag) {
    for (auto one : split(list, ',')) {
        one = trimmed(one);
        one.remove_prefix(one.starts_with("W/") ? 2 : 0);
        if (one == etag || one == "*") {
            return true;
        }
    }
    return false;
}

}  // namespace

WebFiles::WebFiles(const std::filesystem::path& folder) {
    if (!std::filesystem::is_directory(folder)) {
        throw std::runtime_error(
            "the folder of the web pages " + folder.string() +
            " does not exist; build the web or leave --web out"
        );
    }
    std::filesystem::recursive_directory_iterator at(folder), end;
    for (; at != end; ++at) {
        const auto& file = at->path();
        const auto extension = file.extension();
        if (file.filename().string().starts_with(".")) {
            at.disable_recursion_pending();
        } else if (at->is_regular_file() && !at->is_symlink() && extension != ".map" && extension != ".br" &&
                   extension != ".gz") {
            add("/" + std::filesystem::relative(file, folder).generic_string(), file);
        }
    }
}

void WebFiles::add(const std::string& path, const std::filesystem::path& file) {
    const auto& type = type_of(file);
    auto content = content_of(file);
    File entry;
    entry.type = type.name;
    entry.digest = to_hex(sha256(content)).substr(0, 32);
    entry.immutable = path.starts_with("/assets/");
    auto variant = [&](const char* ending, auto&& make) -> Bytes {
        const auto ready = file.string() + ending;
        if (std::filesystem::is_regular_file(ready)) {
            return std::make_shared<const std::string>(content_of(ready));
        }
        if (!type.text || content.size() < worth_compressing) {
            return nullptr;
        }
        auto smaller = std::make_shared<const std::string>(make());
        return smaller->size() < content.size() ? smaller : nullptr;
    };
    entry.gzip = variant(".gz", [&] { return gzip(content, gzip_level); });
    entry.brotli = variant(".br", [&] { return brotli(content, brotli_quality); });
    entry.plain = std::make_shared<const std::string>(std::move(content));
    m_files.emplace(path, std::move(entry));
}

const WebFiles::File* WebFiles::file_of(const std::string& path) const {
    const auto found = m_files.find(path);
    return found == m_files.end() ? nullptr : &found->second;
}

const WebFiles::File* WebFiles::page_of(const std::string& path) const {
    const auto last = path.rfind('/');
    const bool hidden = path.find("/.") != std::string::npos;
    if (interface_path(path) || hidden || path.find('.', last) != std::string::npos) {
        return nullptr;
    }
    const auto* face = file_of(path.substr(0, path.find('/', 1)) + ".html");
    return face ? face : file_of("/index.html");
}

std::optional<Answer> WebFiles::find(const Request& request) const {
    if (!safe_method(request.method)) {
        return std::nullopt;
    }
    const auto* file = file_of(request.path);
    file = file ? file : page_of(request.path);
    if (!file) {
        return std::nullopt;
    }
    const auto* accept = request.header("accept-encoding");
    const bool takes_brotli = accept && file->brotli && accepts(*accept, "br");
    const bool takes_gzip = accept && file->gzip && accepts(*accept, "gzip");
    const std::string coding = takes_brotli ? "br" : takes_gzip ? "gzip" : "";
    const auto etag = "\"" + file->digest + (coding.empty() ? "" : "-" + coding) + "\"";
    Answer answer;
    answer.type = file->type;
    answer.headers = {
        {"ETag", etag},
        {"Cache-Control", file->immutable ? "public, max-age=31536000, immutable" : "no-cache"},
        {"Vary", "Accept-Encoding"},
    };
    const auto* known = request.header("if-none-match");
    if (known && names_etag(*known, etag)) {
        answer.status = 304;
        return answer;
    }
    if (!coding.empty()) {
        answer.headers.emplace_back("Content-Encoding", coding);
    }
    answer.kept = takes_brotli ? file->brotli : takes_gzip ? file->gzip : file->plain;
    return answer;
}

}  // namespace linli::http
