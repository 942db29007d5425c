// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <map>

#include "catalogue/expression.hpp"

using namespace linli;
using namespace linli::catalogue;

namespace {

Symbols symbols() {
    Symbols s;
    s.all = {
        {"state", Type::text, "state", {"open", "shut"}, 0},
        {"name", Type::text, "name", {}, 0},
        {"stars", Type::number, "stars", {}, 0},
        {"price", Type::number, "price", {}, 2},
        {"born", Type::date, "born", {}, 0},
        {"seen_at", Type::instant, "seen_at", {}, 0},
        {"urgent", Type::boolean, "urgent", {}, 0},
        {"spent", Type::duration, "spent", {}, 0},
        {"unit", Type::reference, "unit", {}, 0},
        {"phone", Type::text, "", {}, 0},
        {"tags", Type::list, "tags", {"law", "sport"}, 0}};
    return s;
}

ExpressionError refusal(const std::string& text, Symbols s = symbols()) {
    ExpressionError error;
    CHECK_FALSE(Expression::parse(text, s, error));
    return error;
}

Expression parsed(const std::string& text) {
    ExpressionError error;
    auto expression = Expression::parse(text, symbols(), error);
    CAPTURE(text);
    CAPTURE(error.message);
    REQUIRE(expression);
    return *expression;
}

Value evaluated(const std::string& text, std::map<std::string, Value> row = {}) {
    Expression::Context context;
    context.value_of = [&](const std::string& name) { return row[name]; };
    context.now = *parse_instant("2025-05-08T01:00:00+08:00");
    return parsed(text).evaluate(context);
}

}  // namespace

TEST_CASE("what is wrong with an expression is said where it is") {
    struct Case {
        const char *text, *message, *suggestion;
        std::size_t at;
    };
    for (const auto& c : std::vector<Case>{
             {"", "a value is missing at the end", "", 0},
             {"stat = 'open'", "there is no 'stat' here", "did you mean 'state'?", 0},
             {"state = 'opened'", "'state' never is 'opened'", "did you mean 'open'?", 6},
             {"state in ('open', 'x')", "'state' never is 'x'", "it is one of open, shut", 6},
             {"state = 3", "'=': a text and a number cannot be compared", "", 6},
             {"name < 'b'", "a text has no order", "only = and != are possible", 5},
             {"urgent > false", "a boolean has no order", "only = and != are possible", 7},
             {"stars = null", "a comparison with null is never true",
              "write 'is null' or 'is not null'", 6},
             {"stars + 'a' > 1", "'+' cannot join a number and a text", "", 6},
             {"born + 3 > today()", "'+' cannot join a date and a number",
              "write the unit: '30 days'", 5},
             {"born + 1 years > today()",
              "years and months can be added only to today() and written dates",
              "move them to the other side: birth_date <= today() - 60 years", 5},
             {"born + 5 hours > today()", "a date moves by whole days",
              "use now() for hours and minutes", 5},
             {"seen_at > today()", "'>': a instant and a date cannot be compared",
              "turn the instant into a date with date(...)", 8},
             {"spent > 2 months", "years and months have no fixed length to compare", "use days",
              6},
             {"born = '2025-02-30'", "'2025-02-30' is no date", "write it like 2025-05-08", 5},
             {"1 < 2 < 3", "'<' is not expected here", "join two comparisons with 'and'", 6},
             {"urgent and stars", "'and' needs a boolean, not a number", "", 7},
             {"not stars", "'not' needs a boolean, not a number", "", 0},
             {"stars in (stars)", "'in' takes written values only", "use = and or for fields", 6},
             {"(stars = 1", "')' is missing", "check the brackets", 10},
             {"stars == 1", "a value is missing before '='", "", 7},
             {"name = \"a\"", "a character that has no meaning here",
              "texts stand in single quotes", 7},
             {"name = 'a", "the text that begins here has no end", "close it with '", 7},
             {"Name = 'a'", "a character that has no meaning here", "names are lower case", 0},
             {"floor(2) = 2", "there is no function floor()",
              "known: areas, total, abs, coalesce, date, if, max, min, now, today", 0},
             {"abs(1, 2) = 2", "abs() takes 1 arguments, not 2", "", 0},
             {"areas(community) > 1", "areas() counts only in formulas of indicators", "", 0},
             {"1234567890123456 = 1", "this is no number that we take",
              "up to 15 digits, like 12 or 0.5", 0},
             {"12abc = 1", "this is no number that we take", "up to 15 digits, like 12 or 0.5", 0},
             {"null", "the expression has no value", "", 0},
             {"tags = 'law'", "'=': a list and a text cannot be compared", "", 5},
             {"tags = tags", "a list is compared with nothing",
              "ask whether it has one: skills has 'law'", 5},
             {"tags has 'lav'", "'tags' never is 'lav'", "did you mean 'law'?", 5},
             {"tags has name", "'has' takes one written choice", "like skills has 'law'", 5},
             {"name has 'law'", "'has' stands after a list of choices", "use = for one value", 5},
             {"total(community, stars) > 1", "total() counts only in formulas of indicators", "",
              0},
             {"unit > 3", "'>': a reference and a number cannot be compared", "", 5}}) {
        CAPTURE(c.text);
        const auto error = refusal(c.text);
        CHECK(error.message == c.message);
        CHECK(error.suggestion == c.suggestion);
        CHECK(error.at == c.at);
    }
}

