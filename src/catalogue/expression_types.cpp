// SPDX-License-Identifier: Apache-2.0
// What may stand where in an expression: every node is made here, or refused with a reason.
#include <algorithm>

#include "base/fields.hpp"
#include "base/text.hpp"
#include "catalogue/expression_parser.hpp"

namespace linli::catalogue {
namespace {

constexpr int degree_limit = 12;

std::shared_ptr<Node> node_of(Op op, Type type, std::vector<NodePtr> args) {
    auto node = std::make_shared<Node>();
    node->op = op;
    node->type = type;
    for (const auto& arg : args) {
        node->constant = node->constant && arg->constant;
        node->degree = std::max(node->degree, arg->degree);
    }
    node->args = std::move(args);
    return node;
}

std::string type_name(const NodePtr& node) {
    return name_of(node->type);
}

void demand(const NodePtr& node, Type type, const std::string& where, std::size_t at) {
    if (node->type != type) {
        fail(at, where + " needs a " + name_of(type) + ", not a " + type_name(node));
    }
}

/// Both sides of a comparison or both branches of a choice: a quoted date becomes a date.
void match(NodePtr& a, NodePtr& b, const std::string& where, std::size_t at) {
    const auto coerce = [&](NodePtr& text, const NodePtr& other) {
        if (text->op != Op::literal || text->type != Type::text || other->type != Type::date) {
            return;
        }
        const auto date = parse_date(*text->literal.as_text());
        if (!date) {
            fail(at, "'" + *text->literal.as_text() + "' is no date", "write it like 2025-05-08");
        }
        text = make_literal(Type::date, std::int64_t{date->days});
    };
    coerce(a, b);
    coerce(b, a);
    if (a->type == b->type) {
        return;
    }
    const bool instants = a->type == Type::instant || b->type == Type::instant;
    const bool dates = a->type == Type::date || b->type == Type::date;
    fail(
        at, where + ": a " + type_name(a) + " and a " + type_name(b) + " cannot be compared",
        instants && dates ? "turn the instant into a date with date(...)" : ""
    );
}

void check_choice(const NodePtr& symbol, const NodePtr& literal, std::size_t at) {
    if (symbol->op != Op::symbol || literal->op != Op::literal || symbol->symbol.choices.empty()) {
        return;
    }
    const auto& choices = symbol->symbol.choices;
    const auto& word = *literal->literal.as_text();
    if (std::find(choices.begin(), choices.end(), word) == choices.end()) {
        const auto near = nearest(word, choices);
        fail(
            at, "'" + symbol->symbol.name + "' never is '" + word + "'",
            !near.empty()          ? "did you mean '" + near + "'?"
            : choices.size() <= 16 ? "it is one of " + join(choices, ", ")
                                   : ""
        );
    }
}

void refuse_null(const NodePtr& node, std::size_t at) {
    if (node->type == Type::null) {
        fail(at, "a comparison with null is never true", "write 'is null' or 'is not null'");
    }
    if (node->type == Type::duration && node->span.months != 0) {
        fail(at, "years and months have no fixed length to compare", "use days");
    }
}

NodePtr shifted(Op op, NodePtr left, NodePtr right, std::size_t at) {
    if (right->op != Op::literal) {
        fail(at, "only a written time such as '30 days' can be added", "write the number");
    }
    const bool date = left->type == Type::date;
    if (date && right->span.minutes % (24 * 60) != 0) {
        fail(at, "a date moves by whole days", "use now() for hours and minutes");
    }
    if (right->span.months != 0 && (!date || !left->constant)) {
        fail(
            at, "years and months can be added only to today() and written dates",
            "move them to the other side: birth_date <= today() - 60 years"
        );
    }
    const Type type = left->type;
    return node_of(op, type, {std::move(left), std::move(right)});
}

}  // namespace

void fail(std::size_t at, std::string message, std::string suggestion) {
    throw ExpressionFailure{{at, std::move(message), std::move(suggestion)}};
}

NodePtr make_literal_number(const Token& token) {
    auto node = node_of(Op::literal, Type::number, {});
    for (const char c : token.text) {
        if (c == '.') {
            node->decimals = 1;
            continue;
        }
        node->digits = node->digits * 10 + (c - '0');
    }
    const auto point = token.text.find('.');
    node->decimals =
        point == std::string::npos ? 0 : static_cast<int>(token.text.size() - point - 1);
    node->number = static_cast<double>(node->digits) / static_cast<double>(power10(node->decimals));
    return node;
}

NodePtr make_literal(Type type, Value value) {
    auto node = node_of(Op::literal, type, {});
    node->literal = std::move(value);
    return node;
}

NodePtr make_span(Span span) {
    auto node = node_of(Op::literal, Type::duration, {});
    node->span = span;
    return node;
}

NodePtr make_symbol(const Symbol& symbol) {
    auto node = node_of(Op::symbol, symbol.type, {});
    node->symbol = symbol;
    node->constant = false;
    return node;
}

NodePtr make_logic(Op op, std::vector<NodePtr> args, std::size_t at) {
    for (const auto& arg : args) {
        demand(arg, Type::boolean, std::string("'") + name_of(op) + "'", at);
    }
    return node_of(op, Type::boolean, std::move(args));
}

NodePtr make_comparison(Op op, NodePtr left, NodePtr right, std::size_t at) {
    refuse_null(left, at);
    refuse_null(right, at);
    match(left, right, std::string("'") + name_of(op) + "'", at);
    if (left->type == Type::list) {
        fail(at, "a list is compared with nothing", "ask whether it has one: skills has 'law'");
    }
    if (op != Op::equal && op != Op::unequal) {
        const Type t = left->type;
        if (t == Type::text || t == Type::boolean || t == Type::reference) {
            fail(
                at, std::string("a ") + name_of(t) + " has no order", "only = and != are possible"
            );
        }
    }
    if (left->type == Type::text) {
        check_choice(left, right, at);
        check_choice(right, left, at);
    }
    return node_of(op, Type::boolean, {std::move(left), std::move(right)});
}

NodePtr make_in(Op op, NodePtr left, std::vector<NodePtr> list, std::size_t at) {
    std::vector<NodePtr> args;
    refuse_null(left, at);
    for (auto& item : list) {
        refuse_null(item, at);
        NodePtr same = left;
        match(same, item, "'in'", at);
        if (item->op != Op::literal) {
            fail(at, "'in' takes written values only", "use = and or for fields");
        }
        if (left->type == Type::text) {
            check_choice(left, item, at);
        }
    }
    args.push_back(std::move(left));
    args.insert(args.end(), list.begin(), list.end());
    return node_of(op, Type::boolean, std::move(args));
}

NodePtr make_has(NodePtr left, NodePtr right, std::size_t at) {
    if (left->op != Op::symbol || left->type != Type::list) {
        fail(at, "'has' stands after a list of choices", "use = for one value");
    }
    if (right->op != Op::literal || right->type != Type::text) {
        fail(at, "'has' takes one written choice", "like skills has 'law'");
    }
    check_choice(left, right, at);
    return node_of(Op::has, Type::boolean, {std::move(left), std::move(right)});
}

NodePtr make_null_test(Op op, NodePtr operand, std::size_t at) {
    if (operand->type == Type::null) {
        fail(at, "null is null", "name a field before 'is'");
    }
    return node_of(op, Type::boolean, {std::move(operand)});
}

NodePtr make_sum(Op op, NodePtr left, NodePtr right, std::size_t at) {
    const bool moment = left->type == Type::date || left->type == Type::instant;
    if (moment && right->type == Type::duration) {
        return shifted(op, std::move(left), std::move(right), at);
    }
    if (op == Op::subtract && left->type == Type::date && right->type == Type::date) {
        return node_of(op, Type::number, {std::move(left), std::move(right)});
    }
    if (left->type != Type::number || right->type != Type::number) {
        fail(
            at,
            std::string("'") + name_of(op) + "' cannot join a " + type_name(left) + " and a " +
                type_name(right),
            moment && right->type == Type::number ? "write the unit: '30 days'" : ""
        );
    }
    return node_of(op, Type::number, {std::move(left), std::move(right)});
}

NodePtr make_product(Op op, NodePtr left, NodePtr right, std::size_t at) {
    const auto where = std::string("'") + name_of(op) + "'";
    demand(left, Type::number, where, at);
    demand(right, Type::number, where, at);
    const int degree = left->degree + right->degree;
    if (degree > degree_limit) {
        fail(at, "more than 12 factors multiplied", "split the formula");
    }
    auto node = node_of(op, Type::number, {std::move(left), std::move(right)});
    node->degree = degree;
    return node;
}

NodePtr make_negative(NodePtr operand, std::size_t at) {
    demand(operand, Type::number, "the sign '-'", at);
    if (operand->op == Op::literal) {
        auto node = std::make_shared<Node>(*operand);
        node->number = -node->number;
        node->digits = -node->digits;
        return node;
    }
    return node_of(Op::negate, Type::number, {std::move(operand)});
}

NodePtr make_call(Op op, std::vector<NodePtr> args, std::size_t at) {
    const std::string where = std::string(name_of(op)) + "()";
    for (const auto& arg : args) {
        if (arg->type == Type::null || arg->type == Type::list ||
            (arg->type == Type::duration && arg->op == Op::literal)) {
            fail(at, where + " cannot take a " + type_name(arg));
        }
    }
    switch (op) {
        case Op::today:
        case Op::now:
            return node_of(op, op == Op::today ? Type::date : Type::instant, {});
        case Op::date:
            demand(args[0], Type::instant, where, at);
            return node_of(op, Type::date, std::move(args));
        case Op::if_:
            demand(args[0], Type::boolean, "the condition of if()", at);
            match(args[1], args[2], where, at);
            break;
        case Op::coalesce:
            match(args[0], args[1], where, at);
            break;
        default:
            for (const auto& arg : args) {
                demand(arg, Type::number, where, at);
            }
    }
    const Type type = args.back()->type;
    return node_of(op, type, std::move(args));
}

NodePtr make_areas(
    std::string level, std::optional<Expression> summed, std::optional<Expression> condition
) {
    auto node = node_of(summed ? Op::total : Op::areas, Type::number, {});
    node->constant = false;
    node->level = std::move(level);
    node->summed = std::move(summed);
    node->condition = std::move(condition);
    return node;
}

std::optional<int> exact_scale(const std::vector<NodePtr>& operands) {
    std::optional<int> scale;
    for (const auto& node : operands) {
        if (node->op == Op::symbol) {
            if (scale && *scale != node->symbol.scale) {
                return std::nullopt;
            }
            scale = node->symbol.scale;
        } else if (node->op != Op::literal) {
            return std::nullopt;
        }
    }
    if (!scale) {
        return std::nullopt;
    }
    for (const auto& node : operands) {
        if (node->op != Op::literal) {
            continue;
        }
        const bool large = std::abs(node->number) * static_cast<double>(power10(*scale)) > 1e17;
        const int missing = node->decimals - *scale;
        if (large || (missing > 0 && node->digits % power10(missing) != 0)) {
            return std::nullopt;
        }
    }
    return scale;
}

std::int64_t at_scale(const Node& literal, int scale) {
    const int missing = literal.decimals - scale;
    return missing > 0 ? literal.digits / power10(missing) : literal.digits * power10(-missing);
}

}  // namespace linli::catalogue
