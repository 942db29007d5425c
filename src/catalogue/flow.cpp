// SPDX-License-Identifier: Apache-2.0
#include <charconv>

#include "catalogue/pack.hpp"

namespace linli::catalogue {
namespace {

StateSpec read_state(const Yaml::Member& member, const std::string& file, Mistakes& mistakes) {
    StateSpec state;
    state.name = member.key;
    state.place = {file, member.line};
    state.title = {humanised(member.key), humanised(member.key)};
    state.plain = state.title;
    if (member.value.shape == Yaml::Shape::null) {
        return state;
    }
    Reader reader(member.value, file, "state '" + member.key + "'", mistakes);
    state.title = reader.title("title", humanised(member.key));
    state.plain = reader.take("plain") ? reader.title("plain", "") : state.title;
    state.final = reader.flag("final");
    state.pauses = reader.words("pauses");
    reader.finish();
    return state;
}

OpenSpec read_open(
    const Symbols& symbols, const Yaml& node, const std::string& file, Mistakes& mistakes
) {
    OpenSpec open;
    open.place = {file, node.line};
    Reader reader(node, file, "opens", mistakes);
    open.kind = reader.text("kind", true);
    open.to = reader.text("to");
    if (open.to.empty()) {
        open.to = "area";
    }
    if (const Yaml* when = reader.take("when")) {
        open.when = read_expression(reader, *when, symbols, Type::boolean, false);
    }
    reader.each("fields", true, [&](const Yaml::Member& member) {
        if (const auto source = reader.scalar(member.value, member.key)) {
            open.fields[member.key] = *source;
        }
    });
    reader.finish();
    return open;
}

void read_then(Reader& reader, ActionSpec& action, const std::string& file, Mistakes& mistakes) {
    const Yaml* node = reader.take("then");
    if (!node) {
        return;
    }
    Reader inner(*node, file, "then of action '" + action.name + "'", mistakes);
    ThenSpec then;
    then.action = inner.text("action", true);
    const auto marked = inner.text("marked", true);
    const auto dot = marked.find('.');
    then.field = marked.substr(0, dot);
    then.attribute = dot == std::string::npos ? "" : marked.substr(dot + 1);
    inner.finish();
    action.then = std::move(then);
}

void read_opens(
    Reader& reader, ActionSpec& action, const Symbols& symbols, const std::string& file,
    Mistakes& mistakes
) {
    const Yaml* node = reader.take("opens");
    if (node && node->shape == Yaml::Shape::list) {
        for (const auto& one : node->items) {
            action.opens.push_back(read_open(symbols, one, file, mistakes));
        }
    } else if (node) {
        action.opens.push_back(read_open(symbols, *node, file, mistakes));
    }
}

ActionSpec read_action(
    const Symbols& symbols, const Yaml::Member& member, const std::string& file, Mistakes& mistakes
) {
    ActionSpec action;
    action.name = member.key;
    action.place = {file, member.line};
    Reader reader(member.value, file, "action '" + member.key + "'", mistakes);
    action.title = reader.title("title", humanised(member.key));
    action.from = reader.words("from", true);
    action.to = reader.text("to");
    action.by = reader.words("by");
    action.needs = reader.words("needs");
    action.may = reader.words("may");
    action.limit = static_cast<int>(reader.integer("limit", 1, 1000).value_or(0));
    action.within = reader.limit("within");
    action.after = reader.limit("after");
    action.danger = reader.flag("danger");
    action.proof = reader.flag("proof");
    read_opens(reader, action, symbols, file, mistakes);
    read_then(reader, action, file, mistakes);
    if (const Yaml* guard = reader.take("guard")) {
        action.guard = read_expression(reader, *guard, symbols, Type::boolean, false);
    }
    reader.finish();
    return action;
}

/// The choice field whose list holds all keys of the limits; "" with a mistake if there is none or
/// more than one.
std::string choosing_field(
    const Catalogue& so_far, const Kind& kind, const ClockSpec& clock, Reader& reader
) {
    std::vector<std::string> fitting;
    for (const auto& field : kind.fields) {
        const ChoiceList* list =
            field.type == FieldType::choice ? so_far.list(field.list) : nullptr;
        bool all = list != nullptr;
        for (const auto& [key, limit] : clock.limits) {
            all = all && list->find(key);
        }
        if (all) {
            fitting.push_back(field.name);
        }
    }
    if (fitting.size() == 1) {
        return fitting.front();
    }
    reader.mistake(
        fitting.empty() ? reader.what() + ": no choice field has all these limits in its list"
                        : reader.what() + ": several choice fields fit these limits",
        "say which field picks the limit: 'by: <field>'"
    );
    return "";
}

ClockSpec read_clock(
    const Catalogue& so_far, const Kind& kind, const Symbols& symbols, const Yaml::Member& member,
    const std::string& file, Mistakes& mistakes
) {
    ClockSpec clock;
    clock.name = member.key;
    clock.place = {file, member.line};
    Reader reader(member.value, file, "clock '" + member.key + "'", mistakes);
    clock.title = reader.title("title", humanised(member.key));
    clock.from = reader.text("from", true);
    clock.until = reader.text("until", true);
    clock.restart = reader.words("restart");
    clock.stop = reader.words("stop");
    if (const Yaml* when = reader.take("when")) {
        clock.when = read_expression(reader, *when, symbols, Type::boolean, false);
    }
    clock.by = reader.text("by");
    clock.due = reader.text("due");
    if (!clock.due.empty()) {
        if (reader.take("limit") || !clock.by.empty()) {
            reader.mistake(
                reader.what() + ": 'due' is a day that each record names itself",
                "leave 'limit' and 'by' out"
            );
        }
        reader.finish();
        return clock;
    }
    const Yaml* limit = reader.demand("limit");
    if (limit && limit->shape == Yaml::Shape::map) {
        for (const auto& one : limit->members) {
            if (const auto amount = reader.limit_of(one.value, one.key)) {
                clock.limits[one.key] = *amount;
            }
        }
        if (clock.by.empty() && !clock.limits.empty()) {
            clock.by = choosing_field(so_far, kind, clock, reader);
        }
    } else if (const auto amount = limit ? reader.limit_of(*limit, "limit") : std::nullopt) {
        clock.limits[""] = *amount;
        if (!clock.by.empty()) {
            reader.mistake(
                reader.what() + ": 'by' needs a limit for each choice",
                "write 'limit: {choice: 5 days}'"
            );
        }
    }
    reader.finish();
    return clock;
}

void fill_waits_for(FlowSpec& flow) {
    for (auto& state : flow.states) {
        for (const auto& action : flow.actions) {
            if (action.leads_to(state.name) != state.name && contains(action.from, state.name)) {
                state.waits_for = action.by;
                break;
            }
        }
    }
}

}  // namespace

EscalationSpec read_escalation(const Yaml& node, const std::string& file, Mistakes& mistakes) {
    EscalationSpec step;
    step.place = {file, node.line};
    Reader reader(node, file, "escalation", mistakes);
    const auto at = reader.text("at", true);
    const auto [end, error] = std::from_chars(at.data(), at.data() + at.size(), step.at_percent);
    const bool whole = error == std::errc() && end == at.data() + at.size() - 1 && *end == '%';
    if (!at.empty() && (!whole || step.at_percent < 1 || step.at_percent > 1000)) {
        reader.mistake(
            reader.what() + ": '" + at + "' is no share of a clock", "write 1% to 1000%"
        );
    }
    step.of = reader.text("of", true);
    step.act = reader.text("do", true);
    step.to = reader.text("to", true);
    static const std::vector<std::string> acts{"remind", "urge", "raise"};
    if (!step.act.empty() && !contains(acts, step.act)) {
        reader.mistake(reader.what() + ": cannot do '" + step.act + "'", suggest(step.act, acts));
    }
    reader.finish();
    return step;
}

FlowSpec read_flow(
    const Catalogue& so_far, const Kind& kind, const Yaml& node, const std::string& file,
    bool own_file, Mistakes& mistakes
) {
    FlowSpec to;
    Reader reader(node, file, "flow of '" + kind.name + "'", mistakes);
    if (own_file) {
        reader.text("flow", true);
    }
    to.place = reader.place();
    to.version = static_cast<int>(reader.integer("version", 1, 10'000).value_or(1));
    to.start = reader.text("start", true);
    reader.each("states", true, [&](const Yaml::Member& member) {
        to.states.push_back(read_state(member, file, mistakes));
    });
    // Guards know who acts and how often an action was taken, and see the states of this flow even
    // while the kind is without it.
    auto symbols = symbols_of(so_far, kind);
    symbols.all.push_back({"actor", Type::reference, "", {}, 0});
    for (auto& symbol : symbols.all) {
        if (symbol.name == "state") {
            symbol.choices.clear();
            for (const auto& state : to.states) {
                symbol.choices.push_back(state.name);
            }
        }
    }
    auto guards = symbols;
    if (const Yaml* actions = reader.take("actions")) {
        for (const auto& member : actions->members) {
            guards.all.push_back({"times_" + member.key, Type::number, "", {}, 0});
        }
    }
    reader.each("actions", true, [&](const Yaml::Member& member) {
        to.actions.push_back(read_action(guards, member, file, mistakes));
    });
    reader.each("clocks", false, [&](const Yaml::Member& member) {
        to.clocks.push_back(read_clock(so_far, kind, symbols, member, file, mistakes));
    });
    if (const Yaml* ladder = reader.take("escalation")) {
        if (ladder->shape != Yaml::Shape::list) {
            reader.mistake(
                *ladder, reader.what() + ": 'escalation' must be a list",
                "begin each step with '- '"
            );
        }
        for (const auto& step : ladder->items) {
            to.escalation.push_back(read_escalation(step, file, mistakes));
        }
    }
    reader.finish();
    fill_waits_for(to);
    return to;
}

}  // namespace linli::catalogue
