// SPDX-License-Identifier: Apache-2.0
// What must hold between a kind and the rest of the catalogue.
#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "catalogue/pack.hpp"

namespace linli::catalogue {
namespace {

/// Rooms whose tables begin with their name (architecture §4), and what the engines keep for
/// themselves.
const std::vector<std::string>& kernel_prefixes() {
    static const std::vector<std::string> words{
        "base",     "store",    "http",   "catalogue", "area",    "identity",
        "flow",     "record",   "notify", "measure",   "spatial", "plan",
        "registry", "exchange", "app",    "sqlite",    "pg"};
    return words;
}

class KindCheck {
 public:
    KindCheck(const Catalogue& catalogue, const Kind& kind, Mistakes& mistakes)
        : m_catalogue(catalogue), m_kind(kind), m_mistakes(mistakes) {
        for (const auto& field : kind.fields) {
            m_fields.push_back(field.name);
        }
    }

    void run() {
        name();
        levels();
        number();
        check_fields(m_catalogue, m_kind.fields, what(), true, m_mistakes);
        derived_columns();
        shown();
        for (const auto& view : m_kind.views) {
            check_view(view);
        }
        for (const auto& [role, right] : m_kind.rights) {
            check_right(role, right);
        }
        check_open311(m_catalogue, m_kind, m_mistakes);
        routing();
    }

 private:
    std::string what() const { return "kind '" + m_kind.name + "'"; }
    void mistake(const Place& place, const std::string& message, const std::string& suggestion) {
        m_mistakes.push_back({place, what() + ": " + message, suggestion});
    }

    void name() {
        const auto& name = m_kind.name;
        const auto prefix = name.substr(0, name.find('_'));
        if (!plain_name(name)) {
            mistake(
                m_kind.place, "the name cannot be a table",
                "lower-case words joined by _, at most 48 characters"
            );
        } else if (sql_word(name)) {
            mistake(
                m_kind.place, "the name is a word of SQL",
                "choose another, such as '" + name + "_record'"
            );
        } else if (contains(kernel_prefixes(), prefix) || name == "unit" || name == "account") {
            mistake(
                m_kind.place, "names beginning with '" + prefix + "' belong to the kernel",
                "choose another name"
            );
        }
        for (const auto& other : m_catalogue.kinds()) {
            for (const auto& field : other.fields) {
                const bool table =
                    field.type == FieldType::choices || field.type == FieldType::refs;
                if (table && other.name + "_" + field.name == name) {
                    mistake(
                        m_kind.place,
                        "the table of field '" + other.name + "." + field.name + "' has this name",
                        "rename one"
                    );
                }
            }
        }
    }

    void levels() {
        for (const auto& level : m_kind.levels) {
            if (!contains(area_levels(), level)) {
                mistake(
                    m_kind.place, "unknown level '" + level + "'", suggest(level, area_levels())
                );
            }
        }
    }

    /// Fixed text with {county:N}, {date}, {year} and exactly one {seq:N}.
    void number() {
        const std::string_view pattern = m_kind.number;
        int sequences = 0;
        for (std::size_t at = 0; at < pattern.size();) {
            const auto open = pattern.find('{', at);
            if (open == std::string_view::npos) {
                break;
            }
            const auto close = pattern.find('}', open);
            const auto word =
                pattern.substr(open, close == std::string_view::npos ? close : close - open + 1);
            const bool sized = word.size() >= 4 && word.ends_with('}') &&
                               word[word.size() - 3] == ':' && word[word.size() - 2] >= '1' &&
                               word[word.size() - 2] <= '9';
            const auto base = sized ? word.substr(1, word.size() - 4) : std::string_view{};
            sequences += base == "seq" ? 1 : 0;
            if (base != "seq" && base != "county" && word != "{date}" && word != "{year}") {
                mistake(
                    m_kind.place, "'number' has unknown part '" + std::string(word) + "'",
                    "known: {county:6}, {date}, {year}, {seq:6}"
                );
                return;
            }
            at = close + 1;
        }
        if (!pattern.empty() && (sequences != 1 || pattern.size() > 60)) {
            mistake(
                m_kind.place, "'number' needs exactly one {seq:N}",
                "like \"SQ{county:6}-{date}-{seq:6}\""
            );
        }
    }

    /// The record engine keeps some fields in several columns, named after the field.
    void derived_columns() {
        static const std::vector<std::string> suffixes{"_lat", "_lon", "_blind", "_tail"};
        for (const auto& field : m_kind.fields) {
            for (const auto& suffix : suffixes) {
                if (field.name.ends_with(suffix) &&
                    m_kind.field(field.name.substr(0, field.name.size() - suffix.size()))) {
                    mistake(
                        field.place,
                        "field '" + field.name + "' collides with a column made for another field",
                        "rename it"
                    );
                }
            }
        }
        std::set<std::string> lists;
        for (const auto& field : m_kind.fields) {
            if (field.type == FieldType::extra && !lists.insert(field.by).second) {
                mistake(field.place, "two extra fields for '" + field.by + "'", "one is enough");
            }
        }
    }

    void demand_fields(const Place& place, const char* key, const std::vector<std::string>& names) {
        for (const auto& name : names) {
            if (!m_kind.field(name)) {
                mistake(
                    place, std::string("'") + key + "' names unknown field '" + name + "'",
                    suggest(name, m_fields)
                );
            }
        }
    }

