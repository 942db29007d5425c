// SPDX-License-Identifier: Apache-2.0
// The in-memory evaluator: three-valued, with exactly the results of expression_sql.cpp.
#include <algorithm>

#include "base/fields.hpp"
#include "base/text.hpp"
#include "catalogue/expression_node.hpp"

namespace linli::catalogue {
namespace {

/// Dates are days and instants ms (integers) inside; numbers are double.
class Evaluator {
 public:
    explicit Evaluator(const Expression::Context& context) : m_context(context) {}

    Value value(const Node& node) const {
        switch (node.op) {
            case Op::literal:
                return node.type == Type::number     ? Value(node.number)
                       : node.type == Type::duration ? Value(node.span.minutes)
                                                     : node.literal;
            case Op::symbol:
                return symbol(node);
            case Op::or_:
            case Op::and_:
                return logic(node);
            case Op::not_:
                return negated(value(*node.args[0]));
            case Op::in:
            case Op::not_in:
                return in(node);
            case Op::is_null:
            case Op::is_not_null:
                return value(*node.args[0]).is_null() == (node.op == Op::is_null);
            case Op::add:
            case Op::subtract:
                return sum(node);
            case Op::multiply:
            case Op::divide:
            case Op::negate:
            case Op::abs:
            case Op::min:
            case Op::max:
                return arithmetic(node);
            case Op::today:
                return std::int64_t{official_date(m_context.now).days};
            case Op::now:
                return m_context.now.ms;
            case Op::date:
                return date(value(*node.args[0]));
            case Op::if_: {
                const auto condition = value(*node.args[0]);
                const bool yes = condition.as_bool() && *condition.as_bool();
                return value(*node.args[yes ? 1 : 2]);
            }
            case Op::coalesce: {
                auto first = value(*node.args[0]);
                return first.is_null() ? value(*node.args[1]) : first;
            }
            case Op::has:
                return has(node);
            case Op::areas:
            case Op::total:
                return areas(node);
            default:
                return comparison(node);
        }
    }

 private:
    static Value negated(const Value& v) { return v.as_bool() ? Value(!*v.as_bool()) : Value(); }

    Value symbol(const Node& node) const {
        auto v = m_context.value_of(node.symbol.name);
        if (v.is_null()) {
            return v;
        }
        switch (node.type) {
            case Type::number:
                return v.as_int() ? Value(
                                        static_cast<double>(*v.as_int()) /
                                        static_cast<double>(power10(node.symbol.scale))
                                    )
                                  : (v.as_double() ? v : Value());
            case Type::boolean:
                return v.as_int() ? Value(*v.as_int() != 0) : v;
            case Type::date:
                if (v.as_text()) {
                    const auto date = parse_date(*v.as_text());
                    return date ? Value(std::int64_t{date->days}) : Value();
                }
                return v;
            case Type::instant:
                if (v.as_text()) {
                    const auto at = parse_instant(*v.as_text());
                    return at ? Value(at->ms) : Value();
                }
                return v;
            case Type::reference:
                return v.as_int() ? Value(std::to_string(*v.as_int())) : v;
            default:
                return v;
        }
    }

    Value logic(const Node& node) const {
        const bool decisive = node.op == Op::or_;
        bool unknown = false;
        for (const auto& arg : node.args) {
            const auto v = value(*arg);
            if (!v.as_bool()) {
                unknown = true;
            } else if (*v.as_bool() == decisive) {
                return decisive;
            }
        }
        return unknown ? Value() : Value(!decisive);
    }

    /// -1, 0, 1; nothing if one is null.
    std::optional<int> order(const Node& a, const Node& b, std::optional<int> scale) const {
        if (scale) {
            const auto x = scaled(a, *scale), y = scaled(b, *scale);
            return x && y ? std::optional((*x > *y) - (*x < *y)) : std::nullopt;
        }
        const auto x = value(a), y = value(b);
        if (x.is_null() || y.is_null()) {
            return std::nullopt;
        }
        if (x.as_double() && y.as_double()) {
            return (*x.as_double() > *y.as_double()) - (*x.as_double() < *y.as_double());
        }
        if (x.as_int() && y.as_int()) {
            return (*x.as_int() > *y.as_int()) - (*x.as_int() < *y.as_int());
        }
        return x == y ? 0 : 1;
    }
    std::optional<std::int64_t> scaled(const Node& node, int scale) const {
        if (node.op == Op::literal) {
            return at_scale(node, scale);
        }
        const auto v = m_context.value_of(node.symbol.name);
        if (v.as_double()) {
            return std::llround(*v.as_double() * static_cast<double>(power10(scale)));
        }
        return v.as_int() ? std::optional(*v.as_int()) : std::nullopt;
    }
    static std::optional<int> scale_of(const Node& node) {
        return node.args[0]->type == Type::number ? exact_scale(node.args) : std::nullopt;
    }

    Value comparison(const Node& node) const {
        const auto found = order(*node.args[0], *node.args[1], scale_of(node));
        if (!found) {
            return {};
        }
        switch (node.op) {
            case Op::equal:
                return *found == 0;
            case Op::unequal:
                return *found != 0;
            case Op::less:
                return *found < 0;
            case Op::less_equal:
                return *found <= 0;
            case Op::greater:
                return *found > 0;
            default:
                return *found >= 0;
        }
    }

    Value in(const Node& node) const {
        const auto scale = scale_of(node);
        for (std::size_t i = 1; i < node.args.size(); ++i) {
            const auto found = order(*node.args[0], *node.args[i], scale);
            if (!found) {
                return {};
            }
            if (*found == 0) {
                return node.op == Op::in;
            }
        }
        return node.op == Op::not_in;
    }

