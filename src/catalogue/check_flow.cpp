// SPDX-License-Identifier: Apache-2.0
// What must hold inside a flow: every state is reached and left, every action has somebody to take
// it, clocks run and stop.
#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "catalogue/pack.hpp"

namespace linli::catalogue {
namespace {

template <class T>
std::vector<std::string> names_of(const std::vector<T>& all) {
    std::vector<std::string> names;
    for (const auto& one : all) {
        names.push_back(one.name);
    }
    return names;
}

class FlowCheck {
 public:
    FlowCheck(
        const Catalogue& catalogue, const Kind& kind, const FlowSpec& flow, Mistakes& mistakes
    )
        : m_catalogue(catalogue),
          m_kind(kind),
          m_flow(flow),
          m_mistakes(mistakes),
          m_states(names_of(flow.states)),
          m_actions(names_of(flow.actions)),
          m_clocks(names_of(flow.clocks)) {}

    void run() {
        if (!m_flow.start.empty()) {
            demand(m_flow.place, "start", m_flow.start, m_states, "state");
        }
        for (const auto& state : m_flow.states) {
            check_state(state);
        }
        for (const auto& action : m_flow.actions) {
            check_action(action);
            check_actors(action);
        }
        for (const auto& clock : m_flow.clocks) {
            check_clock(clock);
        }
        ladder(m_flow.escalation);
    }

    void ladder(const std::vector<EscalationSpec>& steps) {
        std::vector<std::string> targets{"lead_unit", "lead_unit.head", "area", "area.parent"};
        for (const auto& role : m_catalogue.roles()) {
            targets.push_back(role.name);
        }
        for (const auto& step : steps) {
            if (!step.of.empty()) {
                demand(step.place, "escalation", step.of, m_clocks, "clock");
            }
            if (!step.to.empty() && !contains(targets, step.to)) {
                mistake(
                    step.place, "escalation goes to unknown '" + step.to + "'",
                    suggest(step.to, targets)
                );
            }
        }
    }

 private:
    void mistake(const Place& place, const std::string& message, const std::string& suggestion) {
        m_mistakes.push_back({place, "flow of '" + m_kind.name + "': " + message, suggestion});
    }
    void demand(
        const Place& place, const std::string& where, const std::string& name,
        const std::vector<std::string>& known, const char* what
    ) {
        if (!contains(known, name)) {
            mistake(
                place, where + " names unknown " + what + " '" + name + "'", suggest(name, known)
            );
        }
    }

    std::set<std::string> reachable(const std::string& from) const {
        std::set<std::string> seen{from};
        bool grown = true;
        while (grown) {
            grown = false;
            for (const auto& action : m_flow.actions) {
                const bool starts = std::any_of(
                    action.from.begin(), action.from.end(),
                    [&](const std::string& state) { return seen.contains(state); }
                );
                grown = (starts && !action.to.empty() && seen.insert(action.to).second) || grown;
            }
        }
        return seen;
    }

    void check_state(const StateSpec& state) {
        if (!plain_name(state.name) || state.name == "withdrawn" || state.name == "active") {
            mistake(
                state.place, "'" + state.name + "' cannot be the name of a state",
                "'withdrawn' and 'active' belong to the kernel"
            );
        }
        if (m_flow.state(m_flow.start) && !reachable(m_flow.start).contains(state.name)) {
            mistake(
                state.place,
                "state '" + state.name + "' is never reached from '" + m_flow.start + "'",
                "add an action that leads to it, or take it out"
            );
        }
        const bool left = std::any_of(
            m_flow.actions.begin(), m_flow.actions.end(),
            [&](const ActionSpec& action) {
                return action.leads_to(state.name) != state.name &&
                       contains(action.from, state.name);
            }
        );
        if (!left && !state.final) {
            mistake(
                state.place, "state '" + state.name + "' cannot be left, though it is not final",
                "add an action, or write 'final: true'"
            );
        }
        for (const auto& clock : state.pauses) {
            demand(state.place, "state '" + state.name + "'", clock, m_clocks, "clock");
        }
    }

