// SPDX-License-Identifier: Apache-2.0
// The catalogue as a document that people read: Markdown, in Chinese or English.
#include "base/fields.hpp"
#include "base/text.hpp"
#include "catalogue/pack.hpp"

namespace linli::catalogue {
namespace {

/// Words of the document itself; titles of the catalogue bear their own languages.
struct Words {
    const char *heading, *roles, *role, *levels, *face, *excludes, *kind, *fields, *field, *type,
        *data_class, *notes, *required, *search, *unique, *rights, *create, *read, *change,
        *withdraw, *export_, *import, *flow, *action, *from, *to, *by, *needs, *limits, *clocks,
        *clock, *limit, *escalation, *lists, *list, *key, *title, *counters, *indicators, *formula,
        *cities, *version, *empty, *at_most, *by_hand;
};
constexpr Words english{
    "Catalogue", "Roles",   "Role",           "Levels",     "Face",       "Excludes", "Kind",
    "Fields",    "Field",   "Type",           "Class",      "Notes",      "required", "searchable",
    "unique",    "Rights",  "create",         "read",       "change",     "withdraw", "export",
    "import",    "Flow",    "Action",         "From",       "To",         "By",       "Needs",
    "Limits",    "Clocks",  "Clock",          "Limit",      "Escalation", "Lists",    "List",
    "Key",       "Title",   "Counters",       "Indicators", "Formula",    "Cities",   "version",
    "none",      "at most", "entered by hand"};
constexpr Words chinese{
    "业务目录", "角色", "角色", "层级", "界面",   "互斥",     "记录类型", "字段", "字段",
    "类型",     "分级", "说明", "必填", "可检索", "唯一",     "权限",     "新增", "查看",
    "修改",     "撤回", "导出", "导入", "流程",   "操作",     "从",       "到",   "谁可以办",
    "须填",     "限制", "时限", "时钟", "时限",   "逐级上报", "清单",     "清单", "代码",
    "名称",     "计数", "指标", "公式", "城市",   "版本",     "无",       "最多", "人工填报"};

class Writer {
 public:
    Writer(const Catalogue& catalogue, bool chinese_words)
        : m_catalogue(catalogue),
          m_chinese(chinese_words),
          m_words(chinese_words ? chinese : english) {}

    std::string write() {
        line(std::string("# ") + m_words.heading);
        line("");
        write_roles();
        for (const auto& kind : m_catalogue.kinds()) {
            write_kind(kind);
        }
        write_lists();
        write_measures();
        write_cities();
        return std::move(m_text);
    }

 private:
    const std::string& say(const Title& title) const { return m_chinese ? title.zh : title.en; }
    void line(const std::string& text) { m_text += text + "\n"; }
    void heading(const char* marks, const std::string& text) {
        line("\n" + std::string(marks) + " " + text + "\n");
    }
    void head(const std::vector<std::string>& cells) {
        row(cells);
        line("|" + join(std::vector<std::string>(cells.size(), "---"), "|") + "|");
    }
    void row(const std::vector<std::string>& cells) {
        std::string text = "|";
        for (const auto& cell : cells) {
            text += " ";
            for (const char c : cell) {
                text += c == '|'    ? std::string("\\|")
                        : c == '\n' ? std::string(" ")
                                    : std::string(1, c);
            }
            text += " |";
        }
        line(text);
    }
    std::string actors(const std::vector<std::string>& names) const {
        std::vector<std::string> titles;
        for (const auto& name : names) {
            const Role* role = m_catalogue.role(name);
            titles.push_back(role ? say(role->title) : "`" + name + "`");
        }
        return join(titles, m_chinese ? "、" : ", ");
    }

    void write_roles() {
        heading("##", m_words.roles);
        head({m_words.role, m_words.key, m_words.levels, m_words.face, m_words.excludes});
        for (const auto& role : m_catalogue.roles()) {
            row(
                {say(role.title), "`" + role.name + "`", join(role.levels, ", "), role.face,
                 actors(role.excludes)}
            );
        }
    }

    void write_kind(const Kind& kind) {
        heading(
            "##", std::string(m_words.kind) + ": " + say(kind.title) + " (`" + kind.name + "`)"
        );
        line(std::string(m_words.levels) + ": " + join(kind.levels, ", "));
        heading("###", m_words.fields);
        head({m_words.field, m_words.key, m_words.type, m_words.data_class, m_words.notes});
        for (const auto& field : kind.fields) {
            row(
                {say(field.title), "`" + field.name + "`", type_of(field),
                 name_of(field.data_class), notes(field)}
            );
        }
        heading("###", m_words.rights);
        head(
            {m_words.role, m_words.create, m_words.read, m_words.change, m_words.withdraw,
             m_words.export_, m_words.import}
        );
        for (const auto& [role, right] : kind.rights) {
            std::string change = name_of(right.change);
            if (!right.change_fields.empty()) {
                change += ": " + join(right.change_fields, ", ");
            }
            std::string read = name_of(right.read);
            for (const auto& state : right.states) {
                const auto* spec = kind.flow ? kind.flow->state(state) : nullptr;
                read += (read.find(": ") == std::string::npos ? ": " : ", ") +
                        (spec ? say(spec->title) : state);
            }
            row(
                {actors({role}), name_of(right.create), read, change, name_of(right.withdraw),
                 name_of(right.export_), name_of(right.import)}
            );
        }
        if (kind.flow) {
            write_flow(*kind.flow);
        }
    }

