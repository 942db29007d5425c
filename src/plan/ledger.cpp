// SPDX-License-Identifier: Apache-2.0
#include "plan/ledger.hpp"

#include <algorithm>

namespace linli::plan {

namespace {

using office::Table;

std::string bare(const std::string& title) {
    std::string text;
    for (const auto line : split(title, '\n')) {
        text += line;
    }
    std::erase(text, ' ');
    return text;
}

bool has(const std::string& title, const std::vector<const char*>& words) {
    return std::any_of(words.begin(), words.end(), [&](const char* word) {
        return title.find(word) != std::string::npos;
    });
}

/// Longer and narrower words first: 配合单位 is no 单位.
Meaning meaning_of(const std::string& words) {
    const auto title = bare(words);
    constexpr std::size_t title_bytes_most = 60;
    if (title.empty() || title.size() > title_bytes_most) {
        return Meaning::unknown;
    }
    if (title == "序号" || title == "编号" || title == "项次") {
        return Meaning::number;
    }
    static const std::vector<std::pair<Meaning, std::vector<const char*>>> known{
        {Meaning::assist, {"配合", "协同", "协办", "参与单位"}},
        {Meaning::lead, {"牵头"}},
        {Meaning::deadline, {"时限", "时间", "期限", "节点"}},
        {Meaning::areas, {"实施区域", "实施单位", "实施范围"}},
        {Meaning::units, {"单位", "部门"}},
        {Meaning::text, {"任务", "项目", "内容", "事项", "重点工作"}},
        {Meaning::goal, {"目标", "成效", "成果"}},
        {Meaning::measures, {"举措", "措施"}},
        {Meaning::chapter, {"类别", "领域", "章节", "板块", "行动"}},
        {Meaning::note, {"备注"}},
        {Meaning::standing, {"进展", "进度", "状态"}}};
    for (const auto& [meaning, signs] : known) {
        if (has(title, signs)) {
            return meaning;
        }
    }
    return Meaning::unknown;
}

int score(const Table& table, std::size_t row) {
    int known = 0;
    for (std::size_t column = 0; column < table.columns; ++column) {
        const auto& cell = table.rows[row].cells[column];
        known += !cell.covered() && meaning_of(cell.text) != Meaning::unknown ? 1 : 0;
    }
    return known;
}

/// Rows of the heading: [first, end).
struct Heading {
    std::size_t first = 0, end = 0;
};
std::optional<Heading> find_heading(const Table& table) {
    constexpr std::size_t rows_most = 15;
    for (std::size_t row = 0; row < std::min(table.rows.size(), rows_most); ++row) {
        if (score(table, row) < 2) {
            continue;
        }
        Heading heading{row, row + 1};
        if (row + 1 < table.rows.size()) {
            int words = 0;
            for (const auto& cell : table.rows[row + 1].cells) {
                words += cell.covered() || cell.text.empty() ? 0 : 1;
            }
            heading.end += words > 0 && score(table, row + 1) == words ? 1 : 0;
        }
        return heading;
    }
    return std::nullopt;
}

std::vector<LedgerColumn> columns_of(const Table& table, const Heading& heading) {
    std::vector<LedgerColumn> columns(table.columns);
    for (std::size_t column = 0; column < table.columns; ++column) {
        for (auto row = heading.first; row < heading.end; ++row) {
            const auto title = bare(table.at(row, column).text);
            const auto meaning = meaning_of(title);
            columns[column].title = title.empty() ? columns[column].title : title;
            columns[column].meaning =
                meaning == Meaning::unknown ? columns[column].meaning : meaning;
        }
    }
    // Of several columns that may hold the task the last does; those before it are its chapters.
    std::optional<std::size_t> text;
    for (auto column = columns.size(); column-- > 0;) {
        auto& meaning = columns[column].meaning;
        if (meaning == Meaning::text) {
            meaning = text ? Meaning::chapter : Meaning::text;
            text = text ? text : column;
        }
    }
    if (!text) {
        for (auto& column : columns) {
            if (column.meaning == Meaning::measures || column.meaning == Meaning::goal) {
                column.meaning = Meaning::text;
                break;
            }
        }
    }
    return columns;
}

class LedgerReader {
 public:
    explicit LedgerReader(Ledger& ledger) : m_ledger(ledger) {}

    void take(const Table& table, std::size_t from, std::size_t heading) {
        for (auto row = from; row < table.rows.size(); ++row) {
            const bool again = score(table, row) >= 2 && row >= heading &&
                               meaning_of(table.at(row, 0).text) == m_ledger.columns[0].meaning &&
                               table.at(row, 0).text == m_ledger.columns[0].title;
            if (!again) {
                take_row(table, row);
            }
        }
    }

