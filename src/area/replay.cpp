// SPDX-License-Identifier: Apache-2.0
#include "area/replay.hpp"

#include <algorithm>
#include <set>
#include <unordered_map>

#include "area/store.hpp"
#include "base/csv.hpp"
#include "base/text.hpp"

namespace linli::area {

namespace {

/// The characters of a name, one by one.
std::vector<std::string> letters(std::string_view text) {
    std::vector<std::string> result;
    for (const char c : text) {
        const bool goes_on = (static_cast<unsigned char>(c) & 0xc0) == 0x80;
        goes_on && !result.empty() ? void(result.back() += c) : result.push_back(std::string(1, c));
    }
    return result;
}

class Explaining {
 public:
    Explaining(const std::vector<ImportRow>& before, const std::vector<ImportRow>& after)
        : m_before(before), m_after(after) {}

    Explanation run() {
        m_done_before.assign(m_before.size(), false);
        m_done_after.assign(m_after.size(), false);
        index();
        for (const auto level :
             {Level::province, Level::city, Level::county, Level::subdistrict, Level::community}) {
            one_level(level);
        }
        finish();
        return std::move(m_result);
    }

 private:
    static std::vector<int> of_level(const std::vector<ImportRow>& rows, Level level) {
        std::vector<int> result;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            if (level_of_code(rows[i].code) == level) {
                result.push_back(static_cast<int>(i));
            }
        }
        return result;
    }
    const ImportRow& b(int i) const { return m_before[static_cast<std::size_t>(i)]; }
    const ImportRow& a(int i) const { return m_after[static_cast<std::size_t>(i)]; }

    void index() {
        for (std::size_t i = 0; i < m_before.size(); ++i) {
            m_before_of[m_before[i].code] = static_cast<int>(i);
        }
        for (std::size_t i = 0; i < m_after.size(); ++i) {
            m_after_of[m_after[i].code] = static_cast<int>(i);
        }
    }

    void found(Rule rule, std::vector<int> before, std::vector<int> after) {
        for (const int i : before) {
            m_done_before[static_cast<std::size_t>(i)] = true;
            for (const int k : after) {
                m_became[b(i).code].insert(a(k).code);
            }
        }
        for (const int k : after) {
            m_done_after[static_cast<std::size_t>(k)] = true;
        }
        m_result.found.push_back({rule, std::move(before), std::move(after)});
    }
    bool open_before(int i) const { return !m_done_before[static_cast<std::size_t>(i)]; }
    bool open_after(int i) const { return !m_done_after[static_cast<std::size_t>(i)]; }

    /// Whether the parent of the one became the parent of the other.
    bool related(int i, int k) const {
        if (b(i).parent.empty() || a(k).parent.empty() || !m_before_of.contains(b(i).parent)) {
            return true;
        }
        const auto became = m_became.find(b(i).parent);
        return became != m_became.end() && became->second.contains(a(k).parent);
    }

    void one_level(Level level) {
        const auto before = of_level(m_before, level), after = of_level(m_after, level);
        for (const int i : before) {
            const auto at = m_after_of.find(b(i).code);
            if (at == m_after_of.end() || !related(i, at->second)) {
                continue;
            }
            const auto& there = a(at->second).name;
            if (there == b(i).name) {
                found(Rule::same, {i}, {at->second});
            } else if (level <= Level::county || stem(there) == stem(b(i).name)) {
                found(Rule::renamed, {i}, {at->second});
            }
        }
        by_name(Rule::recoded, before, after, [&](int i, int k) { return related(i, k); });
        for (const std::size_t digits : {6, 4}) {  // of the county, then of the city
            by_name(Rule::moved, before, after, [&](int i, int k) {
                return b(i).code.substr(0, digits) == a(k).code.substr(0, digits);
            });
        }
        if (level >= Level::subdistrict) {
            left_over(before, after);
        }
    }

    template <class Fits>
    void by_name(
        Rule rule, const std::vector<int>& before, const std::vector<int>& after, Fits fits
    ) {
        std::unordered_multimap<std::string, int> names;
        for (const int k : after) {
            if (open_after(k)) {
                names.emplace(std::string(stem(a(k).name)), k);
            }
        }
        for (const int i : before) {
            if (!open_before(i)) {
                continue;
            }
            std::vector<int> fitting;
            const auto [from, to] = names.equal_range(std::string(stem(b(i).name)));
            for (auto at = from; at != to; ++at) {
                if (open_after(at->second) && fits(i, at->second)) {
                    fitting.push_back(at->second);
                }
            }
            if (fitting.size() == 1 && alone(before, i, fitting.front(), fits)) {
                found(rule, {i}, {fitting.front()});
            }
        }
    }
    /// No other of the first list bears that name and fits.
    template <class Fits>
    bool alone(const std::vector<int>& before, int i, int k, Fits fits) {
        const auto name = stem(a(k).name);
        return std::none_of(before.begin(), before.end(), [&](int other) {
            return other != i && open_before(other) && stem(b(other).name) == name &&
                   fits(other, k);
        });
    }

