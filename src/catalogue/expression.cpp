// SPDX-License-Identifier: Apache-2.0
// The grammar: words, then a recursive descent that hands every node to expression_types.cpp.
#include "catalogue/expression.hpp"

#include <algorithm>
#include <map>

#include "base/fields.hpp"
#include "base/text.hpp"
#include "catalogue/expression_parser.hpp"

namespace linli::catalogue {
namespace {

constexpr int depth_limit = 50;
constexpr int node_limit = 500;
constexpr std::size_t length_limit = 8000;

class Parser {
 public:
    Parser(std::string_view text, const Symbols& symbols)
        : m_text(text), m_symbols(symbols), m_tokens(tokens_of(text)) {}

    NodePtr whole() {
        auto node = any();
        if (peek().kind != Token::Kind::end) {
            const bool chain = node->type == Type::boolean && comparison_sign(peek());
            fail(
                peek().at, "'" + peek().text + "' is not expected here",
                chain ? "join two comparisons with 'and'" : "is an operator missing before it?"
            );
        }
        return node;
    }

 private:
    struct Deeper {
        explicit Deeper(Parser& of) : parser(of) {
            if (++parser.m_depth > depth_limit) {
                fail(parser.peek().at, "nested more than 50 deep", "split the expression");
            }
        }
        ~Deeper() { --parser.m_depth; }
        Parser& parser;
    };

    const Token& peek(std::size_t ahead = 0) const {
        return m_tokens[std::min(m_next + ahead, m_tokens.size() - 1)];
    }
    Token next() { return m_tokens[std::min(m_next++, m_tokens.size() - 1)]; }
    bool word(std::string_view text) const {
        return peek().kind == Token::Kind::name && peek().text == text;
    }
    bool sign(std::string_view text) const {
        return peek().kind == Token::Kind::sign && peek().text == text;
    }
    bool take_word(std::string_view text) { return word(text) && (++m_next, true); }
    bool take_sign(std::string_view text) { return sign(text) && (++m_next, true); }
    void demand_sign(const char* text) {
        if (!take_sign(text)) {
            fail(peek().at, std::string("'") + text + "' is missing", "check the brackets");
        }
    }
    NodePtr counted(NodePtr node) {
        if (++m_nodes > node_limit) {
            fail(peek().at, "more than 500 parts", "split the expression");
        }
        return node;
    }
    static std::optional<Op> comparison_sign(const Token& token) {
        static const std::map<std::string, Op, std::less<>> signs{
            {"=", Op::equal},       {"!=", Op::unequal}, {"<", Op::less},
            {"<=", Op::less_equal}, {">", Op::greater},  {">=", Op::greater_equal}};
        const auto found = token.kind == Token::Kind::sign ? signs.find(token.text) : signs.end();
        return found == signs.end() ? std::nullopt : std::optional(found->second);
    }

