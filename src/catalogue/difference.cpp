// SPDX-License-Identifier: Apache-2.0
// What changes for running data from one catalogue to another. A line "loses" if rows would lose
// values or could no longer be read: such a change needs a written step.
#include "base/text.hpp"
#include "catalogue/pack.hpp"

namespace linli::catalogue {
namespace {

class Comparison {
 public:
    Comparison(const Catalogue& before, const Catalogue& after)
        : m_before(before), m_after(after) {}

    std::vector<Difference> run() {
        for (const auto& kind : m_after.kinds()) {
            const Kind* old = m_before.kind(kind.name);
            old ? compare_kind(*old, kind)
                : gain("kind '" + kind.name + "' is new: its table is made");
        }
        for (const auto& kind : m_before.kinds()) {
            if (!m_after.kind(kind.name)) {
                lose("kind '" + kind.name + "' is gone: its records can no longer be reached");
            }
        }
        compare_lists();
        compare_roles();
        compare_measures();
        return std::move(m_found);
    }

 private:
    void gain(std::string text) { m_found.push_back({std::move(text), false}); }
    void lose(std::string text) { m_found.push_back({std::move(text), true}); }

    void compare_kind(const Kind& before, const Kind& after) {
        for (const auto& field : after.fields) {
            const auto name = "field '" + after.name + "." + field.name + "'";
            const FieldSpec* old = before.field(field.name);
            if (!old) {
                gain(
                    name + " is new: " +
                    (field.type == FieldType::file ? "files can be added"
                                                   : "a column is added, empty in old records") +
                    (field.required ? "; it is required when old records are changed" : "")
                );
                continue;
            }
            compare_field(name, *old, field);
        }
        for (const auto& field : before.fields) {
            if (!after.field(field.name)) {
                lose(
                    "field '" + before.name + "." + field.name +
                    "' is gone: what it holds is no longer shown"
                );
            }
        }
        compare_rights(before, after);
        compare_flows(before, after);
    }

    void compare_field(const std::string& name, const FieldSpec& before, const FieldSpec& after) {
        if (before.type != after.type) {
            lose(
                name + " changes its type from " + name_of(before.type) + " to " +
                name_of(after.type)
            );
        } else if (before.scale != after.scale) {
            lose(
                name + " changes its decimals from " + std::to_string(before.scale) + " to " +
                std::to_string(after.scale)
            );
        } else if (before.to != after.to) {
            lose(name + " refers to '" + after.to + "' instead of '" + before.to + "'");
        } else if (before.list != after.list) {
            lose(name + " takes list '" + after.list + "' instead of '" + before.list + "'");
        }
        if ((before.data_class == Class::sensitive) != (after.data_class == Class::sensitive)) {
            lose(
                name + " changes its class from " + name_of(before.data_class) + " to " +
                name_of(after.data_class) + ": stored values must be " +
                (after.data_class == Class::sensitive ? "encrypted" : "decrypted")
            );
        } else if (before.data_class != after.data_class) {
            gain(
                name + " changes its class from " + name_of(before.data_class) + " to " +
                name_of(after.data_class)
            );
        }
        if (after.unique && !before.unique) {
            lose(name + " becomes unique: records that share a value must be cleared first");
        }
        if (after.required && !before.required) {
            gain(name + " becomes required");
        }
        if (after.max > 0 && (before.max == 0 || after.max < before.max)) {
            gain(
                name + " now takes at most " + std::to_string(after.max) +
                "; longer old values stay"
            );
        }
    }

    void compare_rights(const Kind& before, const Kind& after) {
        const auto reaches = [](const KindRight& right) {
            return std::vector<std::pair<const char*, Reach>>{
                {"create", right.create},     {"read", right.read},      {"change", right.change},
                {"withdraw", right.withdraw}, {"export", right.export_}, {"import", right.import}};
        };
        std::map<std::string, std::pair<KindRight, KindRight>> all;
        for (const auto& [role, right] : before.rights) {
            all[role].first = right;
        }
        for (const auto& [role, right] : after.rights) {
            all[role].second = right;
        }
        for (const auto& [role, rights] : all) {
            const auto old = reaches(rights.first), now = reaches(rights.second);
            if (rights.first.states != rights.second.states) {
                gain(
                    "role '" + role + "' reads '" + after.name + "' in states: " +
                    (rights.second.states.empty() ? "all" : join(rights.second.states, ", "))
                );
            }
            for (std::size_t i = 0; i < old.size(); ++i) {
                if (old[i].second != now[i].second) {
                    gain(
                        "role '" + role + "' may " + now[i].first + " '" + after.name +
                        "': " + name_of(now[i].second) + " instead of " + name_of(old[i].second)
                    );
                }
            }
        }
    }

