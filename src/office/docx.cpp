// SPDX-License-Identifier: Apache-2.0
// Tables of WordprocessingML: spans, cells merged downwards, deleted and hidden text left out.
#include <algorithm>
#include <charconv>

#include "base/text.hpp"
#include "office/parts.hpp"
#include "office/xml.hpp"

namespace linli::office {

namespace {

using pugi::xml_node;

constexpr std::size_t heading_lines_most = 30;

/// Holds other content, and means nothing by itself.
bool wrapper(std::string_view name) {
    return name == "sdt" || name == "sdtContent" || name == "customXml" || name == "ins" ||
           name == "moveTo" || name == "smartTag" || name == "hyperlink" || name == "r" ||
           name == "AlternateContent" || name == "Choice" || name == "body" || name == "document";
}

bool set(xml_node properties, std::string_view name) {
    const auto node = child(properties, name);
    const auto value = attribute(node, "val");
    return node && value != "0" && value != "false";
}

std::size_t number(std::string_view text, std::size_t fallback) {
    std::size_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size() ? value : fallback;
}

class Reader {
 public:
    explicit Reader(const Limits& limits) : m_budget(limits) { m_document.format = Format::docx; }

    Document take(xml_node root) {
        blocks(root, 0);
        return std::move(m_document);
    }

 private:
    void blocks(xml_node parent, int depth) {
        check_depth(depth);
        for (const auto node : parent) {
            const auto name = local(node.name());
            if (name == "tbl") {
                table(node);
            } else if (name == "p") {
                paragraph(node);
            } else if (wrapper(name)) {
                blocks(node, depth + 1);
            }
        }
    }

    void paragraph(xml_node node) {
        auto& heading = m_document.heading;
        if (m_document.tables.empty() && heading.size() < heading_lines_most) {
            std::string words;
            text(node, words, 0);
            m_budget.add_text(words.size());
            if (words = tidy(words); !words.empty()) {
                heading.push_back(std::move(words));
            }
        }
    }

    void table(xml_node node) {
        m_budget.add_table();
        Grid grid(m_budget);
        m_open.clear();
        std::size_t line = 0;
        rows(node, grid, line, 0);
        for (const auto& [column, merged] : m_open) {
            close(grid, column, merged);
        }
        auto read = std::move(grid).table("");
        if (!read.rows.empty()) {
            m_document.tables.push_back(std::move(read));
        }
    }

    void rows(xml_node parent, Grid& grid, std::size_t& line, int depth) {
        check_depth(depth);
        for (const auto node : parent) {
            const auto name = local(node.name());
            if (name == "tr" && !child(child(node, "trPr"), "del")) {
                ++line;
                std::size_t column =
                    number(attribute(child(child(node, "trPr"), "gridBefore"), "val"), 0);
                grid.put(line, 0, "");
                cells(node, grid, line, column, depth + 1);
            } else if (name != "tr" && wrapper(name)) {
                rows(node, grid, line, depth + 1);
            }
        }
    }

    void cells(xml_node parent, Grid& grid, std::size_t line, std::size_t& column, int depth) {
        check_depth(depth);
        for (const auto node : parent) {
            const auto name = local(node.name());
            if (name == "tc") {
                cell(node, grid, line, column);
            } else if (wrapper(name)) {
                cells(node, grid, line, column, depth + 1);
            }
        }
    }

    struct Merged {
        std::size_t line, rows, columns;
    };

    void cell(xml_node node, Grid& grid, std::size_t line, std::size_t& column) {
        const auto properties = child(node, "tcPr");
        const auto most = m_budget.limits().columns;
        const auto span = std::clamp<std::size_t>(
            number(attribute(child(properties, "gridSpan"), "val"), 1), 1, most
        );
        const auto merge = child(properties, "vMerge");
        const auto open = m_open.find(column);
        const bool goes_on = merge && attribute(merge, "val") != "restart" &&
                             open != m_open.end() && open->second.line + open->second.rows == line;
        if (goes_on) {
            ++open->second.rows;
        } else {
            if (open != m_open.end()) {
                close(grid, column, open->second);
                m_open.erase(open);
            }
            std::string words;
            text(node, words, 0);
            grid.put(line, column, tidy(words, true));
            if (merge) {
                m_open[column] = {line, 1, span};
            } else {
                grid.merge(line, column, 1, span);
            }
        }
        column = std::min(column + span, most + 1);
    }

    static void close(Grid& grid, std::size_t column, const Merged& merged) {
        grid.merge(merged.line, column, merged.rows, merged.columns);
    }

    /// The words of a node; paragraphs end with a line feed.
    void text(xml_node node, std::string& out, int depth) {
        check_depth(depth);
        for (const auto part : node) {
            const auto name = local(part.name());
            if (name == "t") {
                out += part.child_value();
            } else if (name == "tab") {
                out += ' ';
            } else if (name == "br" || name == "cr") {
                out += '\n';
            } else if (name == "noBreakHyphen") {
                out += '-';
            } else if (name == "p" || name == "tbl" || name == "tr" || name == "tc") {
                text(part, out, depth + 1);
                out += '\n';
            } else if (wrapper(name) && !set(child(part, "rPr"), "vanish")) {
                text(part, out, depth + 1);
            }
        }
    }

    Document m_document;
    Budget m_budget;
    std::map<std::size_t, Merged> m_open;  ///< cells that are merged downwards, by column
};

}  // namespace

Document docx_document(const std::string& xml, const Limits& limits) {
    pugi::xml_document document;
    load(document, xml, "word/document.xml");
    return Reader(limits).take(document);
}

Document read_docx(const Package& package, const Limits& limits) {
    return docx_document(package.part("word/document.xml").value_or(""), limits);
}

}  // namespace linli::office
