// SPDX-License-Identifier: Apache-2.0
/// Any bytes are either refused at a place inside them, or an expression that has a value, a tree
/// and SQL.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/json.hpp"
#include "catalogue/expression.hpp"

using namespace linli;
using namespace linli::catalogue;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    static const Symbols symbols = [] {
        Symbols s;
        s.all = {
            {"state", Type::text, "state", {"open", "shut"}, 0},
            {"a", Type::number, "a", {}, 0},
            {"b", Type::number, "b", {}, 2},
            {"d", Type::date, "d", {}, 0},
            {"i", Type::instant, "i", {}, 0},
            {"f", Type::boolean, "f", {}, 0},
            {"t", Type::duration, "t", {}, 0},
            {"r", Type::reference, "r", {}, 0}};
        s.levels = {"city", "community"};
        return s;
    }();
    const std::string_view text(reinterpret_cast<const char*>(bytes), size);
    ExpressionError error;
    const auto expression = Expression::parse(text, symbols, error);
    if (!expression) {
        if (error.message.empty() || error.at > size) {
            std::abort();
        }
        return 0;
    }
    Expression::Context context;
    context.now = Instant{1'746'636'300'000};
    const bool some = size % 2 == 0;
    context.value_of = [&](const std::string& name) -> Value {
        if (!some) {
            return {};
        }
        return name == "state" ? Value("open") : Value(std::int64_t{20'000});
    };
    context.over_areas = [](const std::string&, const Expression*, const Expression*) -> Value {
        return 7;
    };
    to_json(expression->evaluate(context));
    to_json(expression->tree());
    if (expression->sql_obstacle().empty() && expression->sql(1, context.now).sql.empty()) {
        std::abort();
    }
    return 0;
}