    NodePtr any() {
        const Deeper deeper(*this);
        return joined("or", Op::or_, [this] {
            return joined("and", Op::and_, [this] { return negation(); });
        });
    }
    template <class F>
    NodePtr joined(const char* keyword, Op op, F&& operand) {
        std::vector<NodePtr> args{operand()};
        const auto at = peek().at;
        while (take_word(keyword)) {
            args.push_back(operand());
        }
        return args.size() == 1 ? args[0] : counted(make_logic(op, std::move(args), at));
    }
    NodePtr negation() {
        const auto at = peek().at;
        if (!take_word("not")) {
            return comparison();
        }
        const Deeper deeper(*this);
        return counted(make_logic(Op::not_, {negation()}, at));
    }
    NodePtr comparison() {
        auto left = sum();
        const auto at = peek().at;
        if (const auto op = comparison_sign(peek())) {
            ++m_next;
            auto right = sum();
            return counted(make_comparison(*op, std::move(left), std::move(right), at));
        }
        if (take_word("is")) {
            const bool negated = take_word("not");
            if (!take_word("null")) {
                fail(peek().at, "'is' asks for null only", "use = for values");
            }
            return counted(
                make_null_test(negated ? Op::is_not_null : Op::is_null, std::move(left), at)
            );
        }
        if (word("not") && peek(1).text == "in") {
            m_next += 2;
            return listed(Op::not_in, std::move(left), at);
        }
        if (take_word("has")) {
            auto right = value();
            return counted(make_has(std::move(left), std::move(right), at));
        }
        return take_word("in") ? listed(Op::in, std::move(left), at) : left;
    }
    NodePtr listed(Op op, NodePtr left, std::size_t at) {
        demand_sign("(");
        std::vector<NodePtr> items;
        do {
            items.push_back(sum());
        } while (take_sign(","));
        demand_sign(")");
        return counted(make_in(op, std::move(left), std::move(items), at));
    }
    NodePtr sum() {
        auto left = product();
        while (sign("+") || sign("-")) {
            const auto token = next();
            auto right = product();
            const Op op = token.text == "+" ? Op::add : Op::subtract;
            left = counted(make_sum(op, std::move(left), std::move(right), token.at));
        }
        return left;
    }
    NodePtr product() {
        auto left = signed_value();
        while (sign("*") || sign("/")) {
            const auto token = next();
            auto right = signed_value();
            const Op op = token.text == "*" ? Op::multiply : Op::divide;
            left = counted(make_product(op, std::move(left), std::move(right), token.at));
        }
        return left;
    }
    NodePtr signed_value() {
        const auto at = peek().at;
        if (!take_sign("-")) {
            return value();
        }
        const Deeper deeper(*this);
        return counted(make_negative(signed_value(), at));
    }
    NodePtr value() {
        const auto token = next();
        switch (token.kind) {
            case Token::Kind::number:
                return counted(number(token));
            case Token::Kind::text:
                return counted(make_literal(Type::text, token.text));
            case Token::Kind::date: {
                const auto date = parse_date(token.text);
                if (!date) {
                    fail(token.at, "'" + token.text + "' is no date", "check month and day");
                }
                return counted(make_literal(Type::date, std::int64_t{date->days}));
            }
            case Token::Kind::name:
                return counted(named(token));
            default:
                break;
        }
        if (token.kind == Token::Kind::sign && token.text == "(") {
            auto node = any();
            demand_sign(")");
            return node;
        }
        fail(
            token.at, token.kind == Token::Kind::end
                          ? "a value is missing at the end"
                          : "a value is missing before '" + token.text + "'"
        );
    }
    NodePtr number(const Token& token) {
        static const std::map<std::string, Span, std::less<>> units{
            {"year", {12, 0}},     {"month", {1, 0}}, {"week", {0, 7 * 24 * 60}},
            {"day", {0, 24 * 60}}, {"hour", {0, 60}}, {"minute", {0, 1}}};
        auto unit = peek().kind == Token::Kind::name ? peek().text : "";
        if (unit.ends_with('s')) {
            unit.pop_back();
        }
        const auto found = units.find(unit);
        auto literal = make_literal_number(token);
        if (found == units.end()) {
            return literal;
        }
        ++m_next;
        if (literal->decimals > 0 || literal->digits > 100'000) {
            fail(token.at, "a time is a whole number up to 100000", "use a smaller unit");
        }
        return make_span(
            {found->second.months * literal->digits, found->second.minutes * literal->digits}
        );
    }
    NodePtr named(const Token& token) {
        if (sign("(")) {
            return call(token);
        }
        if (token.text == "true" || token.text == "false") {
            return make_literal(Type::boolean, token.text == "true");
        }
        if (token.text == "null") {
            return make_literal(Type::null, {});
        }
        const Symbol* symbol = m_symbols.find(token.text);
        if (!symbol) {
            std::vector<std::string> known;
            for (const auto& one : m_symbols.all) {
                known.push_back(one.name);
            }
            const auto near = nearest(token.text, known);
            fail(
                token.at, "there is no '" + token.text + "' here",
                !near.empty()        ? "did you mean '" + near + "'?"
                : known.size() <= 24 ? "known: " + join(known, ", ")
                                     : ""
            );
        }
        return make_symbol(*symbol);
    }
    NodePtr call(const Token& token) {
        struct Function {
            Op op;
            std::size_t arguments;
        };
        static const std::map<std::string, Function, std::less<>> functions{
            {"today", {Op::today, 0}}, {"now", {Op::now, 0}}, {"date", {Op::date, 1}},
            {"if", {Op::if_, 3}},      {"abs", {Op::abs, 1}}, {"coalesce", {Op::coalesce, 2}},
            {"min", {Op::min, 2}},     {"max", {Op::max, 2}}};
        if (token.text == "areas" || token.text == "total") {
            return areas(token);
        }
        const auto found = functions.find(token.text);
        if (found == functions.end()) {
            std::vector<std::string> known{"areas", "total"};
            for (const auto& [name, function] : functions) {
                known.push_back(name);
            }
            fail(
                token.at, "there is no function " + token.text + "()", "known: " + join(known, ", ")
            );
        }
        demand_sign("(");
        std::vector<NodePtr> args;
        while (!sign(")")) {
            if (!args.empty()) {
                demand_sign(",");
            }
            args.push_back(any());
        }
        demand_sign(")");
        if (args.size() != found->second.arguments) {
            fail(
                token.at, token.text + "() takes " + std::to_string(found->second.arguments) +
                              " arguments, not " + std::to_string(args.size())
            );
        }
        return make_call(found->second.op, std::move(args), token.at);
    }
    NodePtr areas(const Token& token);
    Expression part(Type, const std::string& demand, const std::string& suggestion);