    static std::string type_of(const FieldSpec& field) {
        std::string text = name_of(field.type);
        for (const auto* of : {&field.list, &field.to, &field.by, &field.unit}) {
            text += of->empty() ? "" : " (" + *of + ")";
        }
        return text;
    }

    std::string notes(const FieldSpec& field) const {
        std::vector<std::string> all;
        for (const auto& [is, word] :
             {std::pair{field.required, m_words.required}, std::pair{field.search, m_words.search},
              std::pair{field.unique, m_words.unique}}) {
            if (is) {
                all.emplace_back(word);
            }
        }
        if (field.max > 0) {
            all.push_back(std::string(m_words.at_most) + " " + std::to_string(field.max));
        }
        if (field.when) {
            all.push_back("`" + field.when->text() + "`");
        }
        if (!field.help.zh.empty()) {
            all.push_back(say(field.help));
        }
        return join(all, "; ");
    }

    void write_flow(const FlowSpec& flow) {
        heading(
            "###", std::string(m_words.flow) + " (" + m_words.version + " " +
                       std::to_string(flow.version) + ")"
        );
        head({m_words.action, m_words.from, m_words.to, m_words.by, m_words.needs, m_words.limits});
        const auto state = [&](const std::string& name) { return say(flow.state(name)->title); };
        for (const auto& action : flow.actions) {
            std::vector<std::string> from, limits;
            for (const auto& name : action.from) {
                from.push_back(state(name));
            }
            if (action.limit > 0) {
                limits.push_back("× " + std::to_string(action.limit));
            }
            if (action.within) {
                limits.push_back("≤ " + to_text(*action.within));
            }
            if (action.after) {
                limits.push_back("> " + to_text(*action.after));
            }
            if (action.guard) {
                limits.push_back("`" + action.guard->text() + "`");
            }
            row(
                {say(action.title), join(from, ", "),
                 action.to.empty() ? std::string("=") : state(action.to), actors(action.by),
                 join(action.needs, ", "), join(limits, ", ")}
            );
        }
        write_clocks(flow);
    }

    void write_clocks(const FlowSpec& flow) {
        if (flow.clocks.empty()) {
            return;
        }
        heading("###", m_words.clocks);
        head({m_words.clock, m_words.from, m_words.to, m_words.limit});
        for (const auto& clock : flow.clocks) {
            std::vector<std::string> limits;
            for (const auto& [choice, limit] : clock.limits) {
                limits.push_back((choice.empty() ? "" : choice + ": ") + to_text(limit));
            }
            if (!clock.due.empty()) {
                limits.push_back("≤ `" + clock.due + "`");
            }
            row(
                {say(clock.title), say(flow.state(clock.from)->title),
                 say(flow.state(clock.until)->title), join(limits, ", ")}
            );
        }
        for (const auto& step : flow.escalation) {
            line(
                std::string(&step == &flow.escalation.front() ? "\n" : "") + "- " +
                std::to_string(step.at_percent) + "% " + say(flow.clock(step.of)->title) + ": " +
                step.act + " " + actors({step.to})
            );
        }
    }

    void write_lists() {
        heading("##", m_words.lists);
        for (const auto& list : m_catalogue.lists()) {
            heading("###", say(list.title) + " (`" + list.name + "`)");
            for (const auto& choice : list.choices) {
                line(
                    (choice.parent.empty() ? "- " : "  - ") + say(choice.title) + " (`" +
                    choice.key + "`)"
                );
            }
        }
    }

    void write_measures() {
        if (!m_catalogue.counters().empty()) {
            heading("##", m_words.counters);
            head({m_words.title, m_words.key, m_words.kind, m_words.notes});
            for (const auto& counter : m_catalogue.counters()) {
                row(
                    {say(counter.title), "`" + counter.id + "`", counter.of,
                     counter.where ? "`" + counter.where->text() + "`" : counter.clock}
                );
            }
        }
        if (!m_catalogue.indicators().empty()) {
            heading("##", m_words.indicators);
            head({m_words.title, m_words.key, m_words.formula});
            for (const auto& indicator : m_catalogue.indicators()) {
                row(
                    {say(indicator.title) +
                         (indicator.unit.zh.empty() ? "" : " (" + say(indicator.unit) + ")"),
                     "`" + indicator.id + "`",
                     indicator.manual ? m_words.by_hand : "`" + indicator.formula.text() + "`"}
                );
            }
        }
    }

    void write_cities() {
        if (m_catalogue.cities().empty()) {
            return;
        }
        heading("##", m_words.cities);
        for (const auto& city : m_catalogue.cities()) {
            heading("###", say(city.title) + " (" + city.area + ")");
            for (const auto& [name, title] : city.titles) {
                line("- `" + name + "`: " + say(title));
            }
            for (const auto& [name, limits] : city.limits) {
                for (const auto& [choice, limit] : limits) {
                    line(
                        "- `" + name + (choice.empty() ? "" : "." + choice) + "`: " + to_text(limit)
                    );
                }
            }
            for (const auto& [name, list] : city.lists) {
                line(
                    "- " + std::string(m_words.list) + " `" + name +
                    "`: " + std::to_string(list.choices.size())
                );
            }
        }
    }

    const Catalogue& m_catalogue;
    bool m_chinese;
    const Words& m_words;
    std::string m_text;
};

}  // namespace

std::string document(const Catalogue& catalogue, const std::string& language) {
    return Writer(catalogue, language != "en").write();
}

}  // namespace linli::catalogue
