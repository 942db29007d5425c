// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Decisions about areas with all that follows from them: wires records, rights and the tree
/// together, for the routes, the command line and the job that applies what is due.
#include "app/application.hpp"
#include "area/decision.hpp"
#include "identity/succession.hpp"

namespace linli::app {

struct AreaLine {
    AreaId area;  ///< none = a new area
    std::string code, name;
    AreaId parent;
    static constexpr auto fields = std::tuple{
        field("area", &AreaLine::area), field("code", &AreaLine::code),
        field("name", &AreaLine::name), field("parent", &AreaLine::parent)};
};
struct RecordsLine {
    std::string kind, from, to;  ///< names of areas
    std::int64_t records = 0;
    static constexpr auto fields = std::tuple{
        field("kind", &RecordsLine::kind), field("from", &RecordsLine::from),
        field("to", &RecordsLine::to), field("records", &RecordsLine::records)};
};
struct UnitLine {
    UnitId unit;
    std::string name, from, to;
    static constexpr auto fields = std::tuple{
        field("unit", &UnitLine::unit), field("name", &UnitLine::name),
        field("from", &UnitLine::from), field("to", &UnitLine::to)};
};
struct GrantsLine {
    std::string role, from;
    std::vector<std::string> to;
    std::int64_t grants = 0;
    static constexpr auto fields = std::tuple{
        field("role", &GrantsLine::role), field("from", &GrantsLine::from),
        field("to", &GrantsLine::to), field("grants", &GrantsLine::grants)};
};
struct ProblemLine {
    std::string pointer, code, detail;
    static constexpr auto fields = std::tuple{
        field("pointer", &ProblemLine::pointer), field("code", &ProblemLine::code),
        field("detail", &ProblemLine::detail)};
};
/// What would happen if the decision took effect now.
struct DecisionPreview {
    std::vector<ProblemLine> problems;  ///< if any, it cannot
    std::vector<AreaLine> ends, begins;
    std::vector<RecordsLine> refiled, staying;
    std::vector<UnitLine> units;
    std::vector<GrantsLine> grants;
    static constexpr auto fields = std::tuple{
        field("problems", &DecisionPreview::problems), field("ends", &DecisionPreview::ends),
        field("begins", &DecisionPreview::begins),     field("refiled", &DecisionPreview::refiled),
        field("staying", &DecisionPreview::staying),   field("units", &DecisionPreview::units),
        field("grants", &DecisionPreview::grants)};
};

class AreaDecisions {
 public:
    AreaDecisions(area::Areas&, identity::Identity&, const record::Engine&);
    DecisionPreview preview(store::Tx&, const area::Proposal&) const;
    /// In the caller's transaction; after its commit the new tree and rights hold here.
    void apply(store::Tx&, const area::Decision&, AccountId by, Instant now) const;
    void undo(store::Tx&, const area::Decision&, AccountId by, Instant now) const;
    /// Applies what is approved and due, each in a transaction of its own; one that is refused, or
    /// fails, is logged, bears the reason and is tried again later. Returns how many were applied.
    int apply_due(store::Database&, Instant now) const;

 private:
    void take_effect(store::Tx&, std::vector<AccountId>) const;
    area::Areas& m_areas;
    identity::Identity& m_identity;
    const record::Engine& m_records;
};

/// /api/area-decisions: for administrators of areas, within their areas.
void area_decision_routes(http::Router&, const std::shared_ptr<AreaDecisions>&, area::Areas&, identity::Identity&);

}  // namespace linli::app
