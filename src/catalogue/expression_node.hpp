// SPDX-License-Identifier: Apache-2.0
#pragma once
/// The tree of an expression; internal to expression*.cpp.
#include <cmath>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "catalogue/expression.hpp"

namespace linli::catalogue {

enum class Op {
    literal,
    symbol,
    or_,
    and_,
    not_,
    equal,
    unequal,
    less,
    less_equal,
    greater,
    greater_equal,
    in,
    not_in,
    has,
    is_null,
    is_not_null,
    add,
    subtract,
    multiply,
    divide,
    negate,
    today,
    now,
    date,
    if_,
    coalesce,
    abs,
    min,
    max,
    areas,
    total
};
constexpr auto names(Op) {
    return std::array{
        "literal", "symbol",   "or",  "and", "not",    "=",     "!=",      "<",
        "<=",      ">",        ">=",  "in",  "not in", "has",   "is null", "is not null",
        "+",       "-",        "*",   "/",   "negate", "today", "now",     "date",
        "if",      "coalesce", "abs", "min", "max",    "areas", "total"};
}

/// A written amount of time: years and months count as months, the rest as minutes.
struct Span {
    std::int64_t months = 0;
    std::int64_t minutes = 0;
};

struct Node {
    Op op = Op::literal;
    Type type = Type::null;
    std::vector<std::shared_ptr<const Node>> args;
    Value literal;            ///< text, bool; date as days
    double number = 0;        ///< literal number ...
    std::int64_t digits = 0;  ///< ... exactly `digits` / 10^`decimals`
    int decimals = 0;
    Span span;  ///< literal duration
    Symbol symbol;
    std::string level;                    ///< of areas and total
    std::optional<Expression> condition;  ///< of areas and total
    std::optional<Expression> summed;     ///< of total
    bool constant = true;                 ///< no symbol and no areas below
    int degree = 1;  ///< factors multiplied or divided: bounded, so that no engine overflows
};
using NodePtr = std::shared_ptr<const Node>;

inline std::int64_t power10(int n) {
    std::int64_t power = 1;
    while (n-- > 0) {
        power *= 10;
    }
    return power;
}

/// Scale at which numbers are compared exactly as integers: at least one is a column, columns have
/// the same scale, and literals are whole at it. Nothing = compare as floating point. Evaluator and
/// SQL both decide by this.
std::optional<int> exact_scale(const std::vector<NodePtr>& operands);
/// Literal at a scale that `exact_scale` has allowed.
std::int64_t at_scale(const Node& literal, int scale);

}  // namespace linli::catalogue