    void shown() {
        demand_fields(m_kind.place, "title_fields", m_kind.title_fields);
        for (const auto& name : m_kind.list_fields) {
            const FieldSpec* field = m_kind.field(name);
            if (!field && !contains(own_columns(), name)) {
                mistake(
                    m_kind.place, "'list_fields' names unknown field '" + name + "'",
                    suggest(name, m_fields)
                );
            } else if (field && field->type == FieldType::extra) {
                mistake(
                    m_kind.place, "'list_fields' cannot show '" + name + "'",
                    "extra answers are shown on the record only"
                );
            }
        }
    }

    void check_view(const View& view) {
        const auto states = m_kind.states();
        for (const auto& state : view.states) {
            if (!contains(states, state)) {
                mistake(
                    view.place, "view '" + view.name + "' names unknown state '" + state + "'",
                    suggest(state, states)
                );
            }
        }
        if (view.overdue && (!m_kind.flow || m_kind.flow->clocks.empty())) {
            mistake(
                view.place,
                "view '" + view.name + "' asks for what is overdue, but there is no clock",
                "take 'overdue' out"
            );
        }
        if (view.sort.empty()) {
            return;
        }
        const auto column = view.sort.starts_with('-') ? view.sort.substr(1) : view.sort;
        std::vector<std::string> sortable{"created_at", "updated_at", "number", "state"};
        for (const auto& field : m_kind.fields) {
            using enum FieldType;
            const bool ordered = field.type == text || field.type == choice ||
                                 (field.type >= integer && field.type <= duration);
            if (ordered && field.data_class != Class::sensitive) {
                sortable.push_back(field.name);
            }
        }
        if (!contains(sortable, column)) {
            mistake(
                view.place, "view '" + view.name + "' cannot be sorted by '" + column + "'",
                suggest(column, sortable)
            );
        }
    }

    void check_right(const std::string& role, const KindRight& right) {
        const auto at = "rights of '" + role + "': ";
        if (!m_catalogue.role(role)) {
            std::vector<std::string> known;
            for (const auto& one : m_catalogue.roles()) {
                known.push_back(one.name);
            }
            mistake(right.place, "rights for unknown role '" + role + "'", suggest(role, known));
        }
        for (const auto reach : {right.create, right.import}) {
            if (reach == Reach::own || reach == Reach::assigned) {
                mistake(
                    right.place, at + "what does not exist yet is neither own nor assigned",
                    "write scope or any"
                );
            }
        }
        const bool reads = right.read != Reach::none;
        if (!reads && (right.change != Reach::none || right.export_ != Reach::none ||
                       right.withdraw != Reach::none)) {
            mistake(
                right.place, at + "who changes, withdraws or exports must read", "add 'read: scope'"
            );
        }
        check_limits(right, at);
        demand_fields(right.place, "change", right.change_fields);
        demand_fields(right.place, "hide", right.hidden_fields);
        demand_fields(right.place, "unmasked", right.unmasked_fields);
        demand_fields(right.place, "unmask", right.unmask_fields);
        for (const auto& names : {right.unmasked_fields, right.unmask_fields}) {
            for (const auto& name : names) {
                const FieldSpec* field = m_kind.field(name);
                if (field && field->mask == Mask::none) {
                    mistake(
                        right.place, at + "'" + name + "' has no mask to take off",
                        "give the field a mask"
                    );
                }
            }
        }
    }

    /// Rights to some states, and to areas above one's own, are for reading: nobody writes what he
    /// then does not see, or where he does not work.
    void check_limits(const KindRight& right, const std::string& at) {
        for (const auto reach : {right.create, right.change, right.withdraw, right.import}) {
            if (reach == Reach::path) {
                mistake(right.place, at + "'path' is for reading", "write scope");
            }
            if (reach != Reach::none && !right.states.empty()) {
                mistake(
                    right.place, at + "'states' goes with 'read' and 'export' alone",
                    "take 'states' out"
                );
                return;
            }
        }
        if (!right.states.empty() && right.read == Reach::none) {
            mistake(right.place, at + "'states' limits reading", "add 'read: scope'");
        }
        const auto known = m_kind.states();
        for (const auto& state : right.states) {
            if (!contains(known, state)) {
                mistake(right.place, at + "unknown state '" + state + "'", suggest(state, known));
            }
        }
    }

    void routing() {
        std::set<std::string> ids;
        for (const auto& rule : m_kind.routing) {
            const auto what = "routing '" + rule.id + "'";
            if (!plain_name(rule.id) || !ids.insert(rule.id).second) {
                mistake(rule.place, what + " needs a plain name of its own", "name each rule once");
            }
            if (!rule.when && rule.words.empty()) {
                mistake(rule.place, what + " holds for every record", "add 'when' or 'words'");
            }
            for (const auto& [name, value] : rule.set) {
                const FieldSpec* field = m_kind.field(name);
                const auto* list = field && field->type == FieldType::choice
                                       ? m_catalogue.list(field->list)
                                       : nullptr;
                const bool fits =
                    list ? value.as_text() && list->find(*value.as_text())
                         : field && field->type == FieldType::boolean && value.as_int();
                if (!fits) {
                    mistake(
                        rule.place, what + ": '" + name + "' cannot be set so",
                        "choice fields take an entry of their list, bool fields true or false"
                    );
                }
            }
        }
    }

    const Catalogue& m_catalogue;
    const Kind& m_kind;
    Mistakes& m_mistakes;
    std::vector<std::string> m_fields;
};

}  // namespace

void check_kind(const Catalogue& catalogue, const Kind& kind, Mistakes& mistakes) {
    KindCheck(catalogue, kind, mistakes).run();
}

}  // namespace linli::catalogue
