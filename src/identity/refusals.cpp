// SPDX-License-Identifier: Apache-2.0
/// Who names ids that are not there or not his (C19).
#include <algorithm>

#include "identity/impl.hpp"

namespace linli::identity {

namespace {

constexpr int lines_per_minute = 10;  ///< of one account

/// What says that an id is nowhere or out of scope; kinds, actions and clocks are named by words.
bool about_id(std::string_view code) {
    static constexpr std::array words{"kind_not_found", "action_not_found", "clock_not_found"};
    static constexpr std::array others{
        "unknown_area", "unknown_unit", "unit_unknown", "unknown_grant"};
    const auto among = [&](const auto& list) {
        return std::find(list.begin(), list.end(), code) != list.end();
    };
    return among(others) || code.ends_with("_out_of_scope") || code.ends_with("_out_of_area") ||
           (code.ends_with("_not_found") && !among(words));
}

/// The code of the refusal that is about an id; "" if it is about something else.
std::string id_code(const Refused& refused) {
    if (about_id(refused.code)) {
        return refused.code;
    }
    const auto found =
        std::find_if(refused.problems.begin(), refused.problems.end(), [](const Problem& one) {
            return about_id(one.code);
        });
    return found == refused.problems.end() ? "" : found->code;
}

/// How many lines there are now of the account's in this minute.
int count_line(Identity::Impl& impl, AccountId account, Instant now) {
    const std::lock_guard lock(impl.mutex);
    const auto minute = now.ms / minute_ms;
    if (minute != impl.refused_minute) {
        impl.refused_minute = minute;
        impl.refused.clear();
    }
    return ++impl.refused[account.value];
}

}  // namespace

http::Remark Identity::remark() {
    return [impl = m_impl](
               const http::Call& call, const http::Route& route, const Refused& refused
           ) -> std::optional<store::Change> {
        const auto code = id_code(refused);
        if (code.empty() || !call.caller.signed_in()) {
            return std::nullopt;
        }
        const auto lines = count_line(*impl, call.caller.account, call.now);
        if (lines > lines_per_minute) {
            return std::nullopt;
        }
        auto line = change_of(call, "account", call.caller.account, "refused");
        if (!call.caller.grants.empty()) {
            line.role = call.caller.grants.front().role;
            line.area_after = call.caller.grants.front().area;
        }
        line.detail = route.method + " " + route.path + ": " + code;
        if (lines == lines_per_minute) {
            line.detail += "; no more are written in this minute";
        }
        return line;
    };
}

}  // namespace linli::identity
