// SPDX-License-Identifier: Apache-2.0
// Masked fields in full, with a reason, step-up, a ration and a change line (C11, C50, C55).
#include <algorithm>

#include "record/engine_impl.hpp"
#include "record/ration.hpp"
#include "record/routes.hpp"
#include "record/view.hpp"
#include "record/write.hpp"

namespace linli::record {

namespace {

constexpr Ration ration{"unmask", 30, "unmask_ration"};
constexpr std::size_t reason_least = 5, reason_most = 200;

struct UnmaskRequest {
    std::vector<std::string> fields_wanted;
    std::string reason;
    static constexpr auto fields = std::tuple{
        field("fields", &UnmaskRequest::fields_wanted, {.max = 20}),
        field("reason", &UnmaskRequest::reason, {.max = reason_most})};
};

std::string check_reason(const std::string& reason) {
    auto why = tidy(reason);
    if (characters(why) < reason_least) {
        throw invalid(
            "/reason", "reason_too_short", "say in at least 5 characters what it is needed for"
        );
    }
    return why;
}

void check_fields(
    const KindTable& table, const identity::FieldRights& rights,
    const std::vector<std::string>& names
) {
    if (names.empty()) {
        throw invalid("/fields", "required", "name the fields");
    }
    Problems problems;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (table.find(names[i]) < 0) {
            problems.push_back(
                {"/fields/" + std::to_string(i), "unknown_field", "there is no such field"}
            );
        }
    }
    if (!problems.empty()) {
        throw invalid(std::move(problems));
    }
    for (const auto& name : names) {
        if (rights.unmaskable.count(name) == 0) {
            throw forbidden("unmask_not_allowed", "you may not see " + name + " in full");
        }
    }
}

http::Json unmask(const Core& core, http::Call& call, const UnmaskRequest& request) {
    const auto c = context_of(core, call);
    const auto& table = core.table(call.param("kind"));
    const auto found = load(c, table, call.id<linli::Record>());
    const auto rights = identity::field_rights(call.caller, *table.kind, found.facts, *c.tree);
    check_fields(table, rights, request.fields_wanted);
    call.need_step_up();
    Event event;
    event.action = "unmask";
    event.reason = check_reason(request.reason);
    event.fields = join(request.fields_wanted, ",");
    event.detail = "ids=" + std::to_string(found.record.id.value);
    const auto grants = identity::grants_for(
        call.caller, *table.kind, identity::Operation::read, found.facts, *c.tree
    );
    event.as = grants.empty() ? "" : grants.front()->role;
    use_ration(c, ration);
    log_change(c, table, &found.record, found.record, event);
    Presenter presenter(c, table);
    presenter.add(found.record);
    presenter.fetch();
    http::Json answer;
    JsonWriter out(answer.text);
    out.begin_object();
    out.key("fields");
    out.begin_object();
    for (const auto& name :
         std::set<std::string>(request.fields_wanted.begin(), request.fields_wanted.end())) {
        const auto i = static_cast<std::size_t>(table.find(name));
        out.key(name);
        presenter.write_value(out, table.field(i), open(core, table, found.record, i));
    }
    out.end_object();
    out.end_object();
    return answer;
}

}  // namespace

void unmask_routes(http::Router& router, std::shared_ptr<const Core> core) {
    router
        .post(
            "/api/records/{kind}/{id}/unmask",
            [core](http::Call& call, const UnmaskRequest& request) {
                return unmask(*core, call, request);
            },
            "", http::Scope::record, "See masked fields in full, with a reason; logged and rationed"
        )
        .id_fields({"path:id"});
}

}  // namespace linli::record