    /// Town by town (county by county): what is left of the first list and what is new.
    void left_over(const std::vector<int>& before, const std::vector<int>& after) {
        std::map<std::string, std::vector<int>> old_of, new_of;
        for (const int k : after) {
            if (open_after(k)) {
                new_of[a(k).parent].push_back(k);
            }
        }
        std::map<std::string, std::vector<int>> all_of;
        for (const int i : before) {
            const auto became = m_became.find(b(i).parent);
            if (became != m_became.end()) {
                all_of[*became->second.begin()].push_back(i);
                if (open_before(i)) {
                    old_of[*became->second.begin()].push_back(i);
                }
            }
        }
        for (auto& [parent, fresh] : new_of) {
            auto& old = old_of[parent];
            for (const int k : fresh) {
                merged_by_name(old, k);
            }
            for (const int k : fresh) {
                split_by_name(all_of[parent], k);
            }
            std::erase_if(old, [&](int i) { return !open_before(i); });
            std::erase_if(fresh, [&](int k) { return !open_after(k); });
            if (!old.empty() && !fresh.empty()) {
                found(fresh.size() == 1 ? Rule::merged_rest : Rule::together, old, fresh);
            }
        }
    }

    /// "甲乙" of 甲山 and 乙水, or a name that holds the old ones.
    void merged_by_name(const std::vector<int>& old, int k) {
        const auto name = std::string(stem(a(k).name));
        const auto parts = letters(name);
        std::vector<int> in;
        std::vector<bool> used(parts.size(), false);
        for (const int i : old) {
            const auto before = std::string(stem(b(i).name));
            if (!open_before(i) || before.size() < 6) {
                continue;
            }
            if (name.find(before) != std::string::npos) {
                in.push_back(i);
                continue;
            }
            const auto own = letters(before);
            for (std::size_t p = 0; p < parts.size() && parts.size() == 2; ++p) {
                if (!used[p] && (own.front() == parts[p] || own.back() == parts[p])) {
                    used[p] = true;
                    in.push_back(i);
                    break;
                }
            }
        }
        const bool both = parts.size() == 2 && used[0] && used[1];
        if (in.size() >= 2 &&
            (both || std::none_of(used.begin(), used.end(), [](bool u) { return u; }))) {
            found(Rule::merged_name, in, {k});
        }
    }

    /// "桃花" and a new "桃花东" beside it.
    void split_by_name(const std::vector<int>& all, int k) {
        if (!open_after(k)) {
            return;
        }
        const auto name = std::string(stem(a(k).name));
        std::vector<int> fitting;
        for (const int i : all) {
            const auto before = std::string(stem(b(i).name));
            if (before.size() >= 6 && before != name && name.starts_with(before)) {
                fitting.push_back(i);
            }
        }
        if (fitting.size() == 1) {
            found(Rule::split_name, fitting, {k});
        }
    }

    void finish() {
        for (std::size_t i = 0; i < m_before.size(); ++i) {
            if (!m_done_before[i]) {
                m_result.gone.push_back(static_cast<int>(i));
            }
            const auto at = m_after_of.find(m_before[i].code);
            m_result.codes_reused +=
                at != m_after_of.end() && stem(a(at->second).name) != stem(m_before[i].name);
        }
        for (std::size_t k = 0; k < m_after.size(); ++k) {
            if (!m_done_after[k]) {
                m_result.fresh.push_back(static_cast<int>(k));
            }
        }
    }

