// SPDX-License-Identifier: Apache-2.0
// Proposing, reviewing, applying and undoing decisions about areas.
#include <algorithm>

#include "app/area_decisions.hpp"
#include "base/text.hpp"

namespace linli::app {

namespace {

using Shared = std::shared_ptr<AreaDecisions>;
constexpr const char* area_manage = "area.manage";

struct DecisionTag;
struct DecisionArea {
    AreaId id;
    std::string code, name;
    area::Level level{};
    static constexpr auto fields = std::tuple{
        field("id", &DecisionArea::id), field("code", &DecisionArea::code),
        field("name", &DecisionArea::name), field("level", &DecisionArea::level)};
};
struct DecisionStep {
    AccountId account;
    std::string name;
    Instant at;
    static constexpr auto fields = std::tuple{
        field("account", &DecisionStep::account), field("name", &DecisionStep::name),
        field("at", &DecisionStep::at)};
};
/// Of one that its day has found impossible: the code of the refusal, and what comes next.
struct DecisionFailure {
    std::string code;
    int tries = 0;
    Instant next_try;
    static constexpr auto fields = std::tuple{
        field("code", &DecisionFailure::code), field("tries", &DecisionFailure::tries),
        field("next_try", &DecisionFailure::next_try)};
};
struct DecisionAnswer {
    Id<DecisionTag> id;
    area::DecisionState state{};
    area::Proposal proposal;
    std::vector<DecisionArea> areas;  ///< every area that the proposal names
    std::optional<DecisionStep> proposed, approved, applied, undone;
    std::optional<DecisionFailure> failure;  ///< while it is approved and could not be applied
    static constexpr auto fields = std::tuple{
        field("id", &DecisionAnswer::id),
        field("state", &DecisionAnswer::state),
        field("proposal", &DecisionAnswer::proposal),
        field("areas", &DecisionAnswer::areas),
        field("proposed", &DecisionAnswer::proposed),
        field("approved", &DecisionAnswer::approved),
        field("applied", &DecisionAnswer::applied),
        field("undone", &DecisionAnswer::undone),
        field("failure", &DecisionAnswer::failure)};
};
struct DecisionsAnswer {
    std::vector<DecisionAnswer> decisions;
    static constexpr auto fields = std::tuple{field("decisions", &DecisionsAnswer::decisions)};
};

struct Wiring {
    Shared decisions;
    area::Areas& areas;
    identity::Identity& identity;
};

/// Every area that is named lies in the caller's; one that has ended, where its heir lies.
bool in_scope(const Wiring& w, const http::Caller& caller, const area::Proposal& proposal) {
    const auto tree = w.areas.today();
    const auto scope = w.identity.areas_with(caller, area_manage);
    const auto named = area::areas_named(proposal);
    return std::all_of(named.begin(), named.end(), [&](AreaId id) {
        const auto here = tree->find(id) ? id : tree->heir(id);
        return std::any_of(scope.begin(), scope.end(), [&](AreaId outer) {
            return tree->within(here, outer);
        });
    });
}

void need_scope(const Wiring& w, const http::Call& call, const area::Proposal& proposal) {
    if (!in_scope(w, call.caller, proposal)) {
        throw forbidden("area_out_of_scope", "an area is outside of your own");
    }
}

area::Decision decision_of(const Wiring& w, const http::Call& call) {
    const auto found = area::find_decision(call.tx(), call.id<DecisionTag>().value);
    if (!found || !in_scope(w, call.caller, found->proposal)) {
        throw not_found("decision");
    }
    return *found;
}

std::optional<DecisionStep> step_of(store::Tx& tx, AccountId by, Instant at) {
    if (at.ms == 0) {
        return std::nullopt;
    }
    const auto account = identity::find_account(tx, by);
    return DecisionStep{by, account ? account->name : std::string(), at};
}

DecisionAnswer answer_of(store::Tx& tx, const area::Decision& one) {
    DecisionAnswer answer{{one.id}, one.state, one.proposal, {}, {}, {}, {}, {}, {}};
    for (const auto id : area::areas_named(one.proposal)) {
        const auto versions = area::versions_of(tx, id);
        if (!versions.empty()) {
            const auto& last = versions.back();
            answer.areas.push_back({id, last.code, last.name, last.level});
        }
    }
    answer.proposed = step_of(tx, one.proposed_by, one.proposed_at);
    answer.approved = step_of(tx, one.approved_by, one.approved_at);
    answer.applied = step_of(tx, one.applied_by, one.applied_at);
    answer.undone = step_of(tx, one.undone_by, one.undone_at);
    if (one.state == area::DecisionState::approved && !one.failure.empty()) {
        answer.failure = {one.failure, one.failures, one.next_try};
    }
    return answer;
}

DecisionAnswer answer_of(store::Tx& tx, std::int64_t id) {
    return answer_of(tx, area::find_decision(tx, id).value());
}

DecisionsAnswer list_decisions(const Wiring& w, const http::Call& call) {
    std::optional<area::DecisionState> state;
    if (const auto text = call.query("state")) {
        state = parse_name<area::DecisionState>(*text);
        if (!state) {
            throw malformed("query_malformed", "there is no state " + *text);
        }
    }
    DecisionsAnswer answer;
    const auto scope = w.identity.areas_with(call.caller, area_manage);
    for (const auto& one : area::decisions_within(
             call.tx(), scope, w.areas.today()->at(), state, call.query_int("limit", 100, 1, 500)
         )) {
        answer.decisions.push_back(answer_of(call.tx(), one));
    }
    return answer;
}

area::Proposal tidied(area::Proposal proposal) {
    proposal.document = tidy(proposal.document);
    proposal.reason = tidy(proposal.reason, true);
    return proposal;
}

/// One of the steps after the proposal: what `f(decision)` does, with the password given anew.
template <class F>
auto stepped(const Wiring& w, F&& f) {
    return [w, f](http::Call& call) {
        call.need_step_up();
        const auto decision = decision_of(w, call);
        f(call, decision);
        return answer_of(call.tx(), decision.id);
    };
}

void read_routes(http::Router& r, const Wiring& w) {
    r.get(
         "/api/area-decisions", [w](http::Call& call) { return list_decisions(w, call); },
         area_manage, http::Scope::area, "Decisions about areas, the newest first"
    )
        .query("state", "proposed, approved, applied, undone or withdrawn")
        .query("limit", "1 to 500");
    r.get(
         "/api/area-decisions/{id}",
         [w](http::Call& call) { return answer_of(call.tx(), decision_of(w, call)); }, area_manage,
         http::Scope::area, "One decision about areas"
    )
        .id_fields({"path:id"});
    r.get(
         "/api/area-decisions/{id}/preview",
         [w](http::Call& call) {
             return w.decisions->preview(call.tx(), decision_of(w, call).proposal);
         },
         area_manage, http::Scope::area, "What would happen if the decision took effect now"
    )
        .id_fields({"path:id"});
    r.post(
         "/api/area-decisions/preview",
         [w](http::Call& call, const area::Proposal& body) {
             need_scope(w, call, body);
             return call.db.read_now([&](store::Tx& tx) {
                 return w.decisions->preview(tx, tidied(body));
             });
         },
         area_manage, http::Scope::area, "What would happen; nothing is changed or kept"
    )
        .no_transaction()
        .id_fields({"body:areas", "body:successors"});
}

void step_routes(http::Router& r, const Wiring& w) {
    const auto add = [&](const char* path, auto f, const char* summary) {
        r.post(path, stepped(w, f), area_manage, http::Scope::area, summary).id_fields({"path:id"});
    };
    add(
        "/api/area-decisions/{id}/approve",
        [](http::Call& call, const area::Decision& decision) {
            area::approve(call.tx(), decision, call.caller.account, call.now);
        },
        "Approve a decision that another account has proposed"
    );
    add(
        "/api/area-decisions/{id}/withdraw",
        [](http::Call& call, const area::Decision& decision) {
            area::withdraw(call.tx(), decision, call.caller.account, call.now);
        },
        "Withdraw a decision that has not been applied"
    );
    add(
        "/api/area-decisions/{id}/apply",
        [w](http::Call& call, const area::Decision& decision) {
            w.decisions->apply(call.tx(), decision, call.caller.account, call.now);
        },
        "Apply an approved decision at once instead of waiting for the job"
    );
    add(
        "/api/area-decisions/{id}/undo",
        [w](http::Call& call, const area::Decision& decision) {
            w.decisions->undo(call.tx(), decision, call.caller.account, call.now);
        },
        "Put back what a decision changed"
    );
}

}  // namespace

void area_decision_routes(
    http::Router& r, const Shared& decisions, area::Areas& areas, identity::Identity& identity
) {
    const Wiring w{decisions, areas, identity};
    read_routes(r, w);
    r.post(
         "/api/area-decisions",
         [w](http::Call& call, const area::Proposal& body) {
             need_scope(w, call, body);
             const auto id = area::propose(
                 call.tx(), *w.areas.today(), tidied(body), call.caller.account, call.now
             );
             return answer_of(call.tx(), id);
         },
         area_manage, http::Scope::area, "Propose a split, a merge, a new name or a move"
    )
        .created()
        .once_per_key()
        .id_fields({"body:areas", "body:successors"})
        .limit(64 * 1024);
    step_routes(r, w);
}

}  // namespace linli::app