    void check_action(const ActionSpec& action) {
        const auto what = "action '" + action.name + "'";
        if (!plain_name(action.name)) {
            mistake(action.place, what + " has no plain name", "lower-case words joined by _");
        }
        for (const auto& state : action.from) {
            demand(action.place, what, state, m_states, "state");
        }
        if (!action.to.empty()) {
            demand(action.place, what, action.to, m_states, "state");
        }
        auto inputs = input_words();
        for (const auto& field : m_kind.fields) {
            inputs.push_back(field.name);
        }
        for (const auto& name : action.needs) {
            demand(
                action.place, what + " needs what nobody can give: it", name, inputs,
                "field or input"
            );
            if (contains(action.may, name)) {
                mistake(
                    action.place, what + ": '" + name + "' stands in 'needs' and 'may'", "keep one"
                );
            }
        }
        for (const auto& name : action.may) {
            demand(action.place, what, name, inputs, "field or input");
        }
        if (action.proof && !contains(action.needs, "evidence")) {
            mistake(action.place, what + " proves nothing", "add evidence to 'needs'");
        }
        for (const auto& open : action.opens) {
            check_open(action, open);
        }
        check_then(action);
    }

    static std::string type_name(const FieldSpec* field) {
        return field ? std::string(name_of(field->type)) + " " + field->list : std::string();
    }

    void check_open(const ActionSpec& action, const OpenSpec& open) {
        const auto what = "action '" + action.name + "' opens '" + open.kind + "'";
        const Kind* kind = m_catalogue.kind(open.kind);
        if (!kind || !kind->flow || kind == &m_kind) {
            mistake(open.place, what + ", which is no other kind with a flow", "name another kind");
            return;
        }
        static const std::vector<std::string> targets{"area", "lead_unit", "assist_units"};
        demand(open.place, what + ": 'to'", open.to, targets, "word");
        for (const auto& [name, source] : open.fields) {
            const FieldSpec* target = kind->field(name);
            const bool literal = source.size() > 1 && source.front() == '\'';
            const bool fits =
                target &&
                (literal                                    ? literal_fits(*target, source)
                 : source == "record"                       ? target->to == m_kind.name
                 : source == "reason" || source == "result" ? target->type == FieldType::text
                 : target->type == FieldType::file
                     ? false
                     : type_name(target) == type_name(m_kind.field(source)));
            if (!fits) {
                mistake(
                    open.place, what + ": '" + name + "' cannot be '" + source + "'",
                    "name fields of one type, record, reason, result, or 'text'"
                );
            }
        }
        for (const auto& field : kind->fields) {
            if (field.required && !field.when && !open.fields.contains(field.name)) {
                mistake(open.place, what + " without '" + field.name + "'", "say what it is");
            }
        }
    }

    bool literal_fits(const FieldSpec& target, const std::string& source) const {
        const auto* list =
            target.type == FieldType::choice ? m_catalogue.list(target.list) : nullptr;
        return target.type == FieldType::text ||
               (list && list->find(source.substr(1, source.size() - 2)));
    }

    void check_then(const ActionSpec& action) {
        if (!action.then) {
            return;
        }
        const auto what = "action '" + action.name + "': 'then'";
        demand(action.place, what, action.then->action, m_actions, "action");
        const auto* next = m_flow.action(action.then->action);
        if (next && !contains(next->by, "timer")) {
            mistake(
                action.place, what + ": '" + next->name + "' is not for the timer",
                "add timer to 'by'"
            );
        }
        const auto* field = m_kind.field(action.then->field);
        const auto* list = field ? m_catalogue.list(field->list) : nullptr;
        const bool known = list && std::any_of(
                                       list->attributes.begin(), list->attributes.end(),
                                       [&](const AttributeSpec& one) {
                                           return one.name == action.then->attribute &&
                                                  one.type == AttributeSpec::Type::boolean;
                                       }
                                   );
        if (!known) {
            mistake(
                action.place, what + ": no list marks its entries so",
                "write marked: field.attribute, an attribute of type bool"
            );
        }
    }

    bool follows(const std::string& action) const {
        return std::any_of(m_flow.actions.begin(), m_flow.actions.end(), [&](const auto& one) {
            return one.then && one.then->action == action;
        });
    }

