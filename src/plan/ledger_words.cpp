// SPDX-License-Identifier: Apache-2.0
// Single cells of a ledger: deadlines and units.
#include <algorithm>
#include <charconv>

#include "plan/ledger.hpp"

namespace linli::plan {

namespace {

void replace_all(std::string& text, std::string_view from, std::string_view to) {
    for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
        text.replace(at, from.size(), to);
    }
}

bool has_any(const std::string& text, std::initializer_list<std::string_view> words) {
    return std::any_of(words.begin(), words.end(), [&](auto word) {
        return text.find(word) != std::string::npos;
    });
}

struct Number {
    int value;
    std::size_t at, end;
};
std::vector<Number> numbers_in(const std::string& text) {
    std::vector<Number> all;
    for (std::size_t i = 0; i < text.size();) {
        int value = 0;
        const auto [end, error] =
            std::from_chars(text.data() + i, text.data() + text.size(), value);
        if (error == std::errc() && value >= 0) {
            const auto stop = static_cast<std::size_t>(end - text.data());
            all.push_back({value, i, stop});
            i = stop;
        } else {
            ++i;
        }
    }
    return all;
}

Date month_end(int year, int month) {
    return date_of({year, month, days_in_month(year, month)});
}

bool year_like(int value) {
    return value >= 1990 && value <= 2100;
}

/// The last day that is meant by a year and what follows it.
std::optional<Date> last_day(const std::string& text) {
    const auto all = numbers_in(text);
    std::optional<Date> last;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (!year_like(all[i].value)) {
            continue;
        }
        const int year = all[i].value;
        Date date = month_end(year, 12);
        const auto rest = text.substr(all[i].end);
        const bool near = i + 1 < all.size() && all[i + 1].at - all[i].end <= 3 &&
                          all[i + 1].value >= 1 && all[i + 1].value <= 12;
        if (near) {
            const int month = all[i + 1].value;
            const bool day = i + 2 < all.size() && all[i + 2].at - all[i + 1].end <= 3 &&
                             valid({year, month, all[i + 2].value});
            date = day ? date_of({year, month, all[i + 2].value}) : month_end(year, month);
        } else if (rest.starts_with("年上半年")) {
            date = month_end(year, 6);
        }
        last = last ? std::max(*last, date) : date;
    }
    return last;
}

}  // namespace

Deadline read_deadline(const std::string& given) {
    std::string text = given;
    constexpr std::string_view wide[] = {"０", "１", "２", "３", "４",
                                         "５", "６", "７", "８", "９"};
    for (int i = 0; i < 10; ++i) {
        replace_all(text, wide[i], std::to_string(i));
    }
    std::erase_if(text, [](char c) { return c == ' ' || c == '\n'; });
    if (text.empty() || text == "-" || text == "/" || text == "无" || text == "—" || text == "——") {
        return {};
    }
    if (const auto date = last_day(text)) {
        return {DeadlineKind::date, date, true};
    }
    if (has_any(
            text, {"持续", "长期", "常态", "全年", "每年", "每月", "每季", "定期", "日常", "分年度"}
        )) {
        return {DeadlineKind::continuous, std::nullopt, true};
    }
    return {DeadlineKind::none, std::nullopt, false};
}

namespace {

/// Separators within brackets separate nothing: "各县（市、区）".
std::vector<std::string> pieces(std::string text, bool clauses) {
    static const std::vector<std::string_view> marks{"；", ";",  "。", "\n", "，",
                                                     ",",  "、", "/",  " "};
    std::vector<std::string> all(1);
    int depth = 0;
    for (std::size_t i = 0; i < text.size();) {
        const auto rest = std::string_view(text).substr(i);
        depth += rest.starts_with("（") || rest.starts_with("(") ? 1 : 0;
        depth -= depth > 0 && (rest.starts_with("）") || rest.starts_with(")")) ? 1 : 0;
        const auto mark =
            std::find_if(marks.begin(), clauses ? marks.begin() + 4 : marks.end(), [&](auto one) {
                return rest.starts_with(one);
            });
        if (depth == 0 && mark != (clauses ? marks.begin() + 4 : marks.end())) {
            all.emplace_back();
            i += mark->size();
        } else {
            all.back() += text[i++];
        }
    }
    for (auto& one : all) {
        one = tidy(one);
    }
    std::erase(all, "");
    return all;
}

bool take_front(std::string& text, std::initializer_list<std::string_view> words) {
    for (const auto word : words) {
        for (const std::string_view colon : {"：", ":"}) {
            const auto whole = std::string(word) + std::string(colon);
            if (text.starts_with(whole)) {
                text.erase(0, whole.size());
                return true;
            }
        }
    }
    return false;
}

void take_back(std::string& text, std::string_view word) {
    if (text.ends_with(word)) {
        text.erase(text.size() - word.size());
    }
}

}  // namespace

Units read_units(const std::string& text) {
    Units units;
    bool said = false, assisting = false;
    const auto add = [](std::vector<std::string>& to, const std::string& name) {
        if (!name.empty() && std::find(to.begin(), to.end(), name) == to.end()) {
            to.push_back(name);
        }
    };
    for (auto clause : pieces(text, true)) {
        if (take_front(
                clause, {"牵头单位", "牵头部门", "牵头", "主要责任单位", "责任单位", "主办"}
            )) {
            said = true, assisting = false;
        } else if (take_front(
                       clause,
                       {"配合单位", "配合部门", "配合", "协同单位", "协办单位", "协办", "参与单位"}
                   )) {
            said = assisting = true;
        }
        constexpr std::size_t sentence = 45;  // bytes of a name, fifteen characters
        if (clause.size() > sentence && has_any(clause, {"落实", "不再", "以下", "以上"})) {
            units.notes.push_back(clause);
            continue;
        }
        for (auto name : pieces(clause, false)) {
            const bool leads = name.ends_with("牵头") || name.ends_with("（牵头）");
            const bool helps = name.ends_with("配合") || name.ends_with("协助");
            for (const auto word :
                 {"按职责分工负责", "（牵头）", "牵头", "配合", "协助", "负责", "等"}) {
                take_back(name, word);
            }
            const bool to_assist =
                leads ? false : assisting || helps || (!said && !units.lead.empty());
            add(to_assist ? units.assist : units.lead, name);
        }
    }
    return units;
}

}  // namespace linli::plan
