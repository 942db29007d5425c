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
#include "catalogue/kind.hpp"

namespace linli::catalogue {

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
    bool second_factor = false;  ///< whoever holds it signs in with a code too (C10)
    Place place;
};

/// What a password must be (C02). 0 and false switch a rule off.
struct PasswordProfile {
    std::string name;
    Title title;
    int least = 8, most = 128;  ///< characters
    int kinds = 0;              ///< of capitals, small letters, digits, others
    int days = 0;               ///< after which it must be changed
    int history = 0;            ///< the last ones, the present one among them, are refused
    bool common = true;         ///< often used ones are refused (C03)
    bool local = true;          ///< ... and those made of what others know of the account (C03)
    Place place;
};
constexpr int password_history_limit = 24;

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
/// In a formula, the kind of the area in question: "residents_committee".
constexpr std::string_view area_kind = "area_kind";
struct Indicator {
    std::string id;
    Title title, unit;
    bool manual = false;  ///< no records give it: its values are entered by hand, it has no formula
    std::string why;      ///< of a manual one: "statistics", "title", "survey", "map", "elsewhere";
                          ///< "" = no kind of record holds it
    int digits = 1;       ///< behind the point: shown and compared so
    Expression formula;
    Place place;
};
struct Target {
    int year = 0;
    std::string comparison;  ///< ">=", "<=", "=", ">", "<", "about"
    double value = 0;
    std::optional<double> within;  ///< of "about": how far off still counts; none = a twentieth
};
struct PlanTarget {
    std::string indicator;
    std::string nature;   ///< expected, binding, none
    std::string section;  ///< where the document says so
    Title note;           ///< how an ambiguous wording is read
    bool total =
        false;  ///< a sum over the plan's area: the areas below have only what `areas` says
    std::optional<int> baseline_year;
    double baseline = 0;
    std::vector<Target> targets;  ///< by year, ascending; none = watched without a target
    std::map<std::string, std::vector<Target>> areas;  ///< those of areas below, by official code
    Place place;
};
struct Plan {
    std::string id;
    Title title;
    std::string area;    ///< official code
    std::string source;  ///< title of the document
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
    /// "" = the one that the pack chooses. Null if there is none of the name.
    const PasswordProfile* password_profile(std::string_view name = {}) const;
    const std::vector<PasswordProfile>& password_profiles() const { return m_password_profiles; }
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
    std::vector<PasswordProfile> m_password_profiles;
    std::string m_password_choice;
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
