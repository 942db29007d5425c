// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Words of an expression and the typed building of its nodes; internal to expression*.cpp.
#include <string>
#include <string_view>
#include <vector>

#include "catalogue/expression_node.hpp"

namespace linli::catalogue {

struct Token {
    enum class Kind { end, name, number, text, date, sign };
    Kind kind = Kind::end;
    std::string text;  ///< name, digits, unquoted text, date or sign
    std::size_t at = 0;
};

/// Thrown inside the parser only.
struct ExpressionFailure {
    ExpressionError error;
};
[[noreturn]] void fail(std::size_t at, std::string message, std::string suggestion = {});

std::vector<Token> tokens_of(std::string_view text);

/// Type rules: each makes a node or fails at `at`.
NodePtr make_literal_number(const Token&);
NodePtr make_literal(Type, Value);
NodePtr make_span(Span);
NodePtr make_symbol(const Symbol&);
NodePtr make_logic(Op, std::vector<NodePtr>, std::size_t at);
NodePtr make_comparison(Op, NodePtr left, NodePtr right, std::size_t at);
NodePtr make_in(Op, NodePtr left, std::vector<NodePtr> list, std::size_t at);
/// A list of choices holds one of them; what has no value holds none.
NodePtr make_has(NodePtr left, NodePtr right, std::size_t at);
NodePtr make_null_test(Op, NodePtr, std::size_t at);
NodePtr make_sum(Op, NodePtr left, NodePtr right, std::size_t at);
NodePtr make_product(Op, NodePtr left, NodePtr right, std::size_t at);
NodePtr make_negative(NodePtr, std::size_t at);
NodePtr make_call(Op, std::vector<NodePtr>, std::size_t at);
/// Without `summed` it counts areas.
NodePtr make_areas(
    std::string level, std::optional<Expression> summed, std::optional<Expression> condition
);

}  // namespace linli::catalogue
