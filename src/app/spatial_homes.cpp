// SPDX-License-Identifier: Apache-2.0
#include "app/spatial_homes.hpp"

#include <algorithm>
#include <cstdio>
#include <map>
#include <set>

#include "app/output_file.hpp"
#include "base/error.hpp"

namespace linli::app {

std::uint32_t Names::number(const std::string& name) {
    const auto [at, fresh] =
        m_numbers.try_emplace(name, static_cast<std::uint32_t>(m_names.size()));
    if (fresh) {
        m_names.push_back(name);
    }
    return at->second;
}

const std::uint32_t* Names::find(const std::string& name) const {
    const auto at = m_numbers.find(name);
    return at == m_numbers.end() ? nullptr : &at->second;
}

HomeSheet::HomeSheet(
    const std::filesystem::path& path, const spatial::Network& network, bool gcj02, bool with_jobs
)
    : sheet(path) {
    const auto points = points_of(sheet, gcj02);
    const auto placed = place(network, sheet, points, gcj02);
    const auto area = sheet.column("area"), households = sheet.column("households");
    const auto optional = [&](const char* name) {
        return sheet.has(name) ? static_cast<std::ptrdiff_t>(sheet.column(name)) : -1;
    };
    const auto person = optional("persons"), job = optional("jobs"), in_grid = optional("grid"),
               in_compound = optional("compound"), in_class = optional("class");
    const auto count = [&](std::size_t row, std::ptrdiff_t column, double most) {
        return column < 0 ? 0
                          : static_cast<std::uint32_t>(
                                sheet.number(row, static_cast<std::size_t>(column), 0, most)
                            );
    };
    for (std::size_t row = 0; row < sheet.rows.size(); ++row) {
        const auto& cells = sheet.rows[row];
        const auto homes_here = count(row, static_cast<std::ptrdiff_t>(households), 100'000);
        const auto jobs_here = count(row, job, 1e6);
        if (!placed.positions[row] || (homes_here == 0 && !(with_jobs && jobs_here > 0))) {
            continue;
        }
        rows.push_back(row);
        homes.positions.push_back(*placed.positions[row]);
        homes.doors.push_back(points[row]);
        homes.households.push_back(homes_here);
        homes.area.push_back(areas.number(cells[area]));
        persons.push_back(count(row, person, 1e6));
        jobs.push_back(jobs_here);
        rural.resize(areas.size(), false);
        if (in_class >= 0 && cells[static_cast<std::size_t>(in_class)] == "rural") {
            rural[homes.area.back()] = true;
        }
        if (in_grid >= 0) {
            grid.push_back(grids.number(cells[static_cast<std::size_t>(in_grid)]));
        }
        if (in_compound >= 0) {
            compound.push_back(compounds.number(cells[static_cast<std::size_t>(in_compound)]));
        }
    }
    if (homes.size() == 0) {
        throw invalid(sheet.file, "no_households", "nobody lives in any of these dwellings");
    }
}

spatial::Barriers barriers_from(const std::filesystem::path& path) {
    return path.empty() ? spatial::Barriers()
                        : spatial::read_barriers(spatial::read_whole_file(path));
}

std::string place_words(spatial::Point point) {
    char text[64];
    std::snprintf(
        text, sizeof text, "%.5f, %.5f", point.lon / spatial::degree, point.lat / spatial::degree
    );
    return text;
}

void write_groups(
    const std::filesystem::path& path, const spatial::Network& network, const spatial::Homes& homes,
    const std::vector<std::uint32_t>& group, const std::vector<std::string>& properties
) {
    std::set<std::pair<std::uint32_t, std::uint32_t>> streets;  // group, chain
    for (std::size_t h = 0; h < homes.size(); ++h) {
        streets.emplace(group[h], homes.positions[h].chain);
    }
    OutputFile file(path);
    file.text = R"({"type":"FeatureCollection","features":[)";
    auto last = ~std::uint32_t{0};
    for (const auto& [number, chain] : streets) {
        if (number != last) {
            file.text += last == ~std::uint32_t{0} ? "\n" : "]}},\n";
            file.text += R"({"type":"Feature","properties":{)" + properties[number] +
                         R"(,"made_up":)" + (network.made_up ? "true" : "false") +
                         R"(},"geometry":{"type":"MultiLineString","coordinates":[)";
        } else {
            file.text += ',';
        }
        last = number;
        file.text += '[';
        for (std::size_t i = 0; i < network.points_on(chain); ++i) {
            file.text += i == 0 ? "" : ",";
            append_position(file.text, network.points[network.point_of(chain, i)]);
        }
        file.text += ']';
        file.flush();
    }
    file.text += "]}}\n]}\n";
    file.finish();
}

}  // namespace linli::app
