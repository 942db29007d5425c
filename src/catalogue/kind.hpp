// SPDX-License-Identifier: Apache-2.0
#pragma once
/// What a kind is made of: fields, rights, views, flow. Parts of the immutable Catalogue.
#include <map>
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

/// `path`: what `scope` reaches, and what is filed at an area above the grant's itself.
enum class Reach { none, own, assigned, scope, path, any };
constexpr auto names(Reach) {
    return std::array{"none", "own", "assigned", "scope", "path", "any"};
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
    std::vector<std::string> states;         ///< only records in these; empty: in any
    bool holds_in(std::string_view state) const;
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
/// A record of another kind that an action opens and links to its own.
struct OpenSpec {
    std::string kind;
    std::optional<Expression> when;  ///< over the record after the action; none = always
    /// Field of the new record -> where its value comes from: a field of this one of the same type,
    /// `record` (this one itself), `reason`, `result`, or a text in single quotes.
    std::map<std::string, std::string> fields;
    std::string to;  ///< in charge of it: lead_unit, assist_units (one record each), or area
    Place place;
};
/// An action that the server takes right after another if a chosen entry bears an attribute.
struct ThenSpec {
    std::string action;
    std::string field, attribute;  ///< choice or choices field, and the attribute of its list
};
/// Words of a record's own that `needs`, `may` and `by` know beside fields and roles.
///   inputs: reason, result, evidence, lead_unit, assist_units
///   actors: lead_unit, assist_unit, reporter, timer
struct ActionSpec {
    std::string name;
    Title title;
    std::vector<std::string> from;
    std::string to;  ///< "" = the record stays where it is
    std::vector<std::string> by;
    std::vector<std::string> needs, may;
    int limit = 0;                    ///< times at most per record; 0 = any
    std::optional<Limit> within;      ///< after entering `from`
    std::optional<Limit> after;       ///< by timer: this long after entering `from`
    std::optional<Expression> guard;  ///< over the record's fields
    bool danger = false;              ///< asked once more in the web
    bool proof = false;  ///< its evidence: a photo with its place, or the resident's word
    std::vector<OpenSpec> opens;
    std::optional<ThenSpec> then;
    Place place;
    const std::string& leads_to(const std::string& state) const { return to.empty() ? state : to; }
};
struct ClockSpec {
    std::string name;
    Title title;
    std::string from, until;
    std::vector<std::string> restart;     ///< actions that start it anew
    std::vector<std::string> stop;        ///< actions that reach its goal before `until` does
    std::optional<Expression> when;       ///< runs only for records of which this holds
    std::string by;                       ///< choice field that picks the limit; "" = one limit
    std::map<std::string, Limit> limits;  ///< key "" = the one limit, or by choice
    std::string due;                      ///< date field that says the last day, instead of limits
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

/// A rule of routing: where its condition holds and one of its words is found, it says what a new
/// record's fields begin with, unless they were sent. The first rule that speaks of a field wins;
/// rules come before what chosen entries propose.
struct RouteSpec {
    std::string id;
    Title title;
    std::optional<Expression> when;
    std::vector<std::string> words;    ///< any of them, in the texts that are searched
    std::map<std::string, Value> set;  ///< choice and bool fields, as stored
    bool trial = false;                ///< counted in replays, not applied
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
    std::vector<RouteSpec> routing;           ///< in order
    std::optional<FlowSpec> flow;             ///< the newest version
    std::map<int, FlowSpec> old_flows;        ///< versions that running records may still be on
    Value open311;                            ///< as written; read by exchange
    Place place;
    const FieldSpec* field(std::string_view name) const;
    /// All states of all flow versions, or "active" for a kind without flow, and always
    /// "withdrawn".
    std::vector<std::string> states() const;
};

}  // namespace linli::catalogue
