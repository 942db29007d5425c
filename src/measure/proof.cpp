// SPDX-License-Identifier: Apache-2.0
#include "measure/proof.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "identity/scope.hpp"

namespace linli::measure {

namespace {

/// Below a county its rows are found by their areas; beyond this many the county is read.
constexpr std::size_t areas_most = 400;

std::vector<AreaId> areas_for(const area::Tree& tree, AreaId area) {
    const auto* node = tree.find(area);
    std::vector<AreaId> areas;
    if (!node || node->level <= area::Level::county) {
        return areas;
    }
    for (const auto& one : tree.subtree(area)) {
        areas.push_back(one.id);
    }
    for (const auto& one : tree.heritage(area)) {
        areas.push_back(one.area);
    }
    std::sort(areas.begin(), areas.end());
    areas.erase(std::unique(areas.begin(), areas.end()), areas.end());
    return areas.size() > areas_most ? std::vector<AreaId>{} : areas;
}

Part part_of(const CounterQuery& query, County county, const Question& question) {
    return {county, {}, query.counter->stock ? std::nullopt : std::optional(question.period)};
}

void check_time(const CounterQuery& query, const Question& question) {
    if (query.counter->stock && question.period.to < month_of(question.now)) {
        throw conflict(
            "stock_of_the_past",
            "of a past month's end the value was kept, not which records it was"
        );
    }
}

bool readable(
    store::Tx& tx, const Measure& measure, const CounterQuery& query, County county,
    const http::Caller& caller, const Behind& one, const area::Tree& tree
) {
    identity::Facts facts;
    const auto* node = tree.county(county);
    facts.filing = {one.area,        county,        node ? node->id : AreaId{},
                    one.subdistrict, one.community, one.grid};
    facts.own = (caller.account && caller.account == one.filed_by) ||
                (caller.person && caller.person == one.about);
    facts.parties = measure.flow().parties(tx, {query.kind->name, one.id});
    facts.state = one.state;
    return !identity::grants_for(caller, *query.kind, identity::Operation::read, facts, tree)
                .empty();
}

double shown(const CounterQuery& query, std::int64_t stored) {
    return static_cast<double>(stored) / std::pow(10.0, query.scale);
}

}  // namespace

std::vector<County> counties_for(const area::Tree& tree, AreaId area) {
    std::set<County> counties;
    for (const auto county : tree.counties_under(area)) {
        counties.insert(county);
    }
    for (const auto& one : tree.heritage(area)) {
        counties.insert(one.county);
    }
    // What moved here from elsewhere keeps the county under which it was filed; at a root, all do.
    const auto* node = tree.find(area);
    if (node && node->parent < 0) {
        counties.insert(0);
    }
    return {counties.begin(), counties.end()};
}

Recount recount(
    store::Tx& tx, const Measure& measure, const CounterQuery& query, const Question& question
) {
    check_time(query, question);
    const auto tree = measure.tree();
    Recount sum;
    const auto add = [&](County county, const Part& part) {
        for (const auto& one : count(tx, query, part, question.now)) {
            if (tree->within(place_of(*tree, county, one.area), question.area)) {
                sum.value += one.value;
                sum.records += one.records;
            }
        }
    };
    const auto areas = areas_for(*tree, question.area);
    for (const auto county : counties_for(*tree, question.area)) {
        auto part = part_of(query, county, question);
        for (const auto area : areas) {
            part.area = area;
            add(county, part);
        }
        if (areas.empty()) {
            add(county, part);
        }
    }
    return sum;
}

Proof prove(
    store::Tx& tx, const Measure& measure, const CounterQuery& query, const Question& question,
    const http::Caller& caller, RecordId after, int limit
) {
    const auto tree = measure.tree();
    const auto all = recount(tx, measure, query, question);
    Proof proof;
    proof.value = measure.counter(query, question.area, question.period).value;
    proof.counted = shown(query, all.value);
    proof.total = all.records;
    const auto areas = areas_for(*tree, question.area);
    int seen = 0;
    RecordId last;
    // Ids are ordered by county, so counties one after the other are in order too.
    for (const auto county : counties_for(*tree, question.area)) {
        if (county < home(after) || proof.next) {
            continue;
        }
        std::vector<Behind> page;
        const auto rows =
            query.listing(part_of(query, county, question), areas, after, question.now);
        each_behind(tx, query, rows, [&](const Behind& one) {
            if (tree->within(place_of(*tree, county, one.area), question.area)) {
                page.push_back(one);
            }
            return seen + static_cast<int>(page.size()) <= limit;
        });
        for (const auto& one : page) {
            if (seen == limit) {
                proof.next = last;
                break;
            }
            ++seen;
            last = one.id;
            if (readable(tx, measure, query, county, caller, one, *tree)) {
                proof.records.push_back(
                    {one.id, query.kind->name, one.number, shown(query, one.value)}
                );
            } else {
                ++proof.unseen;
            }
        }
    }
    return proof;
}

}  // namespace linli::measure