TEST_CASE("a formula counts areas, and adds up over those that fulfil a condition") {
    auto formula = symbols();
    formula.levels = {"county", "community"};
    const auto wrong = [&](const char* text) { return refusal(text, formula).message; };
    CHECK(wrong("total(community)") == "',' is missing");
    CHECK(wrong("total(village, stars)") == "total() needs a level, not 'village'");
    CHECK(wrong("total(community, urgent)") == "total() adds up a number");
    CHECK(wrong("total(community, stars, 3)") == "the last part of total() must be a condition");
    CHECK(wrong("areas(community, urgent, 3)") == "')' is missing");

    Expression::Context context;
    context.over_areas = [&](const std::string& level, const Expression* summed,
                             const Expression* condition) -> Value {
        CHECK(level == "community");
        return summed && condition ? 12.0 : summed ? 30.0 : condition ? 4.0 : 10.0;
    };
    ExpressionError error;
    const auto value = [&](const char* text) {
        return Expression::parse(text, formula, error)->evaluate(context);
    };
    CHECK(value("total(community, min(stars, 9), state in ('open', 'shut'))") == Value(12.0));
    CHECK(value("total(community, stars)") == Value(30.0));
    CHECK(value("areas(community, urgent)") == Value(4.0));
    CHECK(value("areas(community)") == Value(10.0));
    const auto names =
        Expression::parse("total(community, stars, urgent)", formula, error)->names();
    CHECK(names == std::vector<std::string>{"stars", "urgent"});
}

TEST_CASE("a list of choices has one or has it not; without any it has none") {
    const Value both(Value::List{"law", "sport"});
    CHECK(evaluated("tags has 'law'", {{"tags", both}}) == Value(true));
    CHECK(evaluated("tags has 'law' and tags has 'sport'", {{"tags", both}}) == Value(true));
    CHECK(evaluated("tags has 'sport'", {{"tags", Value::List{"law"}}}) == Value(false));
    CHECK(evaluated("not (tags has 'law')") == Value(true));
    CHECK(evaluated("tags is null") == Value(true));
}

TEST_CASE("an expression stays small") {
    CHECK(
        refusal(std::string(60, '(') + "1" + std::string(60, ')')).message ==
        "nested more than 50 deep"
    );
    std::string minus = "1", sum = "1", product = "stars", nots;
    for (int i = 0; i < 600; ++i) {
        sum += " + 1";
        minus = "- " + minus;
        nots += "not ";
    }
    for (int i = 0; i < 12; ++i) {
        product += " * stars";
    }
    CHECK(refusal(minus).message == "nested more than 50 deep");
    CHECK(refusal(nots + "urgent").message == "nested more than 50 deep");
    CHECK(refusal(sum).message == "more than 500 parts");
    CHECK(refusal(product).message == "more than 12 factors multiplied");
    CHECK(
        refusal(std::string(9000, ' ') + "1").message ==
        "the expression is longer than 8000 bytes or no UTF-8"
    );
}

