// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "identity/scope.hpp"

namespace linli::identity {

namespace {

/// A text as its characters (code points).
std::vector<std::string_view> characters_of(std::string_view text) {
    std::vector<std::string_view> result;
    for (std::size_t from = 0; from < text.size();) {
        auto to = from + 1;
        while (to < text.size() && (static_cast<unsigned char>(text[to]) & 0xC0) == 0x80) {
            ++to;
        }
        result.push_back(text.substr(from, to - from));
        from = to;
    }
    return result;
}

std::string between(
    const std::vector<std::string_view>& all, std::size_t first, std::size_t last,
    const std::string& stars
) {
    std::string result;
    for (std::size_t i = 0; i < first; ++i) {
        result += all[i];
    }
    result += stars;
    for (auto i = all.size() - last; i < all.size(); ++i) {
        result += all[i];
    }
    return result;
}

/// 138****1234; of a number too short for that, at most the last two.
std::string masked_contact(const std::vector<std::string_view>& all) {
    if (all.size() >= 11) {
        return between(all, 3, 4, "****");
    }
    const std::size_t last = all.size() > 4 ? 2 : 0;
    return between(all, 0, last, std::string(all.size() - last, '*'));
}

std::string masked_number(const std::vector<std::string_view>& all) {
    if (all.size() >= 12) {
        return between(all, 3, 4, std::string(all.size() - 7, '*'));
    }
    const std::size_t last = all.size() > 4 ? 2 : 0;
    return between(all, 0, last, std::string(all.size() - last, '*'));
}

std::string masked_name(std::string_view value, const std::vector<std::string_view>& all) {
    constexpr std::array<std::string_view, 24> double_names{
        "欧阳", "太史", "端木", "上官", "司马", "东方", "独孤", "南宫",
        "万俟", "闻人", "夏侯", "诸葛", "尉迟", "公羊", "赫连", "澹台",
        "皇甫", "宗政", "濮阳", "公冶", "令狐", "轩辕", "司徒", "慕容"};
    if (all.size() < 2) {
        return "*";
    }
    const bool two =
        all.size() > 2 && std::any_of(double_names.begin(), double_names.end(), [&](auto name) {
            return value.substr(0, name.size()) == name;
        });
    return between(all, two ? 2 : 1, 0, "**");
}

/// Up to the road, the village or the estate; where there is none, the first characters but never
/// all.
std::string masked_address(std::string_view value, const std::vector<std::string_view>& all) {
    constexpr std::array<std::string_view, 10> ends{"大道", "路",   "街",   "巷", "弄",
                                                    "村",   "小区", "花园", "苑", "号"};
    auto to = std::string_view::npos;
    for (const auto end : ends) {
        if (const auto at = value.find(end); at != std::string_view::npos && at > 0) {
            to = std::min(to, at + end.size());
        }
    }
    for (const std::string_view rest : {"道", "小区"}) {  // 解放街道, 桃花园小区
        if (to != std::string_view::npos && value.substr(to, rest.size()) == rest) {
            to += rest.size();
        }
    }
    if (to != std::string_view::npos) {
        return std::string(value.substr(0, to)) + "***";
    }
    return between(all, std::min<std::size_t>(6, all.size() / 2), 0, "***");
}

}  // namespace

std::string masked(catalogue::Mask mask, std::string_view value) {
    if (value.empty()) {
        return {};
    }
    const auto all = characters_of(value);
    switch (mask) {
        case catalogue::Mask::contact:
            return masked_contact(all);
        case catalogue::Mask::name:
            return masked_name(value, all);
        case catalogue::Mask::number:
            return masked_number(all);
        case catalogue::Mask::address:
            return masked_address(value, all);
        case catalogue::Mask::none:  // a sensitive field without a word for its mask
        case catalogue::Mask::text:
            break;
    }
    return "***";
}

}  // namespace linli::identity
