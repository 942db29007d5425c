// SPDX-License-Identifier: Apache-2.0
// The compiler to SQL that SQLite and PostgreSQL read alike. Every literal is a parameter inside a
// CAST, so that both engines agree on its type; numbers are DOUBLE PRECISION except where
// exact_scale allows integers.
#include "base/fields.hpp"
#include "catalogue/expression_node.hpp"

namespace linli::catalogue {
namespace {

class Compiler {
 public:
    Compiler(int first, Instant now) : m_next(first), m_now(now) {}
    std::vector<Value> params;

    std::string text(const Node& node) {
        if (node.constant && node.op != Op::literal && node.type != Type::boolean) {
            return folded(node);
        }
        switch (node.op) {
            case Op::literal:
                return literal(node);
            case Op::symbol:
                return symbol(node);
            case Op::or_:
            case Op::and_:
                return joined(node, node.op == Op::or_ ? " OR " : " AND ");
            case Op::not_:
                return "(NOT " + text(*node.args[0]) + ")";
            case Op::in:
            case Op::not_in:
                return in(node);
            case Op::has:
                return has(node);
            case Op::is_null:
                return "(" + bare(*node.args[0]) + " IS NULL)";
            case Op::is_not_null:
                return "(" + bare(*node.args[0]) + " IS NOT NULL)";
            case Op::add:
            case Op::subtract:
                return sum(node);
            case Op::multiply:
                return joined(node, " * ");
            case Op::divide: {
                auto left = text(*node.args[0]);
                return "(" + left + " / NULLIF(" + text(*node.args[1]) +
                       ", CAST(0 AS DOUBLE PRECISION)))";
            }
            case Op::negate:
                return "(-" + text(*node.args[0]) + ")";
            case Op::abs:
                return "abs(" + text(*node.args[0]) + ")";
            case Op::date:
                return date(text(*node.args[0]));
            case Op::if_: {
                auto condition = text(*node.args[0]);
                auto yes = text(*node.args[1]);
                return "(CASE WHEN " + condition + " THEN " + yes + " ELSE " + text(*node.args[2]) +
                       " END)";
            }
            case Op::coalesce: {
                auto first = text(*node.args[0]);
                return "coalesce(" + first + ", " + text(*node.args[1]) + ")";
            }
            default:
                return comparison(node);
        }
    }

 private:
    std::string bind(Value value, const char* type) {
        params.push_back(std::move(value));
        return "CAST($" + std::to_string(m_next++) + " AS " + type + ")";
    }

    std::string literal(const Node& node) {
        switch (node.type) {
            case Type::number:
                return bind(node.number, "DOUBLE PRECISION");
            case Type::boolean:
                return *node.literal.as_bool() ? "(1 = 1)" : "(1 = 0)";
            case Type::duration:
                return bind(node.span.minutes, "BIGINT");
            case Type::date:
                return bind(node.literal, "BIGINT");
            default:
                return bind(node.literal, "TEXT");
        }
    }

    /// The value of a part without columns, bound as one parameter.
    std::string folded(const Node& node) {
        Expression::Context context;
        context.now = m_now;
        Expression part = Expression::of(std::make_shared<Node>(node));
        auto value = part.evaluate(context);
        switch (node.type) {
            case Type::number:
                return bind(std::move(value), "DOUBLE PRECISION");
            case Type::date:
                return bind(
                    value.is_null() ? Value()
                                    : Value(std::int64_t{parse_date(*value.as_text())->days}),
                    "BIGINT"
                );
            case Type::instant:
                return bind(
                    value.is_null() ? Value() : Value(parse_instant(*value.as_text())->ms), "BIGINT"
                );
            case Type::duration:
                return bind(std::move(value), "BIGINT");
            default:
                return bind(std::move(value), "TEXT");
        }
    }

    static std::string symbol(const Node& node) {
        const auto& column = node.symbol.sql;
        if (node.type == Type::boolean) {
            return "(" + column + " = 1)";
        }
        if (node.type != Type::number) {
            return column;
        }
        auto number = "CAST(" + column + " AS DOUBLE PRECISION)";
        return node.symbol.scale == 0
                   ? number
                   : "(" + number + " / CAST(" + std::to_string(power10(node.symbol.scale)) +
                         " AS DOUBLE PRECISION))";
    }

