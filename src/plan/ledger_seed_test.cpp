// SPDX-License-Identifier: Apache-2.0
// The ledger of a real district in its three forms, row for row. The papers lie beside the
// repository; without them there is nothing to check.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/csv.hpp"
#include "plan/ledger.hpp"

using namespace linli;
using namespace linli::plan;

namespace {

std::string bytes_of(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

std::filesystem::path shared() {
    return std::filesystem::path(LINLI_SOURCE_DIR) / ".." / "shared";
}

/// The paper whose name begins so; empty if it is not there.
std::string seed(const std::string& begins) {
    std::error_code none;
    for (const auto& one : std::filesystem::directory_iterator(shared() / "seeds", none)) {
        if (one.path().filename().string().starts_with(begins)) {
            return bytes_of(one.path());
        }
    }
    return {};
}

/// seq, chapter, section, short titles, responsible_units, deadline, measurable_target.
std::vector<std::vector<std::string>> tasks_by_hand() {
    std::vector<std::vector<std::string>> rows;
    CsvReader reader([&](std::size_t line, std::vector<std::string>& cells) {
        if (line > 1) {
            rows.push_back(cells);
        }
    });
    reader.feed(bytes_of(shared() / "requirements" / "tasks-luojiang.csv"));
    reader.finish();
    return rows;
}

std::string deadline_of(const LedgerTask& task) {
    return task.due                                    ? std::to_string(civil(*task.due).year)
           : task.deadline == DeadlineKind::continuous ? "持续实施"
                                                       : "";
}

/// How many tasks are as those who read the paper by hand have them: number, chapter, section,
/// units in order, deadline.
int right(const Ledger& ledger, const std::vector<std::vector<std::string>>& by_hand) {
    int count = 0;
    for (std::size_t i = 0; i < by_hand.size() && i < ledger.tasks.size(); ++i) {
        const auto& task = ledger.tasks[i];
        const auto& row = by_hand[i];
        auto units = task.lead;
        units.insert(units.end(), task.assist.begin(), task.assist.end());
        const std::vector<std::string> chapters{row[1], row[2]};
        const bool same = task.number == row[0] && task.chapters == chapters &&
                          join(units, ";") == row[5] && deadline_of(task) == row[6] &&
                          !task.text.empty() && task.lead.size() <= 1;
        CHECK_MESSAGE(same, row[0], ": ", join(task.chapters, "/"), " ", join(units, ";"));
        count += same ? 1 : 0;
    }
    return count;
}

/// As Word has it: empty cells below a chapter are one merged cell.
office::Table merged(office::Table table) {
    for (std::size_t column = 1; column <= 2; ++column) {
        std::size_t first = 1;
        for (std::size_t row = 2; row < table.rows.size(); ++row) {
            auto& cell = table.rows[row].cells[column];
            const bool inner = column == 1 || table.rows[row].cells[1].covered();
            if (!cell.text.empty() || !inner) {
                first = row;
                continue;
            }
            cell.up = static_cast<int>(row - first);
            table.rows[first].cells[column].rows = cell.up + 1;
        }
    }
    return table;
}

}  // namespace

TEST_CASE("a district's ledger: 72 of 72 tasks from its text, from Word and from Excel") {
    const auto paper = seed("004_");
    if (paper.empty()) {
        MESSAGE("the paper is not here");
        return;
    }
    const auto by_hand = tasks_by_hand();
    REQUIRE(by_hand.size() == 72);
    const auto document = office::read_document(paper);
    REQUIRE(document.tables.size() == 1);
    const auto from_text = read_ledger(document);
    CHECK(from_text.tasks.size() == 72);
    CHECK(right(from_text, by_hand) == 72);
    const auto table = merged(document.tables.front());
    for (const auto& [form, bytes] :
         {std::pair{"docx", office::write_docx(document.heading, table)},
          std::pair{"xlsx", office::write_xlsx(document.heading, table)}}) {
        CAPTURE(form);
        const auto ledger = read_ledger(office::read_document(bytes));
        CHECK(ledger.tasks.size() == 72);
        CHECK(right(ledger, by_hand) == 72);
        for (std::size_t i = 0; i < ledger.tasks.size() && i < from_text.tasks.size(); ++i) {
            CHECK(ledger.tasks[i].text == from_text.tasks[i].text);
        }
    }
}