    std::string_view m_text;
    const Symbols& m_symbols;
    std::vector<Token> m_tokens;
    std::size_t m_next = 0;
    int m_depth = 0, m_nodes = 0;
};

NodePtr Parser::areas(const Token& token) {
    if (m_symbols.levels.empty()) {
        fail(token.at, token.text + "() counts only in formulas of indicators");
    }
    const bool sums = token.text == "total";
    demand_sign("(");
    const auto level = next();
    if (std::find(m_symbols.levels.begin(), m_symbols.levels.end(), level.text) ==
        m_symbols.levels.end()) {
        fail(
            level.at, token.text + "() needs a level, not '" + level.text + "'",
            "one of " + join(m_symbols.levels, ", ")
        );
    }
    std::optional<Expression> summed, condition;
    if (sums) {
        demand_sign(",");
        summed = part(Type::number, "total() adds up a number", "like total(community, stations)");
    }
    if (take_sign(",")) {
        condition = part(
            Type::boolean, "the last part of " + token.text + "() must be a condition",
            "like 'stations >= 1'"
        );
    }
    demand_sign(")");
    return make_areas(level.text, std::move(summed), std::move(condition));
}

/// What stands up to the next comma or bracket, read as an expression of its own.
Expression Parser::part(Type type, const std::string& demand, const std::string& suggestion) {
    const auto from = peek().at;
    int open = 0;
    while (peek().kind != Token::Kind::end && (open > 0 || (!sign(")") && !sign(",")))) {
        open += sign("(") ? 1 : sign(")") ? -1 : 0;
        ++m_next;
    }
    Symbols inner = m_symbols;
    inner.levels.clear();
    ExpressionError error;
    auto read = Expression::parse(m_text.substr(from, peek().at - from), inner, error);
    if (!read) {
        fail(from + error.at, error.message, error.suggestion);
    }
    if (read->type() != type) {
        fail(from, demand, suggestion);
    }
    return std::move(*read);
}

}  // namespace

const Symbol* Symbols::find(std::string_view name) const {
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const Symbol& one) { return one.name == name; });
    return found == all.end() ? nullptr : &*found;
}

std::optional<Expression> Expression::parse(
    std::string_view text, const Symbols& symbols, ExpressionError& error
) {
    try {
        if (text.size() > length_limit || !valid_utf8(text)) {
            fail(0, "the expression is longer than 8000 bytes or no UTF-8");
        }
        Expression expression;
        expression.m_root = Parser(text, symbols).whole();
        if (expression.m_root->type == Type::null || expression.m_root->type == Type::list) {
            fail(0, "the expression has no value");
        }
        expression.m_text = text;
        return expression;
    } catch (const ExpressionFailure& failure) {
        error = failure.error;
        return std::nullopt;
    }
}

}  // namespace linli::catalogue