    std::string bare(const Node& node) {
        return node.op == Op::symbol ? node.symbol.sql : text(node);
    }
    /// A side of a comparison. At an exact scale a column stays bare, so that its index serves.
    std::string operand(const Node& node, std::optional<int> scale) {
        if (!scale) {
            return text(node);
        }
        return node.op == Op::literal ? bind(at_scale(node, *scale), "BIGINT") : node.symbol.sql;
    }
    static std::optional<int> scale_of(const Node& node) {
        return node.args[0]->type == Type::number ? exact_scale(node.args) : std::nullopt;
    }

    std::string joined(const Node& node, const char* word) {
        std::string sql = "(";
        for (std::size_t i = 0; i < node.args.size(); ++i) {
            sql += (i == 0 ? "" : word) + text(*node.args[i]);
        }
        return sql + ")";
    }

    std::string comparison(const Node& node) {
        const auto scale = scale_of(node);
        auto left = operand(*node.args[0], scale);
        const std::string sign = node.op == Op::unequal ? "<>" : name_of(node.op);
        return "(" + left + " " + sign + " " + operand(*node.args[1], scale) + ")";
    }

    std::string in(const Node& node) {
        const auto scale = scale_of(node);
        auto sql =
            "(" + operand(*node.args[0], scale) + (node.op == Op::in ? " IN (" : " NOT IN (");
        for (std::size_t i = 1; i < node.args.size(); ++i) {
            sql += (i == 1 ? "" : ", ") + operand(*node.args[i], scale);
        }
        return sql + "))";
    }

    /// The column holds the choices joined by ";"; taken out, the text is another if it held it.
    std::string has(const Node& node) {
        const auto list = "(';' || COALESCE(" + node.args[0]->symbol.sql + ", '') || ';')";
        const auto one = "';' || " + literal(*node.args[1]) + " || ';'";
        return "(replace(" + list + ", " + one + ", '') <> " + list + ")";
    }

    std::string sum(const Node& node) {
        const char* sign = node.op == Op::add ? " + " : " - ";
        auto left = text(*node.args[0]);
        if (node.type == Type::number) {
            auto both = left + sign + text(*node.args[1]);
            return node.args[0]->type == Type::date ? "CAST((" + both + ") AS DOUBLE PRECISION)"
                                                    : "(" + both + ")";
        }
        const auto minutes = node.args[1]->span.minutes;
        const auto amount = node.type == Type::date ? minutes / (24 * 60) : minutes * minute_ms;
        return "(" + left + sign + bind(amount, "BIGINT") + ")";
    }

    /// Days on the wall in China of an instant, rounded down also before 1970. The day's remainder
    /// is taken off first: both engines divide toward zero.
    std::string date(const std::string& at) {
        const auto local = "(" + at + " + " + std::to_string(official_offset_ms) + ")";
        const auto day = std::to_string(day_ms);
        return "((" + local + " - ((" + local + " % " + day + ") + " + day + ") % " + day + ") / " +
               day + ")";
    }

    int m_next;
    Instant m_now;
};

std::string obstacle(const Node& node) {
    if (node.op == Op::symbol && node.symbol.sql.empty()) {
        return "'" + node.symbol.name +
               "' is encrypted or not a column, so records cannot be picked by it";
    }
    if (node.op == Op::min || node.op == Op::max || node.op == Op::areas || node.op == Op::total) {
        return std::string(name_of(node.op)) + "() works in formulas only";
    }
    for (const auto& arg : node.args) {
        if (auto found = obstacle(*arg); !found.empty()) {
            return found;
        }
    }
    return {};
}

}  // namespace

std::string Expression::sql_obstacle() const {
    return m_root ? obstacle(*m_root) : "";
}

Expression Expression::of(std::shared_ptr<const Node> root) {
    Expression expression;
    expression.m_root = std::move(root);
    return expression;
}

Expression::Compiled Expression::sql(int first_parameter, Instant now) const {
    Compiler compiler(first_parameter, now);
    Compiled compiled;
    compiled.sql = m_root ? compiler.text(*m_root) : "(1 = 1)";
    compiled.params = std::move(compiler.params);
    return compiled;
}

}  // namespace linli::catalogue