 private:
    void take_row(const Table& table, std::size_t row) {
        if (chapter_row(table, row)) {
            return;
        }
        LedgerTask task;
        task.row = static_cast<std::int64_t>(table.rows[row].line);
        Units units;
        std::size_t chapter = 0;
        for (std::size_t column = 0; column < m_ledger.columns.size(); ++column) {
            const auto& cell = table.at(row, column);
            const auto& meant = m_ledger.columns[column];
            if (meant.meaning == Meaning::chapter) {
                set_chapter(chapter++, cell.text);
            } else {
                set(task, units, meant, cell.text);
            }
        }
        task.lead = std::move(units.lead);
        task.assist = std::move(units.assist);
        if (task.lead.empty() && !task.assist.empty()) {
            task.lead.push_back(task.assist.front());
            task.assist.erase(task.assist.begin());
        }
        if (task.text.empty()) {
            remark(task.row, "", "row_without_task", task.number);
            return;
        }
        task.chapters = m_heads;
        task.chapters.insert(task.chapters.end(), m_chapters.begin(), m_chapters.end());
        std::erase(task.chapters, "");
        m_ledger.tasks.push_back(std::move(task));
    }

    /// A chapter over the whole width, or alone in its row.
    bool chapter_row(const Table& table, std::size_t row) {
        const std::string* words = nullptr;
        for (std::size_t column = 0; column < table.columns; ++column) {
            const auto& cell = table.at(row, column);
            if (!cell.text.empty() && words && &cell.text != words) {
                return false;
            }
            words = cell.text.empty() ? words : &cell.text;
        }
        if (words) {
            const bool inner = words->starts_with("（") || words->starts_with("(");
            m_heads.resize(inner ? 2 : 1);
            m_heads.back() = *words;
        }
        return true;
    }

    /// Empty below a chapter means the same one; another chapter ends those within it.
    void set_chapter(std::size_t level, const std::string& words) {
        if (m_chapters.size() <= level) {
            m_chapters.resize(level + 1);
        }
        if (!words.empty() && m_chapters[level] != words) {
            m_chapters[level] = words;
            std::fill(
                m_chapters.begin() + static_cast<std::ptrdiff_t>(level) + 1, m_chapters.end(), ""
            );
        }
    }

    void set(LedgerTask& task, Units& units, const LedgerColumn& meant, const std::string& words) {
        switch (meant.meaning) {
            case Meaning::number:
                task.number = words;
                return;
            case Meaning::text:
                task.text = words;
                return;
            case Meaning::measures:
                task.measures = words;
                return;
            case Meaning::goal:
                task.goal = words;
                return;
            case Meaning::areas:
                task.areas = words;
                return;
            case Meaning::note:
                task.note = words;
                return;
            case Meaning::deadline:
                set_deadline(task, meant, words);
                return;
            case Meaning::lead:
            case Meaning::assist:
            case Meaning::units:
                add_units(task, units, meant, words);
                return;
            case Meaning::standing:
                return;
            default:
                if (!words.empty()) {
                    remark(task.row, meant.title, "column_not_understood", words);
                }
        }
    }

    void set_deadline(LedgerTask& task, const LedgerColumn& meant, const std::string& words) {
        const auto deadline = read_deadline(words);
        task.deadline_text = words;
        task.deadline = deadline.kind;
        task.due = deadline.date;
        if (!deadline.understood) {
            remark(task.row, meant.title, "deadline_not_understood", words);
        }
    }

    void add_units(
        const LedgerTask& task, Units& units, const LedgerColumn& meant, const std::string& words
    ) {
        const auto read = read_units(words);
        const bool assist = meant.meaning == Meaning::assist;
        auto& lead = assist ? units.assist : units.lead;
        lead.insert(lead.end(), read.lead.begin(), read.lead.end());
        auto& rest = meant.meaning == Meaning::lead ? units.lead : units.assist;
        rest.insert(rest.end(), read.assist.begin(), read.assist.end());
        for (const auto& note : read.notes) {
            remark(task.row, meant.title, "note_among_units", note);
        }
    }

    void remark(
        std::int64_t row, const std::string& column, const char* code, const std::string& words
    ) {
        m_ledger.remarks.push_back({row, column, code, words});
    }

    Ledger& m_ledger;
    std::vector<std::string> m_heads, m_chapters;
};

}  // namespace

Ledger read_ledger(const office::Document& document) {
    Ledger ledger;
    LedgerReader reader(ledger);
    for (const auto& table : document.tables) {
        const auto heading = find_heading(table);
        if (heading && ledger.columns.empty()) {
            ledger.columns = columns_of(table, *heading);
        }
        // A table goes on after a page break, with its heading or without.
        if (!ledger.columns.empty() && table.columns == ledger.columns.size()) {
            reader.take(table, heading ? heading->end : 0, heading ? heading->first : 0);
        }
    }
    if (ledger.columns.empty()) {
        throw malformed(
            "ledger_without_heading",
            "no table has a heading row such as 序号, 工作任务, 责任单位, 完成时限"
        );
    }
    return ledger;
}

}  // namespace linli::plan