    void compare_flows(const Kind& before, const Kind& after) {
        const auto what = "flow of '" + after.name + "'";
        if (!before.flow && after.flow) {
            lose(what + " is new: old records have no state in it");
        }
        if (!before.flow) {
            return;
        }
        if (!after.flow) {
            lose(what + " is gone: its records have no state any more");
            return;
        }
        auto running = before.old_flows;
        running.emplace(before.flow->version, *before.flow);
        auto kept = after.old_flows;
        kept.emplace(after.flow->version, *after.flow);
        for (const auto& [version, flow] : running) {
            const auto found = kept.find(version);
            if (found == kept.end()) {
                lose(
                    what + " loses version " + std::to_string(version) +
                    ", on which records may still run: keep it as " + after.name + ".flow." +
                    std::to_string(version) + ".yaml"
                );
                continue;
            }
            for (const auto& state : flow.states) {
                if (!found->second.state(state.name)) {
                    lose(
                        what + ", version " + std::to_string(version) + ": state '" + state.name +
                        "' is gone, but records may stand in it: make a new version"
                    );
                }
            }
        }
        for (const auto& [version, flow] : kept) {
            if (!running.contains(version)) {
                gain(
                    what + " has version " + std::to_string(version) +
                    ": new records take it, running ones stay on theirs"
                );
            }
        }
    }

    void compare_lists() {
        for (const auto& list : m_after.lists()) {
            const ChoiceList* old = m_before.list(list.name);
            if (!old) {
                gain("list '" + list.name + "' is new");
                continue;
            }
            for (const auto& choice : list.choices) {
                if (!old->find(choice.key)) {
                    gain("list '" + list.name + "' gains '" + choice.key + "'");
                }
            }
            for (const auto& choice : old->choices) {
                if (!list.find(choice.key)) {
                    lose(
                        "list '" + list.name + "' loses '" + choice.key +
                        "': records that bear it have no word for it; hide it instead"
                    );
                }
            }
        }
        for (const auto& list : m_before.lists()) {
            if (!m_after.list(list.name)) {
                lose("list '" + list.name + "' is gone");
            }
        }
    }

    void compare_roles() {
        for (const auto& role : m_after.roles()) {
            if (!m_before.role(role.name)) {
                gain("role '" + role.name + "' is new");
            }
        }
        for (const auto& role : m_before.roles()) {
            if (!m_after.role(role.name)) {
                lose(
                    "role '" + role.name + "' is gone: accounts that hold it lose what it allowed"
                );
            }
        }
    }

    void compare_measures() {
        std::map<std::string, const Counter*> old;
        for (const auto& counter : m_before.counters()) {
            old[counter.id] = &counter;
        }
        for (const auto& counter : m_after.counters()) {
            const auto found = old.find(counter.id);
            if (found == old.end()) {
                gain("counter '" + counter.id + "' is new: it is computed for all months");
                continue;
            }
            const Counter& was = *found->second;
            const auto text = [](const Counter& one) {
                return one.where ? one.where->text() : std::string();
            };
            if (was.of != counter.of || was.sum != counter.sum ||
                was.distinct != counter.distinct || was.date != counter.date ||
                was.by != counter.by || was.clock != counter.clock ||
                was.on_time != counter.on_time || was.stock != counter.stock ||
                text(was) != text(counter)) {
                gain(
                    "counter '" + counter.id +
                    "' counts differently: figures already reported may change"
                );
            }
            old.erase(found);
        }
        for (const auto& [id, counter] : old) {
            gain("counter '" + id + "' is gone");
        }
    }

    const Catalogue& m_before;
    const Catalogue& m_after;
    std::vector<Difference> m_found;
};

}  // namespace

std::vector<Difference> difference(const Catalogue& before, const Catalogue& after) {
    return Comparison(before, after).run();
}

}  // namespace linli::catalogue
