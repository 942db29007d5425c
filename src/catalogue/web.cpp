// SPDX-License-Identifier: Apache-2.0
// The catalogue as the web draws it.
#include "base/fields.hpp"
#include "catalogue/pack.hpp"

namespace linli::catalogue {
namespace {

class WebWriter {
 public:
    WebWriter(const Catalogue& catalogue, std::string_view city)
        : m_catalogue(catalogue), m_city(city), m_local(catalogue.city(city)), m_out(m_text) {}

    std::string write() {
        m_out.begin_object();
        text("digest", m_catalogue.digest());
        text("city", m_local ? m_local->name : "");
        m_out.key("kinds");
        m_out.begin_object();
        for (const auto& kind : m_catalogue.kinds()) {
            m_out.key(kind.name);
            write_kind(kind);
        }
        m_out.end_object();
        m_out.key("lists");
        m_out.begin_object();
        for (const auto& core : m_catalogue.lists()) {
            m_out.key(core.name);
            write_list(*m_catalogue.list(core.name, m_city));
        }
        m_out.end_object();
        write_roles();
        write_levels();
        m_out.end_object();
        return std::move(m_text);
    }

 private:
    void text(const char* key, std::string_view value) {
        m_out.key(key);
        m_out.text(value);
    }
    void flag(const char* key, bool value) {
        if (value) {
            m_out.key(key);
            m_out.boolean(true);
        }
    }
    void words(const char* key, const std::vector<std::string>& all) {
        m_out.key(key);
        write_json(m_out, all);
    }
    void title(const char* key, const Title& value) {
        m_out.key(key);
        write_json(m_out, value);
    }
    /// The city's word, if it has one.
    void title(const char* key, const Title& value, const std::string& name) {
        const auto found =
            m_local ? m_local->titles.find(name) : std::map<std::string, Title>::const_iterator{};
        title(key, m_local && found != m_local->titles.end() ? found->second : value);
    }

    void write_kind(const Kind& kind) {
        m_out.begin_object();
        text("name", kind.name);
        title("title", kind.title, "kind." + kind.name);
        text("subject", kind.subject);
        text("icon", kind.icon);
        words("levels", kind.levels);
        words("title_fields", kind.title_fields);
        words("list_fields", kind.list_fields);
        bool search = false;
        m_out.key("fields");
        m_out.begin_list();
        for (const auto& field : kind.fields) {
            search = search || field.search;
            write_field(field, kind.name);
        }
        m_out.end_list();
        flag("search", search);
        write_views(kind);
        write_flow(kind);
        m_out.end_object();
    }

    void write_field(const FieldSpec& field, const std::string& kind) {
        m_out.begin_object();
        text("name", field.name);
        kind.empty() ? title("title", field.title)
                     : title("title", field.title, "field." + kind + "." + field.name);
        if (!field.help.zh.empty()) {
            title("help", field.help);
        }
        text("type", name_of(field.type));
        if (!kind.empty()) {  // questions have none of their own
            text("class", name_of(field.data_class));
            if (field.mask != Mask::none) {
                text("mask", name_of(field.mask));
            }
        }
        flag("required", field.required);
        flag("search", field.search);
        flag("unique", field.unique);
        flag("multiline", field.multiline);
        for (const auto& [key, value] :
             {std::pair{"list", &field.list}, std::pair{"to", &field.to},
              std::pair{"accept", &field.accept}, std::pair{"by", &field.by},
              std::pair{"unit", &field.unit}}) {
            if (!value->empty()) {
                text(key, *value);
            }
        }
        write_numbers(field);
        if (field.when) {
            m_out.key("when");
            m_out.boolean(true);
            m_out.key("when_tree");
            m_out.value(field.when->tree());
        }
        m_out.end_object();
    }

    void write_numbers(const FieldSpec& field) {
        if (field.max > 0) {
            m_out.key("max");
            m_out.integer(field.max);
        }
        if (field.scale > 0) {
            m_out.key("scale");
            m_out.integer(field.scale);
        }
        for (const auto& [key, bound] :
             {std::pair{"least", field.least}, std::pair{"most", field.most}}) {
            if (bound) {
                m_out.key(key);
                m_out.decimal(*bound, field.scale);
            }
        }
    }

    void write_views(const Kind& kind) {
        m_out.key("views");
        m_out.begin_list();
        for (const auto& view : kind.views) {
            m_out.begin_object();
            text("name", view.name);
            title("title", view.title);
            words("states", view.states);
            flag("overdue", view.overdue);
            text("sort", view.sort);
            m_out.end_object();
        }
        m_out.end_list();
    }

