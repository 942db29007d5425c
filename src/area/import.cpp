// SPDX-License-Identifier: Apache-2.0
#include "area/area.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <unordered_set>

#include "area/store.hpp"
#include "base/text.hpp"

namespace linli::area {

namespace {

struct Row {
    Version wanted;  ///< as the sheet says; area and parent are found later
    std::string parent_code;
    int line = 0;
    int parent = -1;  ///< row of the parent; -1 = a root or an area that is there already
    const Version* known = nullptr;
};

struct Import {
    std::vector<Row> rows;
    std::vector<Problem> problems;
    std::unordered_map<std::string_view, int> row_of_code;
    std::vector<Version> present;
    std::unordered_map<std::string_view, const Version*> present_of_code;
    std::unordered_multimap<AreaId, const Version*> present_below;
    std::unordered_set<AreaId> claimed;

    void problem(const Row& row, const char* column, const char* code, std::string detail) {
        problems.push_back(
            {"row " + std::to_string(row.line) + ", column " + column, code, std::move(detail)}
        );
    }
};

std::optional<UrbanRural> read_urban_rural(std::string_view text) {
    if (text.empty()) {
        return UrbanRural::unknown;
    }
    if (text.size() == 3 && (text[0] == '1' || text[0] == '2')) {
        return text[0] == '1' ? UrbanRural::urban : UrbanRural::rural;  // class of the statistics
    }
    return parse_name<UrbanRural>(text);
}

void read_row(const ImportRow& from, Row& row, Import& import) {
    auto& wanted = row.wanted;
    wanted.code = tidy(from.code);
    wanted.name = tidy(from.name);
    row.parent_code = tidy(from.parent);
    const auto by_code = level_of_code(wanted.code);
    const auto level = from.level.empty() ? by_code : parse_name<Level>(from.level);
    if (wanted.name.empty() || characters(wanted.name) > 100) {
        import.problem(row, "name", "name_malformed", "a name has 1 to 100 characters");
    }
    if (!level) {
        from.level.empty()
            ? import.problem(row, "code", "code_malformed", "a code has 12 digits, of a grid 15")
            : import.problem(row, "level", "unknown_level", "there is no level " + from.level);
        return;
    }
    if (*level < Level::compound && by_code != *level) {
        import.problem(
            row, "code", "code_malformed",
            "this is no code of the level " + std::string(name_of(*level)) +
                "; a code has 12 digits, of a grid 15"
        );
    }
    wanted.level = *level;
    const auto kind = from.kind.empty() ? kind_of_code(wanted.code, *level, wanted.name)
                                        : parse_name<Kind>(from.kind);
    if (!kind) {
        import.problem(row, "kind", "unknown_kind", "there is no kind " + from.kind);
    }
    wanted.kind = kind.value_or(Kind::plain);
    wanted.counted = counts(wanted.kind);
    const auto urban_rural = read_urban_rural(from.urban_rural);
    if (!urban_rural) {
        import.problem(
            row, "urban_rural", "unknown_choice", "urban, rural or the class of the statistics"
        );
    }
    wanted.urban_rural = urban_rural.value_or(UrbanRural::unknown);
}

void read_rows(const std::vector<ImportRow>& from, Date at, Import& import) {
    import.rows.resize(from.size());
    for (std::size_t i = 0; i < from.size(); ++i) {
        auto& row = import.rows[i];
        row.line = from[i].line > 0 ? from[i].line : static_cast<int>(i) + 2;
        row.wanted.from = at;
        read_row(from[i], row, import);
        if (!row.wanted.code.empty() &&
            !import.row_of_code.emplace(row.wanted.code, static_cast<int>(i)).second) {
            import.problem(row, "code", "code_doubled", "the code is in the sheet twice");
        }
    }
}

void read_present(store::Tx& tx, Date at, Import& import) {
    import.present = versions_on(tx, at);
    for (const auto& version : import.present) {
        if (!version.code.empty()) {
            import.present_of_code.emplace(version.code, &version);
        }
        import.present_below.emplace(version.parent, &version);
    }
}

void find_parents(Import& import) {
    for (auto& row : import.rows) {
        if (row.parent_code.empty()) {
            continue;
        }
        const auto found = import.row_of_code.find(row.parent_code);
        const auto present = import.present_of_code.find(row.parent_code);
        Level above = Level::country;
        if (found != import.row_of_code.end()) {
            row.parent = found->second;
            above = import.rows[found->second].wanted.level;
        } else if (present != import.present_of_code.end()) {
            row.wanted.parent = present->second->area;
            above = present->second->level;
        } else {
            import.problem(
                row, "parent", "unknown_parent",
                "no area has the code " + row.parent_code + "; add its row or correct the code"
            );
            continue;
        }
        if (above >= row.wanted.level) {
            import.problem(row, "parent", "parent_too_low", "the parent is not of a higher level");
        }
    }
}

/// The area that a row speaks of, among those that are there: by code and name, then by name under
/// the same parent.
const Version* by_code(const Import& import, const Row& row) {
    const auto found = import.present_of_code.find(row.wanted.code);
    if (found == import.present_of_code.end()) {
        return nullptr;
    }
    const auto& version = *found->second;
    const bool same = version.name == row.wanted.name ||
                      stem(version.name) == stem(row.wanted.name) ||
                      row.wanted.level <= Level::county;  // codes of counties are not given twice
    return same && version.level == row.wanted.level ? &version : nullptr;
}
const Version* by_name(const Import& import, const Row& row) {
    const auto [from, to] = import.present_below.equal_range(row.wanted.parent);
    for (auto it = from; it != to; ++it) {
        const auto& version = *it->second;
        if (version.level == row.wanted.level && stem(version.name) == stem(row.wanted.name) &&
            !import.claimed.contains(version.area)) {
            return &version;
        }
    }
    return nullptr;
}

bool same(const Version& a, const Version& b) {
    return a.code == b.code && a.name == b.name && a.level == b.level && a.kind == b.kind &&
           a.parent == b.parent && a.urban_rural == b.urban_rural && a.counted == b.counted;
}

void save(store::Tx& tx, Row& row, ImportReport& report) {
    auto& wanted = row.wanted;
    if (!row.known) {
        wanted.area = insert_area(tx, wanted);
        ++report.added;
        return;
    }
    const auto& known = *row.known;
    wanted.area = known.area;
    if (wanted.urban_rural == UrbanRural::unknown) {
        wanted.urban_rural = known.urban_rural;  // what a sheet does not say stays
    }
    if (same(known, wanted)) {
        ++report.unchanged;
        return;
    }
    report.renamed += known.name != wanted.name;
    report.moved += known.parent != wanted.parent;
    report.recoded += known.code != wanted.code;
    end_version(tx, known, wanted.from);
    insert_version(tx, wanted);
}

/// Rows of one level: known ones are claimed by code first, so that a name alone never takes them
/// away.
void save_level(store::Tx& tx, Import& import, const std::vector<int>& rows, ImportReport& report) {
    for (const int i : rows) {
        auto& row = import.rows[i];
        if (row.parent >= 0) {
            row.wanted.parent = import.rows[row.parent].wanted.area;
        }
        if (const auto* known = by_code(import, row);
            known && import.claimed.insert(known->area).second) {
            row.known = known;
        }
    }
    for (const int i : rows) {
        auto& row = import.rows[i];
        if (!row.known) {
            row.known = by_name(import, row);
            if (row.known) {
                import.claimed.insert(row.known->area);
            }
        }
        save(tx, row, report);
    }
}

void end_below(store::Tx& tx, Import& import, const Version& gone, Date at, ImportReport& report) {
    import.claimed.insert(gone.area);
    end_version(tx, gone, at);
    ++report.ended;
    const auto [from, to] = import.present_below.equal_range(gone.area);
    for (auto it = from; it != to; ++it) {
        if (!import.claimed.contains(it->second->area)) {
            end_below(tx, import, *it->second, at, report);
        }
    }
}

/// Whose code was given to another area has ended.
void end_what_is_replaced(store::Tx& tx, Import& import, Date at, ImportReport& report) {
    for (const auto& row : import.rows) {
        const auto found = import.present_of_code.find(row.wanted.code);
        if (!row.known && found != import.present_of_code.end() &&
            import.claimed.insert(found->second->area).second) {
            end_below(tx, import, *found->second, at, report);
        }
    }
}

void end_what_is_missing(store::Tx& tx, Import& import, Date at, ImportReport& report) {
    std::unordered_set<AreaId> covered;  // parents whose children the sheet names
    for (const auto& row : import.rows) {
        if (row.parent >= 0) {
            covered.insert(row.wanted.parent);
        }
    }
    for (const auto& version : import.present) {
        if (covered.contains(version.parent) && !import.claimed.contains(version.area) &&
            version.level <= Level::community) {
            end_below(tx, import, version, at, report);
        }
    }
}

/// A city whose subdistricts stand right below it has no county that could number its rows.
void number_cities_without_counties(store::Tx& tx, const Import& import) {
    std::unordered_set<AreaId> numbered;
    for (const auto& row : import.rows) {
        const bool city = row.parent >= 0 && import.rows[row.parent].wanted.level == Level::city;
        if (row.wanted.level == Level::subdistrict && city &&
            numbered.insert(row.wanted.parent).second) {
            number_county(tx, row.wanted.parent);
        }
    }
}

}  // namespace

ImportReport import_areas(
    store::Tx& tx, const std::vector<ImportRow>& from, Date at, bool end_missing
) {
    ImportReport report;
    Import import;
    if (const auto later = next_beginning(tx, at)) {
        report.problems.push_back(
            {"", "later_changes",
             "areas have changed on " + to_text(*later) +
                 " already; import what is valid from that day or later"}
        );
        return report;
    }
    read_rows(from, at, import);
    read_present(tx, at, import);
    find_parents(import);
    if (!import.problems.empty()) {
        report.problems = std::move(import.problems);
        return report;
    }
    std::array<std::vector<int>, names(Level{}).size()> levels;
    for (std::size_t i = 0; i < import.rows.size(); ++i) {
        levels[static_cast<std::size_t>(import.rows[i].wanted.level)].push_back(static_cast<int>(i)
        );
    }
    for (const auto& rows : levels) {
        save_level(tx, import, rows, report);
    }
    number_cities_without_counties(tx, import);
    end_what_is_replaced(tx, import, at, report);
    if (end_missing) {
        end_what_is_missing(tx, import, at, report);
    }
    tree_changed(tx);
    return report;
}

AreaId add_area(store::Tx& tx, const Version& version) {
    const auto above = version_on(tx, version.parent, version.from);
    if (!above) {
        throw invalid("/parent", "unknown_area", "the area does not exist then");
    }
    if (above->level >= version.level) {
        throw invalid("/parent", "parent_too_low", "the parent is not of a higher level");
    }
    if (version.level <= Level::grid && level_of_code(version.code) != version.level) {
        throw invalid("/code", "code_malformed", "a code has 12 digits, of a grid 15");
    }
    if (version.level == Level::grid && version.code.compare(0, 12, above->code) != 0) {
        throw invalid(
            "/code", "code_malformed",
            "the code of a grid begins with that of its community, " + above->code
        );
    }
    if (version.name.empty()) {
        throw invalid("/name", "required", "an area has a name");
    }
    if (code_in_use(tx, version.code, version.from)) {
        throw invalid("/code", "code_in_use", "another area has this code");
    }
    tree_changed(tx);
    auto fresh = version;
    fresh.area = {};
    return insert_area(tx, fresh);
}

}  // namespace linli::area
