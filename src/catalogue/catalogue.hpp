// SPDX-License-Identifier: Apache-2.0
#pragma once
/// What the packs say, checked and immutable: kinds, lists, roles, calendars, measures, plans. Safe
/// from any thread.
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/calendar.hpp"
#include "base/fields.hpp"
#include "catalogue/expression.hpp"

namespace linli::catalogue {

/// A text in the languages of the web; zh is the default and always there.
struct Title {
    std::string zh, en;
    static constexpr auto fields = std::tuple{field("zh", &Title::zh), field("en", &Title::en)};
};

struct Place {
    std::string file;
    int line = 0;
};

enum class FieldType {
    text,
    integer,
    decimal,
    money,
    boolean,
    date,
    instant,
    duration,
    choice,
    choices,
    ref,
    refs,
    point,
    phone,
    id_number,
    file,
    extra
};
/// As written in YAML ("int" and "bool" are short on purpose).
constexpr auto names(FieldType) {
    return std::array{"text",    "int",      "decimal",   "money",   "bool", "date",
                      "instant", "duration", "choice",    "choices", "ref",  "refs",
                      "point",   "phone",    "id_number", "file",    "extra"};
}
enum class Class { public_, internal, personal, sensitive, important };
constexpr auto names(Class) {
    return std::array{"public", "internal", "personal", "sensitive", "important"};
}
/// How a masked value is shown: 138****1234, 王**, first part of an address.
enum class Mask { none, contact, name, number, address, text };
constexpr auto names(Mask) {
    return std::array{"none", "contact", "name", "number", "address", "text"};
}

struct FieldSpec {
    std::string name;
    Title title;
    Title help;
    FieldType type = FieldType::text;
    Class data_class = Class::internal;
    Mask mask = Mask::none;
    bool required = false;
    bool search = false;  ///< in the full-text index
    bool unique = false;  ///< among records of the kind in the county
    std::string list;     ///< choice, choices: the list's name
    std::string to;       ///< ref, refs: a kind, or the kernel's "area", "unit", "account"
    std::string accept;   ///< file: "image", "document", "any"
    std::string by;       ///< extra: the choice field whose entry asks the questions
    int max = 0;          ///< characters, elements or files; 0 = the type's default
    std::optional<std::int64_t> least, most;  ///< `min`, `max` of numbers, scaled
    int scale = 0;                            ///< decimals of decimal (default 2) and money (2)
    std::string unit;                         ///< m2, yuan, ...
    std::optional<Expression> when;           ///< asked and shown only if true
    bool multiline = false;
    Place place;
};

enum class Reach { none, own, assigned, scope, any };
constexpr auto names(Reach) {
    return std::array{"none", "own", "assigned", "scope", "any"};
}

/// What a role may do with records of a kind. Acting along the flow is said in the flow.
struct KindRight {
    Reach create = Reach::none, read = Reach::none, withdraw = Reach::none, export_ = Reach::none,
          import = Reach::none;
    Reach change = Reach::none;
    std::vector<std::string>
        change_fields;  ///< fields that may be changed; empty with change != none: all
    std::vector<std::string> hidden_fields;  ///< not shown to this role at all
    std::vector<std::string>
        unmasked_fields;  ///< shown unmasked without asking (own records are never masked)
    std::vector<std::string> unmask_fields;  ///< may be unmasked with a reason and step-up
    Place place;
};

struct StateSpec {
    std::string name;
    Title title;
    Title plain;  ///< what residents read: "街道正在处理"
    bool final = false;
    std::vector<std::string> pauses;  ///< clocks
    std::vector<std::string>
        waits_for;  ///< actors of the first action that leaves the state: whose inbox it is in
    Place place;
};
/// Words of a record's own that `needs`, `may` and `by` know beside fields and roles.
///   inputs: reason, result, evidence, lead_unit, assist_units
///   actors: lead_unit, assist_unit, reporter, timer
struct ActionSpec {
    std::string name;
    Title title;
    std::vector<std::string> from;
    std::string to;
    std::vector<std::string> by;
    std::vector<std::string> needs, may;
    int limit = 0;                    ///< times at most per record; 0 = any
    std::optional<Limit> within;      ///< after entering `from`
    std::optional<Limit> after;       ///< by timer: this long after entering `from`
    std::optional<Expression> guard;  ///< over the record's fields
    bool danger = false;              ///< asked once more in the web
    Place place;
};
struct ClockSpec {
    std::string name;
    Title title;
    std::string from, until;
    std::vector<std::string> restart;     ///< actions that start it anew
    std::string by;                       ///< choice field that picks the limit; "" = one limit
    std::map<std::string, Limit> limits;  ///< key "" = the one limit, or by choice
    Place place;
};
struct EscalationSpec {
    int at_percent = 100;
    std::string of;   ///< clock
    std::string act;  ///< `do`: remind, urge, raise
    std::string to;   ///< lead_unit, lead_unit.head, area, area.parent, or a role
    Place place;
};
struct FlowSpec {
    int version = 1;
    std::string start;
    std::vector<StateSpec> states;
    std::vector<ActionSpec> actions;
    std::vector<ClockSpec> clocks;
    std::vector<EscalationSpec> escalation;
    Place place;
    const StateSpec* state(std::string_view name) const;
    const ActionSpec* action(std::string_view name) const;
    const ClockSpec* clock(std::string_view name) const;
};

struct View {
    std::string name;
    Title title;
    std::vector<std::string> states;
    std::optional<Expression> where;  ///< can be compiled to SQL
    bool overdue = false;             ///< only records with a clock that runs and is breached
    std::string sort;                 ///< column, "-" before it for descending; "" = newest first
    Place place;
};

struct Kind {
    std::string name;
    Title title;
    std::string subject;  ///< folder it comes from
    std::string number;   ///< pattern "SQ{county:6}-{date}-{seq:6}"; "" = no number
    std::string icon;
    std::vector<std::string> levels;  ///< where a record may be filed; default: community, grid
    std::vector<FieldSpec> fields;
    std::vector<std::string> title_fields;  ///< what a list shows first; default: first text field
    std::vector<std::string> list_fields;   ///< columns of the list
    std::vector<View> views;
    std::map<std::string, KindRight> rights;  ///< by role
    std::optional<FlowSpec> flow;             ///< the newest version
    std::map<int, FlowSpec> old_flows;        ///< versions that running records may still be on
    Value open311;                            ///< as written; read by exchange
    Place place;
    const FieldSpec* field(std::string_view name) const;
    /// All states of all flow versions, or "active" for a kind without flow, and always
    /// "withdrawn".
    std::vector<std::string> states() const;
};

/// One entry of a list; a city may add, retitle or hide entries for its area.
struct Choice {
    std::string key;
    Title title;
    std::string parent;                ///< of a two-level list
    std::vector<FieldSpec> questions;  ///< for `extra`
    Value attributes;  ///< further keys as written: handling, lead_unit_kind, icon, ...
    bool hidden = false;
    Place place;
};
/// A further key that the entries of a list may bear.
struct AttributeSpec {
    enum class Type { text, texts, integer, boolean, choice };
    std::string name;
    Type type = Type::text;
    std::string list;  ///< choice: the list's name
};
constexpr auto names(AttributeSpec::Type) {
    return std::array{"text", "texts", "int", "bool", "choice"};
}
struct ChoiceList {
    std::string name;
    Title title;
    std::vector<AttributeSpec> attributes;
    std::vector<Choice> choices;
    Place place;
    const Choice* find(std::string_view key) const;
};

struct Role {
    std::string name;
    Title title;
    std::string face;                 ///< resident, field, desk, board, admin: where the web starts
    std::vector<std::string> levels;  ///< levels of areas over which it may be granted
    bool unit = false;                ///< a grant of it needs a unit
    bool staff = true;
    std::vector<std::string> rights;  ///< kernel rights
    std::vector<std::string>
        excludes;  ///< roles that the same account must not hold (C12); goes both ways
    Place place;
};

struct Counter {
    std::string id, of, sum, distinct, date;
    std::optional<Expression> where;
    std::vector<std::string> by;  ///< breakdowns, at most three
    std::string clock;            ///< counts only records whose clock of this name has stopped ...
    bool on_time = false;         ///< ... and, if true, stopped before it was breached
    bool stock = false;
    Title title;
    Place place;
};
struct Indicator {
    std::string id, unit;
    Title title;
    Expression formula;
    Place place;
};
struct Target {
    int year = 0;
    std::string comparison;  ///< ">=", "<=", "=", ">", "<", "about"
    double value = 0;
};
struct PlanTarget {
    std::string indicator;
    std::string nature;  ///< expected, binding, none
    std::vector<Target> targets;
};
struct Plan {
    std::string id;
    Title title;
    std::string area;  ///< official code
    int from_year = 0, to_year = 0;
    std::vector<PlanTarget> indicators;
    Place place;
};

/// What a city lays over core for its area: list entries, limits, a calendar. Never a column.
struct City {
    std::string name;  ///< folder: "maanshan"
    Title title;
    std::string area;                         ///< official code of the area it holds for
    std::map<std::string, ChoiceList> lists;  ///< whole lists as seen there
    std::map<std::string, std::map<std::string, Limit>>
        limits;  ///< "request.resolve" -> choice -> limit
    std::map<std::string, std::vector<EscalationSpec>> ladders;  ///< kind -> its escalation there
    std::string calendar;                                        ///< "" = the national one
    /// Local words: "role.R", "kind.K", "level.L", "field.K.F", "state.K.S", "action.K.A".
    std::map<std::string, Title> titles;
    Place place;
};

class Catalogue {
 public:
    const Kind* kind(std::string_view name) const;
    const std::vector<Kind>& kinds() const { return m_kinds; }
    const ChoiceList* list(std::string_view name, std::string_view city = {}) const;
    const Role* role(std::string_view name) const;
    const std::vector<Role>& roles() const { return m_roles; }
    /// Limit of a clock where a city's area says otherwise.
    const Limit& limit(
        const Kind&, const ClockSpec&, std::string_view choice, std::string_view city
    ) const;
    /// Escalation of a flow where a city's area says otherwise.
    const std::vector<EscalationSpec>& escalation(
        const Kind&, const FlowSpec&, std::string_view city
    ) const;
    const Calendar& calendar(std::string_view name = {})
        const;  ///< "" or unknown = the national one
    const std::vector<std::unique_ptr<Calendar>>& calendars() const { return m_calendars; }
    const City* city(std::string_view name) const;
    const std::vector<City>& cities() const { return m_cities; }
    const std::vector<ChoiceList>& lists() const { return m_lists; }
    const std::vector<Counter>& counters() const { return m_counters; }
    const std::vector<Indicator>& indicators() const { return m_indicators; }
    const std::vector<Plan>& plans() const { return m_plans; }
    std::vector<std::string> known_rights() const;  ///< all kernel rights that some role holds
    const std::string& digest() const { return m_digest; }  ///< hex, of all files