TEST_CASE("an expression has the value that people expect") {
    struct Case {
        const char* text;
        Value value;
    };
    for (const auto& c : std::vector<Case>{
             {"1 + 2 * 3 - 4 / 2", 5.0},
             {"-(2 + 3) * 2", -10.0},
             {"1 / 0", nullptr},
             {"abs(0 - 3)", 3.0},
             {"max(1, 2) - min(1, 2)", 1.0},
             {"today()", "2025-05-08"},
             {"today() - 60 years", "1965-05-08"},
             {"2025-03-31 - 1 months", "2025-02-28"},
             {"2024-02-29 + 1 year", "2025-02-28"},
             {"2025-01-31 + 1 month", "2025-02-28"},
             {"2025-12-15 + 1 month", "2026-01-15"},
             {"today() - 2025-05-01", 7.0},
             {"now() - 2 hours", "2025-05-07T15:00:00.000Z"},
             {"date(now())", "2025-05-08"},
             {"if(1 < 2, 'a', 'b')", "a"},
             {"if(1 / 0 > 2, 'a', 'b')", "b"},
             {"true or 1 / 0 > 1", true},
             {"false and 1 / 0 > 1", false},
             {"false or 1 / 0 > 1", nullptr},
             {"not (1 / 0 > 1)", nullptr},
             {"not true = false", true},
             {"2 in (1, 2, 3)", true},
             {"2 not in (1, 2, 3)", false},
             {"'a''b' = 'a''b'", true},
             {"0.1 + 0.2 = 0.3", false}}) {
        CAPTURE(c.text);
        CHECK(evaluated(c.text) == c.value);
    }
}

TEST_CASE("a field without a value is unknown, not false") {
    CHECK(evaluated("stars = 3") == Value());
    CHECK(evaluated("stars != 3") == Value());
    CHECK(evaluated("stars is null") == Value(true));
    CHECK(evaluated("stars not in (1, 2)") == Value());
    CHECK(evaluated("coalesce(stars, 7)") == Value(7.0));
    CHECK(evaluated("urgent is null or urgent = false") == Value(true));
}

TEST_CASE("fields are read as they are stored") {
    CHECK(evaluated("price = 12.50", {{"price", 1250}}) == Value(true));
    CHECK(evaluated("price > 12.5", {{"price", 1251}}) == Value(true));
    CHECK(evaluated("price", {{"price", 1250}}) == Value(12.5));
    CHECK(evaluated("price = 12.345", {{"price", 1234}}) == Value(false));
    CHECK(evaluated("urgent", {{"urgent", 1}}) == Value(true));
    CHECK(evaluated("born <= today() - 60 years", {{"born", "1960-01-01"}}) == Value(true));
    CHECK(evaluated("born <= '1960-01-01'", {{"born", "1960-01-01"}}) == Value(true));
    CHECK(
        evaluated("seen_at >= now() - 1 hour", {{"seen_at", "2025-05-08T00:30:00+08:00"}}) ==
        Value(true)
    );
    CHECK(
        evaluated("date(seen_at) = 2025-05-08", {{"seen_at", "2025-05-07T16:00:00Z"}}) ==
        Value(true)
    );
    CHECK(evaluated("spent > 2 hours", {{"spent", 121}}) == Value(true));
    CHECK(evaluated("unit = unit", {{"unit", "77"}}) == Value(true));
}

TEST_CASE("SQL binds every literal and leaves compared columns to their indexes") {
    const auto sql = [](const char* text) {
        return parsed(text).sql(3, *parse_instant("2025-05-08T01:00:00+08:00"));
    };
    CHECK(
        sql("state = 'open' and stars >= 4").sql ==
        "((state = CAST($3 AS TEXT)) AND (stars >= CAST($4 AS BIGINT)))"
    );
    CHECK(sql("price > 12.5").sql == "(price > CAST($3 AS BIGINT))");
    CHECK(sql("price > 12.5").params == std::vector<Value>{std::int64_t{1250}});
    CHECK(
        sql("born <= today() - 60 years").params ==
        std::vector<Value>{std::int64_t{parse_date("1965-05-08")->days}}
    );
    CHECK(sql("urgent").sql == "(urgent = 1)");
    CHECK(sql("stars is null").sql == "(stars IS NULL)");
    CHECK(sql("name = 'x''; drop table y'").params == std::vector<Value>{"x'; drop table y"});
    CHECK(
        parsed("phone = '1'").sql_obstacle() ==
        "'phone' is encrypted or not a column, so records cannot be picked by it"
    );
    CHECK(parsed("min(stars, 1) > 0").sql_obstacle() == "min() works in formulas only");
}

TEST_CASE("the web gets the tree") {
    CHECK(
        parsed("state in ('open') and stars > 1.5").tree() ==
        obj(
            {{"op", "and"},
             {"args",
              Value::List{
                  obj(
                      {{"op", "in"},
                       {"args", Value::List{obj({{"name", "state"}}), obj({{"literal", "open"}})}}}
                  ),
                  obj(
                      {{"op", ">"},
                       {"args", Value::List{obj({{"name", "stars"}}), obj({{"literal", 1.5}})}}}
                  )}}}
        )
    );
    CHECK(
        parsed("name = 'a' or urgent or name = 'b'").names() ==
        std::vector<std::string>{"name", "urgent"}
    );
}
