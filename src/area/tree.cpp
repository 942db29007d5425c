// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <numeric>
#include <set>
#include <unordered_set>

#include "area/area.hpp"

namespace linli::area {

void TreeParts::add(const Version& version) {
    add(version.area, version.code, version.name, version.level, version.kind, version.parent,
        version.urban_rural, version.counted);
}

void TreeParts::add(
    AreaId id, std::string_view code, std::string_view name, Level level, Kind kind, AreaId parent,
    UrbanRural urban_rural, bool counted
) {
    Part part;
    part.node.id = id;
    part.node.level = level;
    part.node.kind = kind;
    part.node.urban_rural = urban_rural;
    part.node.counted = counted;
    part.parent = parent;
    part.text = m_text.size();
    part.code_size = static_cast<std::uint32_t>(code.size());
    part.name_size = static_cast<std::uint32_t>(name.size());
    m_text += code;
    m_text += name;
    m_parts.push_back(part);
}

void TreeParts::inherit(
    AreaId before, AreaId after, Level level, County county, const Above& above
) {
    m_bequests.push_back({before, after, level, county, above, false});
}

void TreeParts::come_from(
    AreaId later, AreaId origin, Level level, County county, const Above& above
) {
    m_bequests.push_back({later, origin, level, county, above, true});
}

namespace {

/// Children of each part, in order of code: `first[i]` to `first[i + 1]` of `of`. Roots are those
/// of part n.
struct Families {
    std::vector<std::int32_t> first, of;
};

Families families(
    const std::vector<std::int32_t>& by_code, const std::vector<std::int32_t>& parent_of
) {
    const auto n = parent_of.size();
    Families result;
    result.first.assign(n + 2, 0);
    const auto slot = [&](std::int32_t part) {
        return parent_of[part] < 0 ? n : static_cast<std::size_t>(parent_of[part]);
    };
    for (const auto part : by_code) {
        ++result.first[slot(part) + 1];
    }
    std::partial_sum(result.first.begin(), result.first.end(), result.first.begin());
    auto next = result.first;
    result.of.resize(n);
    for (const auto part : by_code) {
        result.of[next[slot(part)]++] = part;
    }
    return result;
}

/// Parts in depth-first order, siblings in order of code. What hangs on itself is never reached.
std::vector<std::int32_t> depth_first(const Families& all) {
    const auto roots = all.first.size() - 2;
    std::vector<std::int32_t> order, stack;
    const auto push = [&](std::size_t slot) {
        for (auto i = all.first[slot + 1]; i > all.first[slot]; --i) {
            stack.push_back(all.of[i - 1]);
        }
    };
    push(roots);
    while (!stack.empty()) {
        const auto part = stack.back();
        stack.pop_back();
        order.push_back(part);
        push(static_cast<std::size_t>(part));
    }
    return order;
}

}  // namespace

Tree::Tree(Date at, const std::vector<Version>& versions, const Counties& counties) : m_at(at) {
    TreeParts parts;
    for (const auto& version : versions) {
        parts.add(version);
    }
    build(std::move(parts), counties);
}

Tree::Tree(Date at, TreeParts parts, const Counties& counties) : m_at(at) {
    build(std::move(parts), counties);
}

void Tree::build(TreeParts parts, const Counties& counties) {
    m_text = std::move(parts.m_text);
    auto& list = parts.m_parts;
    const auto n = list.size();
    for (auto& part : list) {
        part.node.code = std::string_view(m_text).substr(part.text, part.code_size);
        part.node.name =
            std::string_view(m_text).substr(part.text + part.code_size, part.name_size);
    }
    std::vector<std::int32_t> by_code(n), by_id(n), parent_of(n, -1);
    std::iota(by_code.begin(), by_code.end(), 0);
    by_id = by_code;
    std::sort(by_code.begin(), by_code.end(), [&](auto a, auto b) {
        const auto order = list[a].node.code.compare(list[b].node.code);
        return order != 0 ? order < 0 : list[a].node.id < list[b].node.id;
    });
    std::sort(by_id.begin(), by_id.end(), [&](auto a, auto b) {
        return list[a].node.id < list[b].node.id;
    });
    for (std::size_t i = 0; i < n; ++i) {
        const auto found =
            std::lower_bound(by_id.begin(), by_id.end(), list[i].parent, [&](auto part, AreaId id) {
                return list[part].node.id < id;
            });
        if (found != by_id.end() && list[*found].node.id == list[i].parent) {
            parent_of[i] = *found;
        }
    }
    const auto order = depth_first(families(by_code, parent_of));
    std::vector<std::int32_t> place(n, -1);
    m_nodes.reserve(order.size());
    for (const auto part : order) {
        place[part] = static_cast<std::int32_t>(m_nodes.size());
        auto& node = m_nodes.emplace_back(list[part].node);
        node.parent = parent_of[part] < 0 ? -1 : place[parent_of[part]];
        node.end = place[part] + 1;
        const auto number = node.level <= Level::county ? counties.find(node.id) : counties.end();
        node.county_number = number != counties.end() ? number->second
                             : node.parent >= 0       ? m_nodes[node.parent].county_number
                                                      : 0;
    }
    for (auto i = static_cast<std::int32_t>(m_nodes.size()) - 1; i >= 0; --i) {
        if (const auto up = m_nodes[i].parent; up >= 0) {
            m_nodes[up].end = std::max(m_nodes[up].end, m_nodes[i].end);
        }
    }
    const auto keep_placed = [&](const std::vector<std::int32_t>& from, auto& to) {
        to.reserve(m_nodes.size());
        for (const auto part : from) {
            if (place[part] >= 0) {
                to.push_back(place[part]);
            }
        }
    };
    keep_placed(by_id, m_by_id);
    keep_placed(by_code, m_by_code);
    for (std::size_t i = 0; i < m_nodes.size(); ++i) {
        if (m_nodes[i].level == Level::county) {
            m_counties[m_nodes[i].county_number] = static_cast<std::int32_t>(i);
        }
    }
    settle(parts.m_bequests);
}

/// Follows each bequest to the area of this tree that has it in the end.
void Tree::settle(const std::vector<TreeParts::Bequest>& bequests) {
    std::unordered_map<AreaId, AreaId> next, origin;
    for (const auto& one : bequests) {
        if (one.before != one.after) {
            one.back ? void(origin.try_emplace(one.before, one.after))
                     : void(next[one.before] = one.after);  // the latest comes last
        }
    }
    const auto home_of = [&](AreaId id) {
        auto at = index(id);
        for (std::size_t steps = 0; at < 0 && steps < bequests.size(); ++steps) {
            auto found = next.find(id);
            if (found == next.end() && (found = origin.find(id)) == origin.end()) {
                break;
            }
            id = found->second;
            at = index(id);
        }
        return at;
    };
    for (const auto& one : bequests) {
        const auto at = home_of(one.back ? one.before : one.after);
        if (at >= 0) {
            m_by_heir.push_back({one.before, one.level, one.county, at, one.above});
        }
    }
    m_by_area = m_by_heir;
    std::stable_sort(m_by_heir.begin(), m_by_heir.end(), [](const auto& a, const auto& b) {
        return a.heir < b.heir;
    });
    std::stable_sort(m_by_area.begin(), m_by_area.end(), [](const auto& a, const auto& b) {
        return a.area < b.area;
    });
    settle_departed();
}

void Tree::settle_departed() {
    for (std::size_t i = 0; i < m_by_area.size(); ++i) {
        for (const auto above : m_by_area[i].above) {
            const auto at = above ? index(above) : -1;
            const auto home = m_by_area[i].heir;
            if (above && (at < 0 || home < at || home >= m_nodes[at].end)) {
                m_by_above.emplace_back(above, i);
            }
        }
    }
    std::sort(m_by_above.begin(), m_by_above.end());
}

const Node* Tree::county(County number) const {
    const auto found = m_counties.find(number);
    return found == m_counties.end() ? nullptr : &m_nodes[found->second];
}

std::span<const Inherited> Tree::heritage(AreaId outer) const {
    const auto at = index(outer);
    if (at < 0) {
        return {};
    }
    const auto before = [](const Inherited& one, std::int32_t place) { return one.heir < place; };
    const auto from = std::lower_bound(m_by_heir.begin(), m_by_heir.end(), at, before);
    const auto to = std::lower_bound(from, m_by_heir.end(), m_nodes[at].end, before);
    return {from, to};
}

std::vector<Inherited> Tree::inherited(AreaId outer) const {
    const auto all = heritage(outer);
    if (all.empty()) {
        return {};
    }
    std::unordered_set<AreaId> named{outer};
    for (const auto& one : all) {
        named.insert(one.area);
    }
    std::vector<Inherited> result(all.begin(), all.end());
    std::erase_if(result, [&](const Inherited& one) {
        return one.area == outer ||
               std::any_of(one.above.begin(), one.above.end(), [&](AreaId above) {
                   return named.contains(above);
               });
    });
    return result;
}

std::vector<Inherited> Tree::departed(AreaId outer) const {
    const auto at = index(outer);
    if (at < 0 || m_by_above.empty()) {
        return {};
    }
    std::vector<AreaId> named{outer};
    for (const auto& one : heritage(outer)) {
        named.push_back(one.area);
    }
    for (const auto& [number, place] : m_counties) {
        if (m_nodes[at].level < Level::county && place > at && place < m_nodes[at].end) {
            named.push_back(m_nodes[place].id);
        }
    }
    std::set<std::size_t> found;
    for (const auto id : named) {
        auto one = std::lower_bound(m_by_above.begin(), m_by_above.end(), std::pair(id, 0UL));
        for (; one != m_by_above.end() && one->first == id; ++one) {
            const auto home = m_by_area[one->second].heir;
            if (home < at || home >= m_nodes[at].end) {
                found.insert(one->second);
            }
        }
    }
    std::vector<Inherited> result;
    for (const auto place : found) {
        result.push_back(m_by_area[place]);
    }
    return result;
}

const Inherited* Tree::filed(AreaId id) const {
    const auto found = std::lower_bound(
        m_by_area.begin(), m_by_area.end(), id,
        [](const Inherited& one, AreaId wanted) { return one.area < wanted; }
    );
    return found != m_by_area.end() && found->area == id ? &*found : nullptr;
}

AreaId Tree::heir(AreaId id) const {
    const auto* found = filed(id);
    return found ? m_nodes[found->heir].id : AreaId{};
}

bool Tree::inherits(AreaId outer, const Filing& filing) const {
    if (m_by_area.empty()) {
        return false;
    }
    const AreaId filed[] = {
        filing.area, filing.grid, filing.community, filing.subdistrict, filing.county};
    return std::any_of(std::begin(filed), std::end(filed), [&](AreaId one) {
        const auto last = one ? heir(one) : AreaId{};
        return last && within(last, outer);
    });
}

std::int32_t Tree::index(AreaId id) const {
    const auto found =
        std::lower_bound(m_by_id.begin(), m_by_id.end(), id, [&](auto at, AreaId wanted) {
            return m_nodes[at].id < wanted;
        });
    return found != m_by_id.end() && m_nodes[*found].id == id ? *found : -1;
}

const Node* Tree::find(AreaId id) const {
    const auto at = index(id);
    return at < 0 ? nullptr : &m_nodes[at];
}

const Node* Tree::find_code(std::string_view code) const {
    const auto found = std::lower_bound(
        m_by_code.begin(), m_by_code.end(), code,
        [&](auto at, std::string_view wanted) { return m_nodes[at].code < wanted; }
    );
    return found != m_by_code.end() && m_nodes[*found].code == code ? &m_nodes[*found] : nullptr;
}

std::span<const Node> Tree::subtree(AreaId id) const {
    const auto at = index(id);
    return at < 0 ? std::span<const Node>() : std::span(m_nodes).subspan(at, m_nodes[at].end - at);
}

std::vector<const Node*> Tree::children(AreaId id) const {
    std::vector<const Node*> result;
    auto at = id ? index(id) : -1;
    if (id && at < 0) {
        return result;
    }
    const auto end = id ? m_nodes[at].end : static_cast<std::int32_t>(m_nodes.size());
    for (++at; at < end; at = m_nodes[at].end) {
        result.push_back(&m_nodes[at]);
    }
    return result;
}

std::vector<const Node*> Tree::path(AreaId id) const {
    std::vector<const Node*> result;
    for (auto at = index(id); at >= 0; at = m_nodes[at].parent) {
        result.push_back(&m_nodes[at]);
    }
    std::reverse(result.begin(), result.end());
    return result;
}

const Node* Tree::parent(AreaId id) const {
    const auto* node = find(id);
    return node && node->parent >= 0 ? &m_nodes[node->parent] : nullptr;
}

bool Tree::within(AreaId inner, AreaId outer) const {
    const auto in = index(inner), out = index(outer);
    return in >= 0 && out >= 0 && out <= in && in < m_nodes[out].end;
}

const Node* Tree::ancestor(AreaId id, Level level) const {
    for (auto at = index(id); at >= 0; at = m_nodes[at].parent) {
        if (m_nodes[at].level == level) {
            return &m_nodes[at];
        }
    }
    return nullptr;
}

Filing Tree::filing(AreaId id) const {
    auto at = index(id);
    if (at < 0) {
        throw not_found("area");
    }
    Filing filing;
    filing.area = id;
    filing.county_number = m_nodes[at].county_number;
    for (; at >= 0; at = m_nodes[at].parent) {
        switch (m_nodes[at].level) {
            case Level::county:
                filing.county = m_nodes[at].id;
                break;
            case Level::subdistrict:
                filing.subdistrict = m_nodes[at].id;
                break;
            case Level::community:
                filing.community = m_nodes[at].id;
                break;
            case Level::grid:
                filing.grid = m_nodes[at].id;
                break;
            default:
                break;
        }
    }
    return filing;
}

std::vector<County> Tree::counties_under(AreaId id) const {
    const auto at = index(id);
    if (at < 0) {
        return {};
    }
    if (m_nodes[at].county_number != 0) {
        return {m_nodes[at].county_number};
    }
    std::vector<County> result{0};
    for (auto i = at; i < m_nodes[at].end;) {
        const auto& node = m_nodes[i];
        if (node.county_number != 0) {
            result.push_back(node.county_number);
            i = node.end;
        } else {
            ++i;
        }
    }
    std::sort(result.begin(), result.end());
    return result;
}

std::vector<const Node*> Tree::search(std::string_view words, AreaId under, int limit) const {
    std::vector<const Node*> result;
    const auto where = under ? subtree(under) : all();
    for (const auto& node : where) {
        if (result.size() >= static_cast<std::size_t>(std::max(limit, 0))) {
            break;
        }
        if (node.name.find(words) != std::string_view::npos ||
            node.code.find(words) != std::string_view::npos) {
            result.push_back(&node);
        }
    }
    return result;
}

}  // namespace linli::area
