// SPDX-License-Identifier: Apache-2.0
/// The flows of the shipped catalogue, walked: what a flow allows can be done by whomever it names,
/// and what it does not allow is refused to everybody else without a trace. A new kind, state,
/// action or role is tried as soon as it is there.
#include <doctest/doctest.h>

#include <algorithm>
#include <deque>
#include <map>
#include <regex>
#include <set>

#include "app/scope_world.hpp"

namespace linli::app::testing {

namespace {

using catalogue::ActionSpec;
using catalogue::Kind;

constexpr std::size_t nodes_most = 400;  ///< of one kind; a flow that needs more is a question
constexpr int refused_at_most = 2;       ///< nodes of one state at which refusals are tried

bool has(const std::vector<std::string>& list, const std::string& word) {
    return std::find(list.begin(), list.end(), word) != list.end();
}

struct Actor {
    Client client;
    std::string role;
    UnitId unit;
};
/// Who acted, by place in the list of actors, and how.
struct Step {
    std::size_t actor;
    std::string action;
};
struct Node {
    std::vector<Step> path;  ///< from the filing on
    std::string state;
};

class Walk {
 public:
    explicit Walk(TestApp& in) : m_app(in) { make_actors(); }

    /// Walks one kind; what of its flow could not be taken, in words.
    std::vector<std::string> run(const Kind& kind);
    int taken = 0, refused = 0;

 private:
    void make_actors();
    void add_actor(const Client& client, const std::string& role);
    std::string file();
    std::string replay(const std::vector<Step>& path);
    Value body_for(const ActionSpec& action, const Reply& record);
    Value sample(const catalogue::FieldSpec& field) const;
    UnitId other_department(const Reply& record) const;
    /// Names of actions by actor, as the record itself offers them.
    std::vector<std::set<std::string>> offered(const std::string& id);
    /// What of `by` names the actor, for a record as the flow sees it; none = he may not.
    std::vector<std::string> named(
        const ActionSpec& action, const Actor& actor, const Reply& record
    );
    void check_offers(const std::string& id, const std::vector<std::set<std::string>>& offers);
    void try_refusals(const std::string& id, const std::vector<std::set<std::string>>& offers);
    void expand(
        const Node& node, const std::string& id, const std::vector<std::set<std::string>>& offers
    );
    void take(const Node& node, std::size_t actor, const ActionSpec& action);
    std::string counts(const std::vector<Step>& path) const;
    void make_urgent(const std::string& id);
    std::vector<std::string> missing() const;

