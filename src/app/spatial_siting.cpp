// SPDX-License-Identifier: Apache-2.0
#include "app/spatial_siting.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <map>

#include "app/spatial_sheets.hpp"
#include "base/csv.hpp"
#include "base/error.hpp"
#include "base/json.hpp"
#include "spatial/centre_sites.hpp"
#include "spatial/cover_all.hpp"
#include "spatial/median_sites.hpp"
#include "spatial/network_file.hpp"

namespace linli::app {

namespace {

/// What every kind of study reads: doors, sites (candidates first, then existing ones), who reaches
/// what within the limit, and what each door counts in thousandths.
struct Ground {
    Sheet door_sheet, site_sheet;
    Doors doors;
    std::vector<std::size_t> site_rows;  ///< of each candidate, in the sheet
    std::vector<spatial::SiteState> state;
    std::vector<std::int64_t> cost, value;
    spatial::Reach reach;
    spatial::Ms limit = 0;
};

/// The answer of any kind, as it is written.
struct Answer {
    std::vector<std::uint32_t> sites;
    std::vector<std::int64_t> adds;
    std::vector<std::size_t> phase;  ///< of each site, from 1
    std::string unit;                ///< of the figures: value, cost, value_ms or ms
    std::int64_t before = 0, figure = 0, bound = 0;
};

std::vector<std::int64_t> values(const SiteOrder& order, const Ground& ground) {
    std::vector<std::vector<std::uint32_t>> groups;
    std::vector<double> weights;
    for (const auto& text : order.weights) {
        const auto equals = text.find('=');
        const auto name = text.substr(0, equals);
        const auto& names = ground.doors.weight_names;
        const auto column = std::find(names.begin(), names.end(), name);
        double weight = 1;
        const char* end = text.data() + text.size();
        if (equals != std::string::npos &&
            std::from_chars(text.data() + equals + 1, end, weight).ptr != end) {
            throw invalid("--weight", "weight_malformed", text + " is not column=number");
        }
        if (column == names.end()) {
            throw invalid(ground.door_sheet.file, "column_missing", "no column " + name);
        }
        groups.push_back(
            ground.doors.dwellings.weights[static_cast<std::size_t>(column - names.begin())]
        );
        weights.push_back(weight);
    }
    if (groups.empty()) {
        groups.emplace_back(ground.doors.dwellings.size(), 1);
        weights.push_back(1);
    }
    return spatial::priorities(groups, weights);
}

void add_candidates(Ground& ground, const spatial::Placed& placed) {
    const auto& sheet = ground.site_sheet;
    for (std::size_t row = 0; row < sheet.rows.size(); ++row) {
        if (!placed.positions[row]) {
            continue;
        }
        const bool forbidden =
            sheet.has("forbidden") && sheet.rows[row][sheet.column("forbidden")] == "1";
        ground.site_rows.push_back(row);
        ground.state.push_back(
            forbidden ? spatial::SiteState::forbidden : spatial::SiteState::candidate
        );
        ground.cost.push_back(
            sheet.has("cost")
                ? static_cast<std::int64_t>(sheet.number(row, sheet.column("cost"), 1, 1e12))
                : 1
        );
    }
}

std::vector<spatial::Position> add_existing(
    const SiteOrder& order, const spatial::Network& network, Ground& ground
) {
    std::vector<spatial::Position> positions;
    if (order.existing.empty()) {
        return positions;
    }
    const Sheet sheet(order.existing);
    const auto placed = place(network, sheet, points_of(sheet, order.gcj02), order.gcj02);
    for (const auto& position : placed.positions) {
        if (position) {
            positions.push_back(*position);
            ground.state.push_back(spatial::SiteState::existing);
            ground.cost.push_back(1);
        }
    }
    return positions;
}

Ground read_ground(const SiteOrder& order) {
    const auto profile = spatial::load_profile(order.profile);
    const auto network = spatial::load_network(order.network);
    Ground ground{Sheet(order.doors), Sheet(order.candidates), {}, {}, {}, {}, {}, {}};
    const auto put = [&](const Sheet& sheet) {
        return place(network, sheet, points_of(sheet, order.gcj02), order.gcj02);
    };
    ground.doors = doors_of(ground.door_sheet, put(ground.door_sheet));
    if (ground.site_sheet.rows.empty()) {
        throw invalid(ground.site_sheet.file, "nothing_to_choose", "there is no candidate");
    }
    const auto candidates = put(ground.site_sheet);
    add_candidates(ground, candidates);
    std::vector<spatial::Position> sites;
    for (const auto row : ground.site_rows) {
        sites.push_back(*candidates.positions[row]);
    }
    const auto existing = add_existing(order, network, ground);
    sites.insert(sites.end(), existing.begin(), existing.end());
    ground.limit =
        spatial::limit_for(profile, order.group, static_cast<std::uint32_t>(order.minutes));
    spatial::Search search(network);
    const auto& doors = ground.doors.dwellings.positions;
    const std::vector<spatial::Ms> limits(doors.size(), ground.limit);
    ground.reach = spatial::reach_of(network, search, sites, doors, limits);
    ground.value = values(order, ground);
    return ground;
}

spatial::CoverTask cover_task(const SiteOrder& order, const Ground& ground) {
    spatial::CoverTask task;
    task.reach = ground.reach.demands;
    task.value = ground.value;
    task.state = ground.state;
    task.budget = order.number;
    if (order.budget > 0 || (order.kind == "cover_all" && ground.site_sheet.has("cost"))) {
        task.cost = ground.cost;
        task.budget = order.budget;
    }
    const auto now = spatial::served(task, {});
    spatial::favour_worst_off(task.value, ground.doors.dwellings.area, now, order.equity);
    return task;
}

Answer max_cover(const SiteOrder& order, const Ground& ground, const spatial::Effort& effort) {
    const auto task = cover_task(order, ground);
    const auto plan = spatial::most_covered(task, effort);
    Answer answer{plan.sites, plan.adds, {}, "value", plan.before, plan.covered, plan.bound};
    if (!order.phases.empty()) {
        const auto parts = spatial::phases(task, plan, order.phases, effort);
        for (const auto site : plan.sites) {
            const auto part = std::find_if(parts.begin(), parts.end(), [&](const auto& some) {
                return std::find(some.begin(), some.end(), site) != some.end();
            });
            answer.phase.push_back(static_cast<std::size_t>(part - parts.begin()) + 1);
        }
    }
    return answer;
}

Answer cover_all(const SiteOrder& order, const Ground& ground, const spatial::Effort& effort) {
    const auto all = spatial::cover_share(cover_task(order, ground), order.share, effort);
    if (all.out_of_reach > 0) {
        std::fprintf(
            stderr, "%s: %.1f are within reach of no site and are left out\n",
            ground.door_sheet.file.c_str(), static_cast<double>(all.out_of_reach) / 1000
        );
    }
    return {all.plan.sites, all.plan.adds, {}, "cost", 0, all.cost, all.bound};
}

Answer median(const SiteOrder& order, const Ground& ground, const spatial::Effort& effort) {
    const spatial::MedianTask task{
        ground.reach, ground.value, ground.state, ground.limit,
        static_cast<std::size_t>(order.number)};
    const auto found = spatial::shortest_walks(task, effort);
    return {found.sites, found.saves, {}, "value_ms", found.before, found.total, found.bound};
}

Answer centre(const SiteOrder& order, const Ground& ground, const spatial::Effort& effort) {
    const auto found = spatial::shortest_farthest(
        {ground.reach, ground.value.size(), ground.state, static_cast<std::size_t>(order.number)},
        effort
    );
    Answer answer{found.sites, {}, {}, "ms", 0, found.farthest, found.bound};
    answer.adds = spatial::measured(cover_task(order, ground), found.sites).adds;
    return answer;
}

Answer study(const SiteOrder& order, const Ground& ground) {
    spatial::Effort effort;
    effort.seed = order.seed;
    effort.work = static_cast<std::uint64_t>(static_cast<double>(effort.work) * order.effort);
    if (order.kind == "cover_all") {
        return cover_all(order, ground, effort);
    }
    if (order.number <= 0 && (order.kind != "max_cover" || order.budget <= 0)) {
        throw invalid("--number", "budget_malformed", "say how many sites, or the budget");
    }
    if (order.kind == "median") {
        return median(order, ground, effort);
    }
    return order.kind == "centre" ? centre(order, ground, effort)
                                  : max_cover(order, ground, effort);
}

std::string name_of(const Ground& ground, std::uint32_t site) {
    const auto& sheet = ground.site_sheet;
    const auto row = ground.site_rows[site];
    return sheet.has("name") ? sheet.rows[row][sheet.column("name")]
                             : "line " + std::to_string(sheet.lines[row]);
}

std::string sites_csv(const Ground& ground, const Answer& answer) {
    std::string text;
    append_csv_row(text, {"order", "name", "lon", "lat", "line", "cost", "phase", "adds"});
    const auto& sheet = ground.site_sheet;
    for (std::size_t k = 0; k < answer.sites.size(); ++k) {
        const auto site = answer.sites[k];
        const auto row = ground.site_rows[site];
        append_csv_row(
            text, {std::to_string(k + 1), name_of(ground, site),
                   sheet.rows[row][sheet.column("lon")], sheet.rows[row][sheet.column("lat")],
                   std::to_string(sheet.lines[row]), std::to_string(ground.cost[site]),
                   std::to_string(answer.phase.empty() ? 1 : answer.phase[k]),
                   std::to_string(answer.adds[k])}
        );
    }
    return text;
}

/// Of each area what is covered before and after, and all, in thousandths.
Value::List areas_of(const Ground& ground, const Answer& answer) {
    spatial::CoverTask task;
    task.reach = ground.reach.demands;
    task.value = ground.value;
    task.state = ground.state;
    const auto before = spatial::served(task, {}), after = spatial::served(task, answer.sites);
    std::vector<std::array<std::int64_t, 3>> sums(ground.doors.area_names.size());
    const auto add = [&](std::size_t area, std::size_t i) {
        sums[area][0] += before[i] ? ground.value[i] : 0;
        sums[area][1] += after[i] ? ground.value[i] : 0;
        sums[area][2] += ground.value[i];
    };
    for (std::size_t i = 0; i < before.size(); ++i) {
        add(0, i);
        if (ground.doors.dwellings.area[i] != 0) {
            add(ground.doors.dwellings.area[i], i);
        }
    }
    Value::List list;
    for (std::size_t a = 0; a < sums.size(); ++a) {
        list.push_back(obj(
            {{"area", ground.doors.area_names[a]},
             {"before", sums[a][0]},
             {"covered", sums[a][1]},
             {"all", sums[a][2]}}
        ));
    }
    return list;
}

std::string report_json(const SiteOrder& order, const Ground& ground, const Answer& answer) {
    Value::List sites;
    for (std::size_t k = 0; k < answer.sites.size(); ++k) {
        const auto phase = answer.phase.empty() ? 1 : answer.phase[k];
        sites.push_back(obj(
            {{"name", name_of(ground, answer.sites[k])}, {"adds", answer.adds[k]}, {"phase", phase}}
        ));
    }
    const auto greater = static_cast<double>(std::max(answer.figure, answer.bound));
    const auto apart = static_cast<double>(std::abs(answer.figure - answer.bound));
    return to_json_pretty(obj(
               {{"kind", order.kind},
                {"minutes", order.minutes},
                {"unit", answer.unit},
                {"before", answer.before},
                {"figure", answer.figure},
                {"bound", answer.bound},
                {"gap", greater > 0 ? apart / greater : 0.0},
                {"sites", std::move(sites)},
                {"areas", areas_of(ground, answer)}}
           )) +
           "\n";
}

/// Both files appear only once both are written.
void write_both(const SiteOrder& order, const std::string& sites, const std::string& report) {
    const std::array files = {std::pair{order.out, &sites}, std::pair{order.report, &report}};
    for (const auto& [file, text] : files) {
        std::ofstream part(file.string() + ".part", std::ios::binary | std::ios::trunc);
        part << *text;
        if (!part.flush()) {
            throw invalid(file.string(), "file_unwritable", "the answer cannot be written");
        }
    }
    for (const auto& [file, text] : files) {
        std::filesystem::rename(file.string() + ".part", file);
    }
}

/// Before, covered and all of each area in a report.
std::map<std::string, std::array<std::int64_t, 3>> areas_in(const std::filesystem::path& file) {
    const auto report = parse_json(spatial::read_whole_file(file), {.bytes = 64 << 20});
    const auto* areas = report.find("areas");
    if (areas == nullptr || areas->as_list() == nullptr || areas->as_list()->empty()) {
        throw invalid(file.string(), "no_plan", "this is no report of a siting study");
    }
    std::map<std::string, std::array<std::int64_t, 3>> out;
    for (const auto& area : *areas->as_list()) {
        out[area.text_or("area")] = {
            area.int_or("before"), area.int_or("covered"), area.int_or("all")};
    }
    return out;
}

}  // namespace

int spatial_site(const SiteOrder& order) {
    const auto ground = read_ground(order);
    const auto answer = study(order, ground);
    write_both(order, sites_csv(ground, answer), report_json(order, ground, answer));
    std::printf(
        "%s: %lld %s with %zu sites, proven bound %lld\n", order.kind.c_str(),
        static_cast<long long>(answer.figure), answer.unit.c_str(), answer.sites.size(),
        static_cast<long long>(answer.bound)
    );
    return 0;
}

int spatial_compare(const std::filesystem::path& one, const std::filesystem::path& other) {
    const auto ours = areas_in(one), theirs = areas_in(other);
    std::string text;
    append_csv_row(text, {"area", "all", "before", "one", "other", "other_less_one"});
    for (const auto& [area, figures] : ours) {
        const auto found = theirs.find(area);
        if (found == theirs.end() || found->second[2] != figures[2]) {
            throw invalid(
                other.string(), "plans_differ", "area " + area + " is not the same as in the first"
            );
        }
        const auto there = found->second[1];
        append_csv_row(
            text,
            {area, std::to_string(figures[2]), std::to_string(figures[0]),
             std::to_string(figures[1]), std::to_string(there), std::to_string(there - figures[1])}
        );
    }
    std::fputs(text.c_str(), stdout);
    return 0;
}

}  // namespace linli::app
