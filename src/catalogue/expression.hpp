// SPDX-License-Identifier: Apache-2.0
#pragma once
/// The one expression grammar (architecture §5): comparison, and/or/not, in, arithmetic, dates,
/// functions. Typed on parsing; compiled to SQL and evaluated in memory, with the same result.
///
///     facility_kind = 'comprehensive' and state = 'open'
///     birth_date <= today() - 60 years         handling in ('immediate', 'time_limited')
///     100 * areas(community, volunteer_stations >= 1) / areas(community)
///
/// Operators, weakest first: or · and · not · = != < <= > >= in, not in, has, is null, is not null
/// · + - · * / · - (sign). Functions: today() now() date(instant) if(condition, a, b) coalesce(a,
/// b) abs(n); in formulas also min(a, b) max(a, b) areas(level[, condition]) total(level, value[,
/// condition]). Literals: 12.5 'text'
/// true false 2025-05-08 60 years (months weeks days hours minutes). Texts are only equal or not;
/// dates take years to minutes, instants weeks to minutes. Numbers are 64-bit floating point,
/// except that a column is compared with a column or literal of its scale as an integer, exactly.
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "base/value.hpp"

namespace linli::catalogue {

/// A reference (another record, an area, a unit) is only equal, not equal or null; a list of
/// choices only `has` one or is null.
enum class Type { boolean, number, text, date, instant, duration, null, list, reference };
constexpr auto names(Type) {
    return std::array{"boolean",  "number", "text", "date",     "instant",
                      "duration", "null",   "list", "reference"};
}

/// A mistake in an expression: byte offset, message, and what was perhaps meant.
struct ExpressionError {
    std::size_t at = 0;
    std::string message;
    std::string suggestion;
};

/// What a name means where the expression stands: a field of a kind, a counter of a formula.
struct Symbol {
    std::string name;
    Type type = Type::text;
    std::string sql;                   ///< column expression, "" = cannot be compiled to SQL
    std::vector<std::string> choices;  ///< allowed texts of a choice; a literal outside is an error
    int scale = 0;                     ///< decimal and money are stored scaled by 10^scale
};
struct Symbols {
    std::vector<Symbol> all;
    std::vector<std::string> levels;  ///< for areas(level, ...); empty = not allowed here
    const Symbol* find(std::string_view name) const;
};

struct Node;  ///< of the tree; private to expression*.cpp

/// Immutable, cheap to copy, safe from any thread.
class Expression {
 public:
    Expression() = default;
    /// Depth ≤ 50 and ≤ 500 nodes. Returns nothing and fills `error` on a mistake.
    static std::optional<Expression> parse(
        std::string_view text, const Symbols&, ExpressionError& error
    );

    Type type() const;
    const std::string& text() const { return m_text; }
    std::vector<std::string> names() const;  ///< symbols used, each once
    /// Why it cannot be compiled to SQL ("'phone' is encrypted ..."); "" = it can.
    std::string sql_obstacle() const;
    /// The tree for the web: {"op": "and", "args": [...]}, {"name": "state"}, {"literal": "open"}.
    Value tree() const;

    /// SQL text with parameters from `$<first>` on, and what to bind (texts and numbers; dates as
    /// days, instants as ms). NULL follows SQL. Only if `sql_obstacle` is empty. Parameters first
    /// appear in ascending order; one may appear twice.
    struct Compiled {
        std::string sql;
        std::vector<Value> params;
    };
    Compiled sql(int first_parameter, Instant now) const;

    /// Evaluates with three-valued logic; null = unknown. `value_of(name)` gives dates as text
    /// "2025-05-08" or days, instants as RFC 3339 text or ms, decimals and money as the stored
    /// scaled integer or a plain double, durations as whole minutes, references as decimal text.
    /// a list as a list or texts joined by ";". Dates and instants come back as text, numbers as
    /// double. `areas` and `total` ask `over_areas`: how many areas of the level fulfil the
    /// condition (null = all do), or the sum of a value over them. Throws nothing of its own; a
    /// division by zero is null.
    struct Context {
        std::function<Value(const std::string& name)> value_of;
        std::function<
            Value(const std::string& level, const Expression* summed, const Expression* condition)>
            over_areas;
        Instant now;
    };
    Value evaluate(const Context&) const;

    static Expression of(std::shared_ptr<const Node> root);  ///< for expression*.cpp

 private:
    std::shared_ptr<const Node> m_root;
    std::string m_text;
};

}  // namespace linli::catalogue