    TestApp& m_app;
    const Kind* m_kind = nullptr;
    std::vector<Actor> m_actors;
    std::size_t m_filer = 0;
    std::deque<Node> m_queue;
    std::set<std::string> m_seen, m_done;  ///< nodes by what they offer; "action/state/who"
    std::map<std::string, int> m_refused_at;
};

void Walk::add_actor(const Client& client, const std::string& role) {
    Actor actor{client, role, {}};
    if (m_app->catalogue().role(role)->unit) {
        actor.unit.value = m_app.integer(
            "SELECT unit FROM identity_grant WHERE account = " + text_of(client.account())
        );
    }
    m_actors.push_back(actor);
}

/// Everybody over one community, two of those who may be reporters, two departments.
void Walk::make_actors() {
    const auto& county = m_app.city().counties[0];
    const auto& community = county.subdistricts[0].communities[0];
    for (const auto& role : m_app->catalogue().roles()) {
        const auto at = [&](const char* level) {
            return role.levels.empty() || has(role.levels, level);
        };
        const auto home = role.unit && at("county") ? county.id
                          : at("community")         ? community.id
                          : at("subdistrict")       ? county.subdistricts[0].id
                          : at("county")            ? county.id
                                                    : m_app.city().id;
        add_actor(m_app.as(role.name, home), role.name);
        if (role.name == "resident") {
            add_actor(m_app.other("resident", home, "neighbour"), role.name);
        }
        if (role.name == "department") {
            add_actor(m_app.as("department", county.id, county.departments.back()), role.name);
        }
    }
}

Value Walk::sample(const catalogue::FieldSpec& field) const {
    if (field.type == catalogue::FieldType::ref && field.to == "account") {
        return text_of(m_actors.front().client.account());
    }
    catalogue::Kind one;
    one.fields = {field};
    one.fields.front().required = true;
    const auto fields = sample_fields(*m_app, one, "x", 1);
    const auto* value = fields.find(field.name);
    return value ? *value : Value();
}

UnitId Walk::other_department(const Reply& record) const {
    const auto& all = m_app.city().counties[0].departments;
    return record.text("unit/id") == text_of(all.front()) ? all.back() : all.front();
}

Value Walk::body_for(const ActionSpec& action, const Reply& record) {
    auto body = obj({});
    Value fields(Value::Object{});
    for (const auto& word : action.needs) {
        if (word == "reason" || word == "result") {
            body.set(word, "x");
        } else if (word == "evidence") {
            body.set(word, obj({{"word", "x"}}));
        } else if (word == "lead_unit") {
            body.set(word, text_of(other_department(record)));
        } else if (const auto* field = m_kind->field(word);
                   field && record.at("fields/" + word).is_null()) {
            fields.set(word, sample(*field));
        }
    }
    body.set("fields", fields);
    return body;
}

/// A request's class is changed by an action alone.
void Walk::make_urgent(const std::string& id) {
    if (m_kind->name != "request") {
        return;
    }
    const auto desk = m_app.as("community_desk", m_app.community().id);
    const auto fields = obj({{"handling", "tracked"}, {"urgent", true}});
    const auto body = obj({{"fields", fields}, {"reason", "x"}});
    const auto reply = desk.act("request", id, "reclassify", body);
    REQUIRE_MESSAGE(reply.ok(), reply.body);
}

/// By the first who may; a request is then made such that no guard over its own fields stands in
/// the way.
std::string Walk::file() {
    const auto& community = m_app.community();
    auto fields = sample_fields(*m_app, *m_kind, "x", 1);
    const auto& rights = m_kind->rights;
    for (m_filer = 0; m_filer < m_actors.size(); ++m_filer) {
        const auto& actor = m_actors[m_filer];
        const auto right = rights.find(actor.role);
        if (right != rights.end() && right->second.create != catalogue::Reach::none) {
            const auto reply = actor.client.post(
                "/api/records/" + m_kind->name,
                obj({{"area", text_of(community.id)}, {"fields", fields}})
            );
            REQUIRE_MESSAGE(reply.status == 201, m_kind->name << " " << reply.body);
            make_urgent(reply.text("id"));
            return reply.text("id");
        }
    }
    FAIL("nobody files a " << m_kind->name);
    return {};
}

Reply full(const Client& by, const Kind& kind, const std::string& id) {
    return by.get("/api/records/" + kind.name + "/" + id);
}

std::string Walk::replay(const std::vector<Step>& path) {
    const auto id = file();
    for (const auto& step : path) {
        const auto& client = m_actors[step.actor].client;
        const auto* action = m_kind->flow->action(step.action);
        const auto reply =
            client.act(m_kind->name, id, step.action, body_for(*action, full(client, *m_kind, id)));
        REQUIRE_MESSAGE(reply.ok(), m_kind->name << " " << step.action << " " << reply.body);
    }
    return id;
}

std::vector<std::set<std::string>> Walk::offered(const std::string& id) {
    std::vector<std::set<std::string>> all;
    for (const auto& actor : m_actors) {
        auto& names = all.emplace_back();
        const auto reply = full(actor.client, *m_kind, id);
        for (std::size_t i = 0; i < reply.size("actions"); ++i) {
            names.insert(reply.text("actions/" + std::to_string(i) + "/name"));
        }
    }
    return all;
}

std::vector<std::string> Walk::named(
    const ActionSpec& action, const Actor& actor, const Reply& record
) {
    std::vector<std::string> found;
    if (!has(action.from, record.text("state"))) {
        return found;
    }
    for (const auto& by : action.by) {
        const bool is = by == "reporter" ? &actor == &m_actors[m_filer]
                        : by == "lead_unit"
                            ? actor.unit && text_of(actor.unit) == record.text("unit/id")
                            : by == actor.role;
        if (is) {
            found.push_back(by);
        }
    }
    return found;
}

/// What is offered is what the flow says; what it says without a condition is offered.
void Walk::check_offers(const std::string& id, const std::vector<std::set<std::string>>& offers) {
    for (std::size_t i = 0; i < m_actors.size(); ++i) {
        const auto record = full(m_actors[i].client, *m_kind, id);
        for (const auto& action : m_kind->flow->actions) {
            CAPTURE(
                m_kind->name + "." + action.name + " in " + record.text("state") + " by " +
                m_actors[i].client.name()
            );
            const bool may = record.ok() && !named(action, m_actors[i], record).empty();
            const bool is = offers[i].contains(action.name);
            const bool free = !action.guard && !action.within && action.limit == 0;
            CHECK((is ? may : !(may && free)));
        }
    }
}

/// Refused with the usual codes; the record, and every table but the log of refusals, stay as they
/// were.
void Walk::try_refusals(const std::string& id, const std::vector<std::set<std::string>>& offers) {
    const auto stamp = "SELECT version FROM \"" + m_kind->name + "\" WHERE id = " + id;
    const auto before = m_app.row_counts();
    const auto version = m_app.integer(stamp);
    for (std::size_t i = 0; i < m_actors.size(); ++i) {
        const auto record = full(m_actors[i].client, *m_kind, id);
        for (const auto& action : m_kind->flow->actions) {
            if (offers[i].contains(action.name)) {
                continue;
            }
            const auto reply = m_actors[i].client.send(
                "POST", "/api/records/" + m_kind->name + "/" + id + "/actions/" + action.name,
                to_json(body_for(action, record)),
                {{"if-match", "\"" + std::to_string(version) + "\""}}
            );
            ++refused;
            const bool right = record.ok() ? reply.status == 403 || reply.status == 409
                                           : reply.status == 403 || reply.status == 404;
            CHECK_MESSAGE(
                right, m_kind->name << "." << action.name << " by " << m_actors[i].client.name()
                                    << ": " << reply.status << " " << reply.body
            );
        }
    }
    CHECK(m_app.integer(stamp) == version);
    const auto after = m_app.row_counts();
    CHECK_MESSAGE(TestApp::difference(before, after).empty(), TestApp::difference(before, after));
}

void Walk::take(const Node& node, std::size_t actor, const ActionSpec& action) {
    const auto id = replay(node.path);
    const auto& client = m_actors[actor].client;
    const auto record = full(client, *m_kind, id);
    const auto reply = client.act(m_kind->name, id, action.name, body_for(action, record));
    CHECK_MESSAGE(
        reply.ok(),
        m_kind->name << "." << action.name << " by " << client.name() << ": " << reply.body
    );
    if (!reply.ok()) {
        return;
    }
    ++taken;
    CHECK(reply.text("state") == action.leads_to(node.state));
    for (const auto& by : named(action, m_actors[actor], record)) {
        m_done.insert(action.name + " from " + node.state + " by " + by);
    }
    if (!action.to.empty()) {
        auto path = node.path;
        path.push_back({actor, action.name});
        m_queue.push_back({path, reply.text("state")});
    }
}

void Walk::expand(
    const Node& node, const std::string& id, const std::vector<std::set<std::string>>& offers
) {
    for (const auto& action : m_kind->flow->actions) {
        bool moved = action.to.empty();  // one way on is enough
        for (std::size_t i = 0; i < m_actors.size(); ++i) {
            if (!offers[i].contains(action.name)) {
                continue;
            }
            const auto by = named(action, m_actors[i], full(m_actors[i].client, *m_kind, id));
            const bool fresh = std::any_of(by.begin(), by.end(), [&](const std::string& one) {
                return !m_done.contains(action.name + " from " + node.state + " by " + one);
            });
            if (fresh || !moved) {
                take(node, i, action);
                moved = true;
            }
        }
    }
}

std::vector<std::string> Walk::missing() const {
    std::vector<std::string> all;
    for (const auto& action : m_kind->flow->actions) {
        for (const auto& from : action.from) {
            for (const auto& by : action.by) {
                const auto what = action.name + " from " + from + " by " + by;
                if (by != "timer" && !m_done.contains(what)) {
                    all.push_back(m_kind->name + ": " + what);
                }
            }
        }
    }
    return all;
}

/// How often what the guards count was done, as far as they tell numbers apart.
std::string Walk::counts(const std::vector<Step>& path) const {
    std::map<std::string, long> most;
    static const std::regex count("times_([a-z_]+) *(>=|>|=) *([0-9]+)");
    for (const auto& action : m_kind->flow->actions) {
        const std::string guard = action.guard ? action.guard->text() : "";
        for (std::sregex_iterator hit(guard.begin(), guard.end(), count), end; hit != end; ++hit) {
            const auto number = std::stol((*hit)[3]) + ((*hit)[2] == ">=" ? 0 : 1);
            most[(*hit)[1]] = std::max(most[(*hit)[1]], number);
        }
    }
    std::string text;
    for (const auto& [name, limit] : most) {
        const auto done = std::count_if(path.begin(), path.end(), [&](const Step& step) {
            return step.action == name;
        });
        text += " " + name + std::to_string(std::min(limit, static_cast<long>(done)));
    }
    return text;
}

std::vector<std::string> Walk::run(const Kind& kind) {
    m_kind = &kind;
    m_seen.clear();
    m_done.clear();
    m_refused_at.clear();
    m_queue = {{{}, kind.flow->start}};
    for (std::size_t nodes = 0; !m_queue.empty() && nodes < nodes_most;) {
        const auto node = m_queue.front();
        m_queue.pop_front();
        const auto id = replay(node.path);
        const auto offers = offered(id);
        std::string signature = node.state + counts(node.path);
        for (const auto& names : offers) {
            for (const auto& name : names) {
                signature += " " + name;
            }
            signature += ";";
        }
        if (!m_seen.insert(signature).second) {
            continue;
        }
        ++nodes;
        check_offers(id, offers);
        if (m_refused_at[node.state]++ < refused_at_most) {
            try_refusals(id, offers);
        }
        expand(node, id, offers);
        if (missing().empty() && m_refused_at.size() == kind.flow->states.size()) {
            break;
        }
    }
    return missing();
}

}  // namespace

TEST_CASE(
    "every action the flow allows is taken by whom it names; every other is refused without a trace"
) {
    TestOptions options;
    options.subdistricts = 1;
    on_each_app(
        [](TestApp& app) {
            Walk walk(app);
            std::string left;
            for (const auto& kind : app->catalogue().kinds()) {
                if (kind.flow) {
                    for (const auto& one : walk.run(kind)) {
                        left += "\n  " + one;
                    }
                }
            }
            MESSAGE(walk.taken << " taken, " << walk.refused << " refused; not reached:" << left);
            CHECK(left.empty());
            CHECK(walk.refused > 1000);
        },
        options
    );
}

}  // namespace linli::app::testing
