// SPDX-License-Identifier: Apache-2.0
#include "exchange/open311_form.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "http/target.hpp"

namespace linli::exchange {

namespace {

constexpr std::size_t values_most = 200, files_most = 6, boundary_most = 70;

[[noreturn]] void refuse(const std::string& why) {
    throw malformed("form_malformed", why);
}

/// One name or value of a form: `+` is a blank, `%XX` a byte.
std::string decoded(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i] == '+' ? ' ' : text[i];
            continue;
        }
        const auto byte = i + 2 < text.size() ? from_hex(text.substr(i + 1, 2)) : std::string();
        if (byte.size() != 1) {
            refuse("a percent sign is followed by two hex digits");
        }
        out += byte;
        i += 2;
    }
    return out;
}

void add_value(Form& form, std::string name, std::string value) {
    if (!valid_utf8(name) || !valid_utf8(value)) {
        refuse("names and values are UTF-8");
    }
    if (form.values.size() == values_most) {
        throw too_large("too_many_values", "at most 200 values in a form");
    }
    form.values.emplace_back(std::move(name), std::move(value));
}

void read_encoded(Form& form, std::string_view body) {
    for (const auto pair : split(body, '&')) {
        if (!pair.empty()) {
            const auto equals = std::min(pair.find('='), pair.size());
            add_value(
                form, decoded(pair.substr(0, equals)),
                decoded(pair.substr(std::min(equals + 1, pair.size())))
            );
        }
    }
}

/// `name="x"` of a header; "" if it has none.
std::string parameter(std::string_view header, std::string_view name) {
    for (const auto part : split(header, ';')) {
        const auto equals = part.find('=');
        if (equals != std::string_view::npos &&
            http::same_word(http::trimmed(part.substr(0, equals)), name)) {
            auto value = http::trimmed(part.substr(equals + 1));
            if (value.size() >= 2 && value.front() == '"' && value.back() == '"') {
                value = value.substr(1, value.size() - 2);
            }
            return std::string(value);
        }
    }
    return {};
}

void read_part(Form& form, std::string_view part) {
    const auto head_end = part.find("\r\n\r\n");
    if (head_end == std::string_view::npos) {
        refuse("a part has headers and a blank line");
    }
    std::string name, file;
    for (auto line : split(part.substr(0, head_end), '\n')) {
        line = line.ends_with('\r') ? line.substr(0, line.size() - 1) : line;
        const auto colon = line.find(':');
        if (colon != std::string_view::npos &&
            http::same_word(line.substr(0, colon), "content-disposition")) {
            name = parameter(line.substr(colon + 1), "name");
            file = parameter(line.substr(colon + 1), "filename");
        }
    }
    const auto content = part.substr(head_end + 4);
    if (file.empty()) {
        return add_value(form, name, std::string(content));
    }
    if (form.files.size() == files_most) {
        throw too_large("too_many_files", "at most 6 files in a form");
    }
    form.files.push_back({name, file, std::string(content)});
}

void read_multipart(Form& form, std::string_view body, const std::string& boundary) {
    if (boundary.empty() || boundary.size() > boundary_most) {
        refuse("multipart/form-data says its boundary");
    }
    const auto line = "--" + boundary;
    if (!body.starts_with(line)) {
        refuse("the body begins with its boundary");
    }
    body.remove_prefix(line.size());
    while (!body.starts_with("--")) {
        const auto end = body.find("\r\n" + line);
        if (!body.starts_with("\r\n") || end == std::string_view::npos) {
            refuse("a part ends with the boundary");
        }
        read_part(form, end < 2 ? std::string_view() : body.substr(2, end - 2));
        body.remove_prefix(end + 2 + line.size());
    }
}

}  // namespace

std::string Form::value(std::string_view name) const {
    for (const auto& [key, value] : values) {
        const auto plain = key == name ? http::trimmed(value) : std::string_view();
        if (!plain.empty()) {
            return std::string(plain);
        }
    }
    return {};
}

std::vector<std::string> Form::attribute(std::string_view code) const {
    const auto name = "attribute[" + std::string(code) + "]";
    std::vector<std::string> found;
    for (const auto& [key, value] : values) {
        if ((key == name || key == name + "[]") && !http::trimmed(value).empty()) {
            found.emplace_back(http::trimmed(value));
        }
    }
    return found;
}

Form read_form(const http::Request& request) {
    Form form;
    const auto* type = request.header("content-type");
    const auto media =
        type ? http::trimmed(std::string_view(*type).substr(0, type->find(';'))) : "";
    if (http::same_word(media, "multipart/form-data")) {
        read_multipart(form, request.body, parameter(*type, "boundary"));
    } else if (http::same_word(media, "application/x-www-form-urlencoded")) {
        read_encoded(form, request.body);
    } else if (!request.body.empty()) {
        refuse("send application/x-www-form-urlencoded or multipart/form-data");
    }
    for (const auto& [name, value] : request.query) {
        add_value(form, name, value);
    }
    return form;
}

}  // namespace linli::exchange
