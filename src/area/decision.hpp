// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Decisions that change the tree: split, merge, rename, move. Proposed by one account, approved by
/// another, applied on their day, undone if need be; each of these in one transaction with all that
/// follows from it in the rooms above, which app hands in as `Hooks`.
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "area/area.hpp"
#include "area/lineage.hpp"

namespace linli::area {

enum class DecisionKind : std::uint8_t { split, merge, rename, move };
constexpr auto names(DecisionKind) {
    return std::array{"split", "merge", "rename", "move"};
}
enum class DecisionState : std::uint8_t { proposed, approved, applied, undone, withdrawn };
constexpr auto names(DecisionState) {
    return std::array{"proposed", "approved", "applied", "undone", "withdrawn"};
}

/// An area that a decision is about; households are for the way back in time (0 = not known).
struct Affected {
    AreaId area;
    std::int64_t households = 0;
    static constexpr auto fields = std::tuple{
        field("area", &Affected::area),
        field(
            "households", &Affected::households, {.required = false, .least = 0, .most = 10'000'000}
        )};
};
/// What takes its place: one of the affected areas that goes on (`area`), or a new one.
struct Successor {
    AreaId area;                   ///< none = a new area
    std::string code, name;        ///< of a new area; of one that goes on, "" = as before
    AreaId parent;                 ///< none = as before
    std::int64_t weight = whole;   ///< millionths of the households of each affected area
    bool heir = false;             ///< takes what cannot be divided; one of them
    std::vector<AreaId> children;  ///< areas below the affected ones that come to this successor
    static constexpr auto fields = std::tuple{
        field("area", &Successor::area, {.required = false}),
        field("code", &Successor::code, {.max = 40, .required = false}),
        field("name", &Successor::name, {.max = 100, .required = false}),
        field("parent", &Successor::parent, {.required = false}),
        field("weight", &Successor::weight, {.required = false, .least = 0, .most = whole}),
        field("heir", &Successor::heir),
        field("children", &Successor::children, {.max = 1000})};
};
struct Proposal {
    DecisionKind kind{};
    Date effective;
    std::string document, reason;
    std::vector<Affected> areas;
    std::vector<Successor> successors;
    static constexpr auto fields = std::tuple{
        field("kind", &Proposal::kind),
        field("effective", &Proposal::effective),
        field("document", &Proposal::document, {.max = 100}),
        field("reason", &Proposal::reason, {.max = 500, .required = false}),
        field("areas", &Proposal::areas, {.max = 50}),
        field("successors", &Proposal::successors, {.max = 50})};
};
struct Decision {
    std::int64_t id = 0;
    DecisionState state{};
    Proposal proposal;
    AccountId proposed_by, approved_by, applied_by, undone_by;
    Instant proposed_at, approved_at, applied_at, undone_at;  ///< 0 = not yet
    std::string failure;  ///< code of the refusal when it was last tried by itself; "" = none
    int failures = 0;
    Instant next_try;
};

/// Records filed under an area are from now on filed under another.
struct Refiling {
    AreaId from;
    Level level{};  ///< of `from`
    Filing before, after;
};
/// An area that has ended: who inherits what belongs to it, and who, besides, its grants go to.
struct Ending {
    AreaId area, heir;
    std::vector<AreaId> successors;  ///< the new ones, and the heir
};
/// What a decision means, found out without changing anything.
struct Plan {
    std::vector<Problem> problems;  ///< if any, it cannot be applied
    std::vector<Version> ended, begun;
    struct Link {
        AreaId before, after;
        std::int64_t weight = whole, share = whole;
        bool heir = true;
        Level level{};
        County county = 0;
    };
    std::vector<Link> links;
    std::vector<Refiling> refilings;  ///< within a county; what is filed elsewhere stays
    std::vector<Ending> endings;
    /// Where records go that were filed at an affected area itself but name an area below it.
    std::map<AreaId, Filing> homes;
    std::vector<AreaId> fresh;     ///< new areas
    std::vector<County> counties;  ///< of the way back: where records may have been filed anew
};
/// How an area is filed once some areas have these versions.
Filing filing_in(const Tree&, const std::map<AreaId, Version>& after, AreaId);
bool same_place(const Filing&, const Filing&);

/// What the rooms above do in the same transaction.
struct Hooks {
    struct Deed {
        std::int64_t decision = 0;
        AccountId by;
        Instant now;
    };
    std::function<void(store::Tx&, const Plan&, const Deed&)> apply;
    /// `back`: from areas that are no more to those that are again.
    std::function<void(store::Tx&, const Plan& back, const Deed&)> undo;
};

Plan plan(store::Tx&, const Tree&, const Proposal&, bool make_ids = false);

/// Keeps a proposal; throws `invalid` if it could not be applied as things are.
std::int64_t propose(store::Tx&, const Tree&, const Proposal&, AccountId by, Instant now);
/// By another account than proposed it: throws forbidden("own_proposal").
void approve(store::Tx&, const Decision&, AccountId by, Instant now);
void withdraw(store::Tx&, const Decision&, AccountId by, Instant now);
/// On its day or later. Throws conflict("not_approved", "not_yet"), or invalid with the problems.
void apply(store::Tx&, const Tree&, const Decision&, const Hooks&, AccountId by, Instant now);
/// Puts back what applying did. Throws conflict("not_applied", "later_changes").
void undo(store::Tx&, const Tree&, const Decision&, const Hooks&, AccountId by, Instant now);

std::optional<Decision> find_decision(store::Tx&, std::int64_t id);
/// The newest first.
std::vector<Decision> decisions(store::Tx&, std::optional<DecisionState>, int limit);
/// Those of which every area that they name lies below one of `scope` on a day, or did so until it
/// ended and its heir does now.
std::vector<Decision> decisions_within(
    store::Tx&, const std::vector<AreaId>& scope, Date, std::optional<DecisionState>, int limit
);
/// Every area that a proposal names, each once.
std::vector<AreaId> areas_named(const Proposal&);
/// Approved, their day has come, and not put off; in the order of their days.
std::vector<Decision> due_decisions(store::Tx&, Instant now);
/// One that could not be applied: why, and tried again after a minute, then twice as long each
/// time, six hours at most.
void put_off(store::Tx&, const Decision&, const std::string& code, Instant now);

}  // namespace linli::area