    Value has(const Node& node) const {
        const auto v = m_context.value_of(node.args[0]->symbol.name);
        const auto& wanted = *node.args[1]->literal.as_text();
        if (const auto* joined = v.as_text()) {
            const auto parts = split(*joined, ';');
            return std::find(parts.begin(), parts.end(), wanted) != parts.end();
        }
        const auto* list = v.as_list();
        return list && std::find(list->begin(), list->end(), Value(wanted)) != list->end();
    }

    Value sum(const Node& node) const {
        const auto a = value(*node.args[0]);
        const int sign = node.op == Op::add ? 1 : -1;
        if (node.type == Type::date || node.type == Type::instant) {
            return a.as_int() ? Value(moved(node.type, *a.as_int(), node.args[1]->span, sign))
                              : Value();
        }
        const auto b = value(*node.args[1]);
        if (a.is_null() || b.is_null()) {
            return {};
        }
        if (a.as_int()) {  // two dates
            return static_cast<double>(*a.as_int() - *b.as_int());
        }
        return sign > 0 ? *a.as_double() + *b.as_double() : *a.as_double() - *b.as_double();
    }
    /// A month later than 31 January is the last day of February.
    static std::int64_t moved(Type type, std::int64_t at, const Span& span, int sign) {
        if (type == Type::instant) {
            return at + sign * span.minutes * minute_ms;
        }
        if (span.months == 0) {
            return at + sign * span.minutes / (24 * 60);
        }
        const auto from = civil(Date{static_cast<std::int32_t>(at)});
        const std::int64_t month = from.year * 12LL + (from.month - 1) + sign * span.months;
        const int year = static_cast<int>(month >= 0 ? month / 12 : (month - 11) / 12);
        const int of_year = static_cast<int>(month - year * 12LL) + 1;
        const auto first = date_of({year, of_year, 1});
        const auto next =
            of_year == 12 ? date_of({year + 1, 1, 1}) : date_of({year, of_year + 1, 1});
        return first.days + std::min(from.day, next - first) - 1;
    }

    Value arithmetic(const Node& node) const {
        double n[2] = {0, 0};
        for (std::size_t i = 0; i < node.args.size(); ++i) {
            const auto v = value(*node.args[i]);
            if (!v.as_double()) {
                return {};
            }
            n[i] = *v.as_double();
        }
        switch (node.op) {
            case Op::multiply:
                return n[0] * n[1];
            case Op::divide:
                return n[1] == 0 ? Value() : Value(n[0] / n[1]);
            case Op::negate:
                return -n[0];
            case Op::abs:
                return std::fabs(n[0]);
            case Op::min:
                return std::min(n[0], n[1]);
            default:
                return std::max(n[0], n[1]);
        }
    }

    static Value date(const Value& at) {
        return at.as_int() ? Value(std::int64_t{official_date(Instant{*at.as_int()}).days})
                           : Value();
    }

    Value areas(const Node& node) const {
        if (!m_context.over_areas) {
            return {};
        }
        const auto v = m_context.over_areas(
            node.level, node.summed ? &*node.summed : nullptr,
            node.condition ? &*node.condition : nullptr
        );
        return v.as_int() ? Value(static_cast<double>(*v.as_int())) : v;
    }

    const Expression::Context& m_context;
};

void collect(const Node& node, std::vector<std::string>& names) {
    const auto add = [&](const std::string& name) {
        if (std::find(names.begin(), names.end(), name) == names.end()) {
            names.push_back(name);
        }
    };
    if (node.op == Op::symbol) {
        add(node.symbol.name);
    }
    for (const auto* part : {&node.summed, &node.condition}) {
        for (const auto& name : *part ? (*part)->names() : std::vector<std::string>{}) {
            add(name);
        }
    }
    for (const auto& arg : node.args) {
        collect(*arg, names);
    }
}

Value literal_tree(const Node& node) {
    switch (node.type) {
        case Type::number:
            if (node.decimals == 0) {
                return obj({{"literal", node.digits}});
            }
            return obj({{"literal", node.number}});
        case Type::date:
            return obj({{"date", to_text(Date{static_cast<std::int32_t>(*node.literal.as_int())})}}
            );
        case Type::duration:
            return obj({{"months", node.span.months}, {"minutes", node.span.minutes}});
        default:
            return obj({{"literal", node.literal}});
    }
}

Value tree_of(const Node& node) {
    if (node.op == Op::literal) {
        return literal_tree(node);
    }
    if (node.op == Op::symbol) {
        return obj({{"name", node.symbol.name}});
    }
    Value::List args;
    for (const auto& arg : node.args) {
        args.push_back(tree_of(*arg));
    }
    auto tree = obj({{"op", name_of(node.op)}, {"args", std::move(args)}});
    if (node.op == Op::areas || node.op == Op::total) {
        tree.set("level", node.level);
        tree.set("summed", node.summed ? node.summed->tree() : Value());
        tree.set("condition", node.condition ? node.condition->tree() : Value());
    }
    return tree;
}

}  // namespace

Type Expression::type() const {
    return m_root ? m_root->type : Type::null;
}

std::vector<std::string> Expression::names() const {
    std::vector<std::string> names;
    if (m_root) {
        collect(*m_root, names);
    }
    return names;
}

Value Expression::tree() const {
    return m_root ? tree_of(*m_root) : Value();
}

Value Expression::evaluate(const Context& context) const {
    if (!m_root) {
        return {};
    }
    auto result = Evaluator(context).value(*m_root);
    if (result.as_int() && m_root->type == Type::date) {
        return to_text(Date{static_cast<std::int32_t>(*result.as_int())});
    }
    if (result.as_int() && m_root->type == Type::instant) {
        return to_text(Instant{*result.as_int()});
    }
    return result;
}

}  // namespace linli::catalogue