    void check_actors(const ActionSpec& action) {
        const auto what = "action '" + action.name + "'";
        if (action.by.empty()) {
            mistake(action.place, what + " may be taken by nobody", "say who under 'by'");
        }
        auto actors = actor_words();
        for (const auto& role : m_catalogue.roles()) {
            actors.push_back(role.name);
        }
        for (const auto& actor : action.by) {
            demand(action.place, what, actor, actors, "role or actor");
            const auto right = m_kind.rights.find(actor);
            if (m_catalogue.role(actor) &&
                (right == m_kind.rights.end() || right->second.read == Reach::none)) {
                mistake(
                    action.place,
                    what + ": nobody with role '" + actor +
                        "' may take it, for the role cannot read the record",
                    "give it 'read' under rights"
                );
            }
            for (const auto& state : action.from) {
                if (right != m_kind.rights.end() && !right->second.holds_in(state)) {
                    mistake(
                        action.place,
                        what + ": role '" + actor + "' cannot read records in state '" + state +
                            "'",
                        "add it to the 'states' of its rights"
                    );
                }
            }
        }
        const bool timer = contains(action.by, "timer");
        if (timer != action.after.has_value() && !(timer && follows(action.name))) {
            mistake(
                action.place,
                what + (timer ? ": the timer does not know when" : ": 'after' is for the timer"),
                timer ? "add 'after: 10 days'" : "add timer to 'by', or use 'within'"
            );
        }
        if (timer && !action.needs.empty()) {
            mistake(action.place, what + ": the timer cannot give inputs", "take 'needs' out");
        }
    }

    void check_clock(const ClockSpec& clock) {
        const auto what = "clock '" + clock.name + "'";
        if (!plain_name(clock.name)) {
            mistake(clock.place, what + " has no plain name", "lower-case words joined by _");
        }
        for (const auto& [key, state] :
             {std::pair{"from", clock.from}, std::pair{"until", clock.until}}) {
            if (!state.empty()) {
                demand(clock.place, what + ": '" + key + "'", state, m_states, "state");
            }
        }
        for (const auto* actions : {&clock.restart, &clock.stop}) {
            for (const auto& action : *actions) {
                demand(clock.place, what, action, m_actions, "action");
            }
        }
        if (!m_flow.state(clock.from) || !m_flow.state(clock.until)) {
            return;
        }
        if (m_flow.state(m_flow.start) && !reachable(m_flow.start).contains(clock.from)) {
            mistake(
                clock.place, what + " never starts: '" + clock.from + "' is not reached",
                "choose another state"
            );
        }
        if (clock.from == clock.until || !reachable(clock.from).contains(clock.until)) {
            mistake(
                clock.place,
                what + " never stops: '" + clock.until + "' is not reached from '" + clock.from +
                    "'",
                "choose another state"
            );
        }
        check_limits(clock);
    }

    /// A day stands fast: nothing moves it but another day.
    void check_day(const ClockSpec& clock) {
        const auto what = "clock '" + clock.name + "'";
        const FieldSpec* field = m_kind.field(clock.due);
        if (!field || field->type != FieldType::date) {
            mistake(
                clock.place, what + " is due on '" + clock.due + "', which is no date field",
                "name a date field under 'due'"
            );
        }
        for (const auto& state : m_flow.states) {
            if (contains(state.pauses, clock.name)) {
                mistake(
                    state.place,
                    "state '" + state.name + "' pauses " + what + ", whose day stands fast",
                    "take it out of 'pauses'"
                );
            }
        }
    }

    void check_limits(const ClockSpec& clock) {
        if (!clock.due.empty()) {
            check_day(clock);
        }
        if (clock.by.empty()) {
            return;
        }
        const FieldSpec* field = m_kind.field(clock.by);
        const ChoiceList* list =
            field && field->type == FieldType::choice ? m_catalogue.list(field->list) : nullptr;
        if (!list) {
            mistake(
                clock.place,
                "clock '" + clock.name + "' is picked by '" + clock.by +
                    "', which is no choice field",
                "name a choice field under 'by'"
            );
            return;
        }
        std::vector<std::string> keys;
        for (const auto& choice : list->choices) {
            keys.push_back(choice.key);
            if (!clock.limits.contains(choice.key)) {
                mistake(
                    clock.place, "clock '" + clock.name + "' has no limit for '" + choice.key + "'",
                    "add '" + choice.key + ": 5 working days'"
                );
            }
        }
        for (const auto& [key, limit] : clock.limits) {
            demand(clock.place, "clock '" + clock.name + "'", key, keys, "choice");
        }
    }

    const Catalogue& m_catalogue;
    const Kind& m_kind;
    const FlowSpec& m_flow;
    Mistakes& m_mistakes;
    std::vector<std::string> m_states, m_actions, m_clocks;
};

}  // namespace

void check_flow(
    const Catalogue& catalogue, const Kind& kind, const FlowSpec& flow, Mistakes& mistakes
) {
    FlowCheck(catalogue, kind, flow, mistakes).run();
}

void check_ladder(
    const Catalogue& catalogue, const Kind& kind, const FlowSpec& flow,
    const std::vector<EscalationSpec>& steps, Mistakes& mistakes
) {
    FlowCheck(catalogue, kind, flow, mistakes).ladder(steps);
}

}  // namespace linli::catalogue