 private:
    friend class Builder;
    std::vector<Kind> m_kinds;
    std::vector<ChoiceList> m_lists;
    std::vector<Role> m_roles;
    std::vector<std::unique_ptr<Calendar>> m_calendars;
    std::vector<City> m_cities;
    std::vector<Counter> m_counters;
    std::vector<Indicator> m_indicators;
    std::vector<Plan> m_plans;
    std::string m_digest;
    std::map<std::string, std::size_t, std::less<>> m_kind_index, m_list_index;
};

/// Symbols of a kind's fields (columns bear the fields' names), for `where`, guards and list
/// filters.
Symbols symbols_of(const Catalogue&, const Kind&, const std::string& table_alias = {});

/// A mistake in a pack: file, line, message, suggestion.
struct Mistake {
    Place place;
    std::string message;
    std::string suggestion;
};
std::string to_text(const Mistake&);  ///< "core/request/request.yaml:12: unknown key 'typ' (did you
                                      ///< mean 'type'?)"

struct Loaded {
    std::shared_ptr<const Catalogue> catalogue;  ///< null if there are mistakes
    std::vector<Mistake> mistakes;
};
/// Reads `folder`/core, /calendars, /cities. Never throws for a broken pack.
Loaded load(const std::string& folder);
/// The same from memory: path inside the pack folder ("core/request/request.yaml") and text.
Loaded load_files(const std::map<std::string, std::string>& files);

/// The catalogue as the web draws it: kinds (fields, flow, lists), roles; without what only the
/// server needs.
std::string web_json(const Catalogue&, std::string_view city);
/// The catalogue as a readable document (Markdown) in "zh" or "en".
std::string document(const Catalogue&, const std::string& language);
/// JSON Schema of the pack format, for editors.
std::string format_schema();
/// What changes for running data from one catalogue to another, a line each; `loses` marks what
/// needs a written step.
struct Difference {
    std::string text;
    bool loses = false;
};
std::vector<Difference> difference(const Catalogue& before, const Catalogue& after);

}  // namespace linli::catalogue
