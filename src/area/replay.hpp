// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Two official lists of the same places, years apart: what became of each area. Codes are given
/// again to others, so names, parents and what is left over tell.
#include <istream>
#include <map>

#include "area/decision.hpp"
#include "area/import.hpp"

namespace linli::area {

enum class Rule : std::uint8_t {
    same,         ///< code, name, parent
    renamed,      ///< the same code, the same name but for its kind (village, community)
    recoded,      ///< the same name under the same parent
    moved,        ///< the same name elsewhere in the county, else in the city; the only one
    merged_name,  ///< several whose names are in the new one's
    split_name,   ///< its name is in that of a new one beside it
    merged_rest,  ///< all that is left over of a town, and one new area
    together,     ///< what is left over of a town became its new areas; who which, nobody can tell
};
constexpr auto names(Rule) {
    return std::array{"same",        "renamed",    "recoded",     "moved",
                      "merged_name", "split_name", "merged_rest", "together"};
}
struct Explained {
    Rule rule{};
    std::vector<int> before, after;  ///< rows of the two lists
};
struct Explanation {
    std::vector<Explained> found;
    std::vector<int> gone, fresh;   ///< could not be explained: rows of the first, of the second
    std::int64_t codes_reused = 0;  ///< codes that another area bears in the second list
};
Explanation explain(const std::vector<ImportRow>& before, const std::vector<ImportRow>& after);

/// A list with at least code, parent and name; other columns are passed over. A parent that is no
/// row is none.
std::vector<ImportRow> read_list(std::istream&);

/// Imports both lists with their days and writes what was explained as applied decisions with
/// lineage, so that figures can be restated. Returns the number of decisions.
std::int64_t write_history(
    store::Tx&, const std::vector<ImportRow>& before, Date from,
    const std::vector<ImportRow>& after, Date to, const Explanation&, Instant now
);

}  // namespace linli::area