    const std::vector<ImportRow>&m_before, &m_after;
    std::vector<bool> m_done_before, m_done_after;
    std::unordered_map<std::string, int> m_before_of, m_after_of;
    std::map<std::string, std::set<std::string>> m_became;  ///< by code
    Explanation m_result;
};

/// One applied decision of the system, and its links.
void write_decision(
    store::Tx& tx, const Explained& one, const std::vector<AreaId>& before,
    const std::vector<AreaId>& after, const Tree& past, Date at, Instant now
) {
    constexpr store::Sql insert{"area.replayed_decision", R"(
        INSERT INTO area_decision (id, kind, state, effective, proposal, proposed_by, proposed_at, approved_by,
                                   approved_at, applied_by, applied_at, undone_by, undone_at)
        VALUES ($1, $2, 'applied', $3, $4, 0, $5, 0, $5, 0, $5, 0, 0))"};
    constexpr store::Sql link{"area.replayed_link", R"(
        INSERT INTO area_lineage (decision, before, after, valid_from, how, weight, undone, share, heir, level, county)
        VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $8, $9, $10))"};
    Proposal proposal;
    proposal.kind = one.rule == Rule::moved ? DecisionKind::move
                    : before.size() == 1    ? DecisionKind::split
                                            : DecisionKind::merge;
    proposal.effective = at;
    proposal.document = std::string("replay:") + name_of(one.rule);
    const auto weights = apportion(whole, std::vector<std::int64_t>(after.size(), 1));
    const auto shares = apportion(whole, std::vector<std::int64_t>(before.size(), 1));
    for (const auto id : before) {
        proposal.areas.push_back({id, 0});
    }
    for (std::size_t s = 0; s < after.size(); ++s) {
        auto& to = proposal.successors.emplace_back();
        to.area = after[s];
        to.weight = weights[s];
        to.heir = s == 0;
    }
    const auto id = tx.new_id(0);
    const auto text = to_json_text(proposal);
    tx.post(insert, id, name_of(proposal.kind), at, text, now);
    for (std::size_t i = 0; i < before.size(); ++i) {
        const auto* node = past.find(before[i]);
        for (std::size_t s = 0; s < after.size(); ++s) {
            tx.post(
                link, id, before[i], after[s], at, name_of(proposal.kind), weights[s], shares[i],
                s == 0, name_of(node->level), node->county_number
            );
        }
    }
}

/// What split is one story: the area itself, if it goes on, and each new one beside it.
std::vector<Explained> whole_stories(const std::vector<Explained>& found) {
    std::map<int, std::size_t> story_of;
    std::vector<Explained> stories;
    for (const auto& one : found) {
        const auto known = story_of.find(one.before.front());
        if (one.rule != Rule::split_name || known == story_of.end()) {
            for (const int i : one.before) {
                story_of[i] = stories.size();
            }
            stories.push_back(one);
        } else if (auto& story = stories[known->second]; story.before.size() == 1) {
            story.rule = Rule::split_name;
            story.after.insert(story.after.end(), one.after.begin(), one.after.end());
        }  // of what merged, nobody can tell who went apart
    }
    return stories;
}

void import_all(store::Tx& tx, const std::vector<ImportRow>& rows, Date at, bool end_missing) {
    auto report = import_areas(tx, rows, at, end_missing);
    if (!report.problems.empty()) {
        throw invalid(std::move(report.problems));
    }
}

}  // namespace

Explanation explain(const std::vector<ImportRow>& before, const std::vector<ImportRow>& after) {
    return Explaining(before, after).run();
}

std::vector<ImportRow> read_list(std::istream& in) {
    std::map<std::string, std::size_t> columns;
    std::vector<ImportRow> rows;
    CsvReader reader([&](std::size_t line, std::vector<std::string>& cells) {
        if (columns.empty()) {
            for (std::size_t i = 0; i < cells.size(); ++i) {
                columns[cells[i]] = i;
            }
            for (const char* needed : {"code", "parent", "name"}) {
                if (!columns.contains(needed)) {
                    throw malformed("column_missing", std::string("line 1: no column ") + needed);
                }
            }
            return;
        }
        auto& row = rows.emplace_back();
        row.line = static_cast<int>(line);
        for (const auto& [name, place] : columns) {
            auto* cell = name == "code"     ? &row.code
                         : name == "parent" ? &row.parent
                         : name == "name"   ? &row.name
                                            : nullptr;
            if (cell && place < cells.size()) {
                *cell = std::move(cells[place]);
            }
        }
    });
    std::string piece(1 << 16, '\0');
    while (in) {
        in.read(piece.data(), static_cast<std::streamsize>(piece.size()));
        reader.feed({piece.data(), static_cast<std::size_t>(in.gcount())});
    }
    reader.finish();
    std::set<std::string> codes;
    for (const auto& row : rows) {
        codes.insert(row.code);
    }
    for (auto& row : rows) {
        if (!codes.contains(row.parent)) {
            row.parent.clear();
        }
    }
    return rows;
}

std::int64_t write_history(
    store::Tx& tx, const std::vector<ImportRow>& before, Date from,
    const std::vector<ImportRow>& after, Date to, const Explanation& explanation, Instant now
) {
    import_all(tx, before, from, false);
    const Tree past(from, parts_on(tx, from), county_numbers(tx));
    import_all(tx, after, to, true);
    const Tree present(to, parts_on(tx, to), county_numbers(tx));
    std::int64_t written = 0;
    for (const auto& one : whole_stories(explanation.found)) {
        std::vector<AreaId> old, fresh;
        for (const int i : one.before) {
            old.push_back(past.find_code(before[static_cast<std::size_t>(i)].code)->id);
        }
        for (const int k : one.after) {
            fresh.push_back(present.find_code(after[static_cast<std::size_t>(k)].code)->id);
        }
        if (old != fresh) {
            write_decision(tx, one, old, fresh, past, to, now);
            ++written;
        }
    }
    return written;
}

}  // namespace linli::area
