// SPDX-License-Identifier: Apache-2.0
#include "area/routes.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace linli::area {

namespace {

struct AreaAnswer {
    AreaId id;
    std::string_view code, name;
    Level level{};
    Kind kind{};
    UrbanRural urban_rural{};
    bool counted = true;
    AreaId parent;
    std::int64_t children = 0;
    static constexpr auto fields = std::tuple{
        field("id", &AreaAnswer::id),
        field("code", &AreaAnswer::code),
        field("name", &AreaAnswer::name),
        field("level", &AreaAnswer::level),
        field("kind", &AreaAnswer::kind),
        field("urban_rural", &AreaAnswer::urban_rural),
        field("counted", &AreaAnswer::counted),
        field("parent", &AreaAnswer::parent),
        field("children", &AreaAnswer::children)};
};
struct AreasAnswer {
    std::vector<AreaAnswer> areas;
    std::int64_t total = 0;
    std::shared_ptr<const Tree> tree;  ///< keeps the texts alive until they are sent
    static constexpr auto fields =
        std::tuple{field("areas", &AreasAnswer::areas), field("total", &AreasAnswer::total)};
};

AreaId area_asked(const http::Call& call, const Tree& tree) {
    AreaId id;
    const auto text = call.query("under");
    if (text && (!parse_id(*text, id.value) || !tree.find(id))) {
        throw not_found("area");
    }
    return id;
}

std::shared_ptr<const Tree> tree_asked(const Areas& areas, const http::Call& call) {
    const auto text = call.query("at");
    if (!text) {
        return areas.today();
    }
    const auto date = parse_date(*text);
    if (!date) {
        throw malformed("query_malformed", "at is a date such as 2025-05-08");
    }
    return areas.on(*date);
}

std::optional<Level> level_asked(const http::Call& call) {
    const auto text = call.query("level");
    if (!text) {
        return std::nullopt;
    }
    const auto level = parse_name<Level>(*text);
    if (!level) {
        throw malformed("query_malformed", "there is no level " + *text);
    }
    return level;
}

/// The tops of the caller's grants; for nobody in particular, the roots.
std::vector<const Node*> tops(const http::Caller& caller, const Tree& tree) {
    std::vector<const Node*> all;
    for (const auto& grant : caller.grants) {
        if (const auto* node = tree.find(grant.area)) {
            all.push_back(node);
        }
    }
    std::sort(all.begin(), all.end());  // in tree order, so what is inside follows what it is in
    std::vector<const Node*> result;
    for (const auto* node : all) {
        if (result.empty() || !tree.within(node->id, result.back()->id)) {
            result.push_back(node);
        }
    }
    return all.empty() ? tree.children({}) : result;
}

bool fits(const Node& node, std::optional<Level> level, std::string_view words) {
    return (!level || node.level == *level) && (node.name.find(words) != std::string_view::npos ||
                                                node.code.find(words) != std::string_view::npos);
}

std::vector<const Node*> asked_nodes(const http::Call& call, const Tree& tree) {
    const auto under = area_asked(call, tree);
    const auto level = level_asked(call);
    const auto words = tidy(call.query("q").value_or(""));
    if (!level && words.empty()) {
        return under ? tree.children(under) : tops(call.caller, tree);
    }
    std::vector<const Node*> result;
    for (const auto& node : under ? tree.subtree(under) : tree.all()) {
        if (fits(node, level, words)) {
            result.push_back(&node);
        }
    }
    return result;
}

AreasAnswer list_areas(const Areas& areas, http::Call& call) {
    AreasAnswer answer;
    answer.tree = tree_asked(areas, call);
    const auto& tree = *answer.tree;
    const auto nodes = asked_nodes(call, tree);
    answer.total = static_cast<std::int64_t>(nodes.size());
    const auto limit = static_cast<std::size_t>(call.query_int("limit", 500, 1, 5000));
    for (std::size_t i = 0; i < std::min(limit, nodes.size()); ++i) {
        const auto& node = *nodes[i];
        const auto* parent = tree.parent(node.id);
        answer.areas.push_back(
            {node.id, node.code, node.name, node.level, node.kind, node.urban_rural, node.counted,
             parent ? parent->id : AreaId{},
             static_cast<std::int64_t>(tree.children(node.id).size())}
        );
    }
    return answer;
}

}  // namespace

void routes(http::Router& r, Areas& areas) {
    r.get(
         "/api/areas", [&areas](http::Call& call) { return list_areas(areas, call); }, "",
         http::Scope::open, "Areas: below one, of a level, or by words"
    )
        .query("under", "below this area; without it, the areas of the caller")
        .query("level", "all areas of this level below, not only the children")
        .query("q", "part of name or code")
        .query("at", "the tree of this date")
        .query("limit", "1 to 5000")
        .id_fields({"query:under"});
}

}  // namespace linli::area