    /// The newest version; states of older ones follow, so that records still on them can be read.
    void write_flow(const Kind& kind) {
        static const FlowSpec none;
        const FlowSpec& flow = kind.flow ? *kind.flow : none;
        if (kind.flow) {
            m_out.key("flow_version");
            m_out.integer(flow.version);
            text("start", flow.start);
        }
        m_out.key("states");
        m_out.begin_list();
        for (const auto& name : kind.states()) {
            if (const StateSpec* state = find_state(kind, name)) {
                write_state(*state, kind.name);
            }
        }
        m_out.end_list();
        m_out.key("actions");
        m_out.begin_list();
        for (const auto& action : flow.actions) {
            write_action(action, kind.name);
        }
        m_out.end_list();
        write_clocks(kind, flow);
    }

    static const StateSpec* find_state(const Kind& kind, const std::string& name) {
        if (const StateSpec* state = kind.flow ? kind.flow->state(name) : nullptr) {
            return state;
        }
        for (const auto& [version, old] : kind.old_flows) {
            if (const StateSpec* state = old.state(name)) {
                return state;
            }
        }
        return nullptr;
    }

    void write_state(const StateSpec& state, const std::string& kind) {
        m_out.begin_object();
        text("name", state.name);
        title("title", state.title, "state." + kind + "." + state.name);
        title("plain", state.plain);
        flag("final", state.final);
        words("pauses", state.pauses);
        words("waits_for", state.waits_for);
        m_out.end_object();
    }

    void write_action(const ActionSpec& action, const std::string& kind) {
        m_out.begin_object();
        text("name", action.name);
        title("title", action.title, "action." + kind + "." + action.name);
        words("from", action.from);
        text("to", action.to);
        words("by", action.by);
        words("needs", action.needs);
        words("may", action.may);
        if (action.limit > 0) {
            m_out.key("limit");
            m_out.integer(action.limit);
        }
        if (action.within) {
            text("within", to_text(*action.within));
        }
        if (action.after) {
            text("after", to_text(*action.after));
        }
        flag("danger", action.danger);
        flag("proof", action.proof);
        m_out.end_object();
    }

    void write_clocks(const Kind& kind, const FlowSpec& flow) {
        m_out.key("clocks");
        m_out.begin_list();
        for (const auto& clock : flow.clocks) {
            m_out.begin_object();
            text("name", clock.name);
            title("title", clock.title);
            text("from", clock.from);
            text("until", clock.until);
            words("restart", clock.restart);
            text("by", clock.by);
            text("due", clock.due);
            m_out.key("limits");
            m_out.begin_object();
            for (const auto& [choice, limit] : clock.limits) {
                text(choice.c_str(), to_text(m_catalogue.limit(kind, clock, choice, m_city)));
            }
            m_out.end_object();
            m_out.end_object();
        }
        m_out.end_list();
        m_out.key("escalation");
        m_out.begin_list();
        for (const auto& step : m_catalogue.escalation(kind, flow, m_city)) {
            m_out.begin_object();
            m_out.key("at");
            m_out.integer(step.at_percent);
            text("of", step.of);
            text("do", step.act);
            text("to", step.to);
            m_out.end_object();
        }
        m_out.end_list();
    }

    void write_list(const ChoiceList& list) {
        m_out.begin_object();
        title("title", list.title);
        m_out.key("choices");
        m_out.begin_list();
        for (const auto& choice : list.choices) {
            m_out.begin_object();
            text("key", choice.key);
            title("title", choice.title);
            if (!choice.parent.empty()) {
                text("parent", choice.parent);
            }
            m_out.key("attributes");
            m_out.value(choice.attributes);
            flag("hidden", choice.hidden);
            if (!choice.questions.empty()) {
                m_out.key("questions");
                m_out.begin_list();
                for (const auto& question : choice.questions) {
                    write_field(question, "");
                }
                m_out.end_list();
            }
            m_out.end_object();
        }
        m_out.end_list();
        m_out.end_object();
    }

    void write_roles() {
        m_out.key("roles");
        m_out.begin_list();
        for (const auto& role : m_catalogue.roles()) {
            m_out.begin_object();
            text("name", role.name);
            title("title", role.title, "role." + role.name);
            text("face", role.face);
            words("levels", role.levels);
            m_out.key("unit");
            m_out.boolean(role.unit);
            m_out.key("staff");
            m_out.boolean(role.staff);
            m_out.end_object();
        }
        m_out.end_list();
    }

    /// Only the levels for which the city has its own word.
    void write_levels() {
        m_out.key("levels");
        m_out.begin_object();
        for (const auto& level : area_levels()) {
            const auto name = "level." + level;
            if (m_local && m_local->titles.contains(name)) {
                title(level.c_str(), m_local->titles.at(name));
            }
        }
        m_out.end_object();
    }

    const Catalogue& m_catalogue;
    std::string_view m_city;
    const City* m_local;
    std::string m_text;
    JsonWriter m_out;
};

}  // namespace

std::string web_json(const Catalogue& catalogue, std::string_view city) {
    return WebWriter(catalogue, city).write();
}

}  // namespace linli::catalogue
