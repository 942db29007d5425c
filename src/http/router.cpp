// SPDX-License-Identifier: Apache-2.0
#include "http/router.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>

namespace linli::http {

/// One segment deep. `parameters` are tried after the literals, longest suffix first ("{kind}.csv"
/// before "{kind}").
struct Router::Node {
    struct Parameter {
        std::string suffix;
        std::unique_ptr<Node> node;
    };
    std::map<std::string, std::unique_ptr<Node>, std::less<>> literals;
    std::vector<Parameter> parameters;
    std::map<std::string, const Route*, std::less<>> routes;  ///< by method
};

namespace {

struct Segment {
    std::string literal;    ///< whole segment, or what follows the parameter
    std::string parameter;  ///< "" = literal
};

std::vector<Segment> segments_of(const Route& route) {
    const auto& path = route.path;
    auto wrong = [&](const char* why) {
        return std::runtime_error("route " + route.method + " " + path + ": " + why);
    };
    if (path.empty() || path.front() != '/') {
        throw wrong("a path begins with /");
    }
    std::vector<Segment> segments;
    for (auto part : split(std::string_view(path).substr(1), '/')) {
        if (part.empty() || part.front() != '{') {
            segments.push_back({std::string(part), ""});
            continue;
        }
        auto close = part.find('}');
        if (close == std::string_view::npos || close < 2) {
            throw wrong("a parameter is written {name}");
        }
        segments.push_back(
            {std::string(part.substr(close + 1)), std::string(part.substr(1, close - 1))}
        );
    }
    return segments;
}

std::vector<std::string> parameters_of(const Route& route) {
    std::vector<std::string> names;
    for (auto& segment : segments_of(route)) {
        if (!segment.parameter.empty()) {
            names.push_back(std::move(segment.parameter));
        }
    }
    return names;
}

/// Depth first, literals before parameters; the first node that knows the method wins.
template <class Node>
struct Search {
    std::string_view method;
    const std::vector<std::string_view>& parts;
    std::vector<std::string_view> values = {};
    std::set<std::string> allowed = {};
    const Route* found = nullptr;

    void walk(const Node& node, std::size_t at) {
        if (at == parts.size()) {
            for (const auto& [name, route] : node.routes) {
                allowed.insert(name);
            }
            auto route = node.routes.find(method);
            if (route == node.routes.end() && method == "HEAD") {
                route = node.routes.find("GET");
            }
            found = route == node.routes.end() ? nullptr : route->second;
            return;
        }
        auto part = parts[at];
        if (auto literal = node.literals.find(part); literal != node.literals.end()) {
            walk(*literal->second, at + 1);
        }
        for (const auto& [suffix, child] : node.parameters) {
            if (found) {
                return;
            }
            if (part.size() > suffix.size() && part.ends_with(suffix)) {
                values.push_back(part.substr(0, part.size() - suffix.size()));
                walk(*child, at + 1);
                if (!found) {
                    values.pop_back();
                }
            }
        }
    }
};

void check_ids(const Route& route, const std::vector<std::string>& parameters) {
    auto wrong = [&](const std::string& why) {
        return std::runtime_error("route " + route.method + " " + route.path + ": " + why);
    };
    const bool scoped = route.scope == Scope::area || route.scope == Scope::record;
    if (scoped && route.method != "GET" && !parameters.empty() && route.ids.empty()) {
        throw wrong("it changes something in a scope, so say id_fields({\"path:...\"})");
    }
    for (const auto& id : route.ids) {
        const auto colon = id.find(':');
        const auto where = id.substr(0, colon);
        const auto name = colon == std::string::npos ? "" : id.substr(colon + 1);
        const bool known =
            where == "path"    ? std::count(parameters.begin(), parameters.end(), name) > 0
            : where == "query" ? std::any_of(
                                     route.queries.begin(), route.queries.end(),
                                     [&](const auto& query) { return query.first == name; }
                                 )
                               : where == "body" && !name.empty();
        if (!known) {
            throw wrong(
                "id field \"" + id +
                "\" is neither path:<parameter>, query:<declared> nor body:<field>"
            );
        }
    }
}

void check_route(const Route& route, const std::vector<std::string>& known_rights) {
    auto wrong = [&](const std::string& why) {
        return std::runtime_error("route " + route.method + " " + route.path + ": " + why);
    };
    if (route.summary.empty()) {
        throw wrong("it needs a summary of one sentence");
    }
    if (!route.right.empty() &&
        std::find(known_rights.begin(), known_rights.end(), route.right) == known_rights.end()) {
        throw wrong("no role of the catalogue knows its right \"" + route.right + "\"");
    }
    const auto parameters = parameters_of(route);
    for (const auto& [name, about] : route.queries) {
        if (std::count(parameters.begin(), parameters.end(), name) > 0) {
            throw wrong("query \"" + name + "\" would name the object of the path a second time");
        }
    }
    if (route.idempotent_key && route.method == "GET") {
        throw wrong("once_per_key() is for unsafe methods");
    }
    check_ids(route, parameters);
}

}  // namespace

Route& Router::insert(Route route) {
    if (!m_root) {
        m_root = std::make_shared<Node>();
    }
    Node* node = m_root.get();
    for (const auto& [literal, parameter] : segments_of(route)) {
        if (parameter.empty()) {
            auto& child = node->literals[literal];
            child = child ? std::move(child) : std::make_unique<Node>();
            node = child.get();
            continue;
        }
        auto& list = node->parameters;
        auto same = std::find_if(list.begin(), list.end(), [&](const auto& p) {
            return p.suffix == literal;
        });
        if (same == list.end()) {
            same = std::find_if(list.begin(), list.end(), [&](const auto& p) {
                return p.suffix.size() < literal.size();
            });
            same = list.insert(same, {literal, std::make_unique<Node>()});
        }
        node = same->node.get();
    }
    if (node->routes.count(route.method) > 0) {
        throw std::runtime_error("route " + route.method + " " + route.path + " is there twice");
    }
    route.number = m_routes.size();
    route.parameters = parameters_of(route);
    m_routes.push_back(std::make_unique<Route>(std::move(route)));
    return *(node->routes[m_routes.back()->method] = m_routes.back().get(), m_routes.back());
}

Router::Match Router::find(std::string_view method, std::string_view path) const {
    Match match;
    if (!m_root || path.empty() || path.front() != '/') {
        return match;
    }
    const auto parts = split(path.substr(1), '/');
    Search<Node> search{method, parts};
    search.walk(*m_root, 0);
    match.route = search.found;
    match.path_known = !search.allowed.empty();
    if (match.route) {
        for (std::size_t i = 0; i < search.values.size(); ++i) {
            match.params.emplace_back(match.route->parameters[i], search.values[i]);
        }
    } else {
        if (search.allowed.count("GET") > 0) {
            search.allowed.insert("HEAD");
        }
        match.allow.assign(search.allowed.begin(), search.allowed.end());
    }
    return match;
}

void Router::check(const std::vector<std::string>& known_rights) const {
    for (const auto& route : m_routes) {
        check_route(*route, known_rights);
    }
}

}  // namespace linli::http
