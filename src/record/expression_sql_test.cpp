// SPDX-License-Identifier: Apache-2.0
// Expressions mean the same to the database and to the evaluator: random ones over random rows, on
// each engine.
#include <doctest/doctest.h>

#include <random>

#include "catalogue/expression.hpp"
#include "store/testing.hpp"

using namespace linli;
using namespace linli::catalogue;

namespace {

using Random = std::mt19937_64;

/// One row as it is stored; a column without a value is null.
using Row = std::vector<Value>;

const std::vector<Symbol>& columns() {
    static const std::vector<Symbol> all{
        {"state", Type::text, "r.state", {"open", "shut", "gone"}, 0},
        {"name", Type::text, "r.name", {}, 0},
        {"stars", Type::number, "r.stars", {}, 0},
        {"price", Type::number, "r.price", {}, 2},
        {"rate", Type::number, "r.rate", {}, 4},
        {"born", Type::date, "r.born", {}, 0},
        {"until_day", Type::date, "r.until_day", {}, 0},
        {"seen_at", Type::instant, "r.seen_at", {}, 0},
        {"urgent", Type::boolean, "r.urgent", {}, 0},
        {"checked", Type::boolean, "r.checked", {}, 0},
        {"spent", Type::duration, "r.spent", {}, 0},
        {"unit", Type::reference, "r.unit", {}, 0},
        {"owner", Type::reference, "r.owner", {}, 0},
        {"tags", Type::list, "r.tags", {"open", "open_air", "a"}, 0}};
    return all;
}

class Maker {
 public:
    explicit Maker(std::uint64_t seed) : m_random(seed) {}

    std::int64_t below(std::int64_t n) {
        return std::uniform_int_distribution<std::int64_t>(0, n - 1)(m_random);
    }
    template <class T>
    const T& pick(const std::vector<T>& all) {
        return all[static_cast<std::size_t>(below(static_cast<std::int64_t>(all.size())))];
    }

    Row row() {
        Row row;
        for (const auto& column : columns()) {
            row.push_back(below(5) == 0 ? Value() : value(column));
        }
        return row;
    }

    std::string boolean(int depth) {
        switch (depth <= 0 ? below(9) : below(15)) {
            case 0:
                return pick<std::string>({"urgent", "checked", "true", "false"});
            case 1:
                return text() + pick<std::string>({" = ", " != "}) + text();
            case 2:
                return "state" + in() + "('open', 'shut')";
            case 3:
                return "price" + in() + "(" + literal() + ", " + literal() + ")";
            case 4:
                return pick<std::string>({"stars", "born", "urgent", "unit", "state"}) +
                       pick<std::string>({" is null", " is not null"});
            case 5:
                return pick<std::string>({"unit", "owner"}) + pick<std::string>({" = ", " != "}) +
                       "owner";
            case 6:
                return "spent" + comparison() +
                       pick<std::string>({"2 hours", "90 minutes", "1 day", "spent"});
            case 7:
                return "stars" + in() + "(1, 2, 3)";
            case 8:
                return pick<std::string>(
                    {"tags has 'open'", "tags has 'open_air'", "tags has 'a'", "tags is null"}
                );
            case 14:
                return "(" + boolean(depth - 1) + " and " + boolean(depth - 1) + ")";
            case 9:
                return "(" + boolean(depth - 1) + " or " + boolean(depth - 1) + " or " +
                       boolean(0) + ")";
            case 10:
                return "not " + boolean(depth - 1);
            case 11:
                return day(depth - 1) + comparison() + day(depth - 1);
            case 12:
                return moment(depth - 1) + comparison() + moment(depth - 1);
            default:
                return number(depth - 1) + comparison() + number(depth - 1);
        }
    }

    std::string number(int depth) {
        switch (depth <= 0 ? below(3) : below(9)) {
            case 0:
                return pick<std::string>({"stars", "price", "rate"});
            case 1:
                return literal();
            case 2:
                return "price";
            case 3:
                return "(" + number(depth - 1) + pick<std::string>({" + ", " - "}) +
                       number(depth - 1) + ")";
            case 4:
                return "(" + number(depth - 1) + " * " + number(0) + ")";
            case 5:
                return "(" + number(depth - 1) + " / " + number(0) + ")";
            case 6:
                return "abs(-" + number(depth - 1) + ")";
            case 7:
                return "if(" + boolean(depth - 1) + ", " + number(depth - 1) + ", " + number(0) +
                       ")";
            default:
                return below(2) == 0 ? "(" + day(depth - 1) + " - " + day(0) + ")"
                                     : "coalesce(" + number(depth - 1) + ", " + number(0) + ")";
        }
    }

    std::string day(int depth) {
        switch (depth <= 0 ? below(4) : below(7)) {
            case 0:
                return "born";
            case 1:
                return "until_day";
            case 2:
                return pick<std::string>(
                    {"today()", "2025-05-08", "1960-02-29", "(today() - 60 years)"}
                );
            case 3:
                return pick<std::string>({"(today() + 1 month)", "(2024-02-29 - 1 year)"});
            case 4:
                return "(" + day(depth - 1) + pick<std::string>({" + 30 days)", " - 2 weeks)"});
            case 5:
                return "date(" + moment(depth - 1) + ")";
            default:
                return "coalesce(" + day(depth - 1) + ", " + day(0) + ")";
        }
    }

    std::string moment(int depth) {
        switch (depth <= 0 ? below(2) : below(4)) {
            case 0:
                return "seen_at";
            case 1:
                return "now()";
            case 2:
                return "(" + moment(depth - 1) +
                       pick<std::string>({" + 90 minutes)", " - 3 days)"});
            default:
                return "if(" + boolean(depth - 1) + ", " + moment(depth - 1) + ", " + moment(0) +
                       ")";
        }
    }

 private:
    std::string comparison() {
        return pick<std::string>({" = ", " != ", " < ", " <= ", " > ", " >= "});
    }
    std::string in() { return pick<std::string>({" in ", " not in "}); }
    std::string text() { return pick<std::string>({"state", "name", "'open'", "'shut'"}); }
    std::string literal() {
        return pick<std::string>(
            {"0", "1", "2", "3.5", "12.5", "0.25", "-7", "100", "0.3333", "1000000", "12.345"}
        );
    }

    Value value(const Symbol& column) {
        switch (column.type) {
            case Type::text:
                return column.choices.empty() ? pick<Value>({"open", "shut", "灯", "o'open", ""})
                                              : Value(pick(column.choices));
            case Type::number: {
                static const std::vector<std::int64_t> odd{
                    0, 1, 2, 3, -1, 1250, 350, -700, 9'000'000'000'000'000};
                return below(2) == 0 ? pick(odd) : below(20000) - 10000;
            }
            case Type::date:
                return below(4) == 0 ? std::int64_t{*date_of_text("2025-05-08")}
                                     : below(40000) - 15000;
            case Type::instant:
                return below(2'000'000'000'000) - 200'000'000'000;
            case Type::boolean:
                return below(2);
            case Type::duration:
                return below(300);
            case Type::list:
                return pick<Value>({"open", "open;a", "open_air", "a;open_air;open", "a"});
            default:
                return below(3) + 1;
        }
    }
    static std::optional<std::int64_t> date_of_text(const char* text) {
        return parse_date(text)->days;
    }

    Random m_random;
};

store::Param param(const Value& value) {
    if (value.as_text()) {
        return *value.as_text();
    }
    if (value.as_double()) {
        return *value.as_double();
    }
    return value.as_int() ? store::Param(*value.as_int()) : store::Param();
}

const Instant now = *parse_instant("2025-05-08T01:30:00+08:00");

void fill(store::Database& database, const std::vector<Row>& rows) {
    database.write_now([&](store::Tx& tx) {
        tx.script(
            R"(CREATE TABLE expression_row (
            id BIGINT PRIMARY KEY, state TEXT, name TEXT, stars BIGINT, price BIGINT, rate BIGINT, born INTEGER,
            until_day INTEGER, seen_at BIGINT, urgent INTEGER, checked INTEGER, spent BIGINT, unit BIGINT,
            owner BIGINT, tags TEXT))"
        );
        for (std::size_t i = 0; i < rows.size(); ++i) {
            std::vector<store::Param> params{static_cast<std::int64_t>(i)};
            for (const auto& value : rows[i]) {
                params.push_back(param(value));
            }
            tx.execute(
                {"test.fill",
                 "INSERT INTO expression_row (id, state, name, stars, price, rate, born, "
                 "until_day, seen_at, urgent, "
                 "checked, spent, unit, owner, tags) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, "
                 "$10, "
                 "$11, $12, $13, $14, $15)"},
                params
            );
        }
    });
}

/// What the evaluator says of a row.
Value evaluated(const Expression& expression, const Row& row) {
    Expression::Context context;
    context.now = now;
    context.value_of = [&](const std::string& name) {
        for (std::size_t i = 0; i < columns().size(); ++i) {
            if (columns()[i].name == name) {
                return row[i];
            }
        }
        return Value();
    };
    return expression.evaluate(context);
}

/// What the database says of all rows; booleans as true, false or null.
std::vector<Value> queried(store::Database& database, const Expression& expression) {
    const auto compiled = expression.sql(1, now);
    const bool boolean = expression.type() == Type::boolean;
    const auto text = boolean ? "SELECT CASE WHEN " + compiled.sql + " THEN 1 WHEN NOT " +
                                    compiled.sql + " THEN 0 END FROM expression_row r ORDER BY id"
                              : "SELECT " + compiled.sql + " FROM expression_row r ORDER BY id";
    std::vector<store::Param> params;
    for (const auto& value : compiled.params) {
        params.push_back(param(value));
    }
    std::vector<Value> found;
    database.read([&](store::Tx& tx) {
        tx.query({"test.expression", text}, params, [&](const store::Row& row) {
            if (row.null(0)) {
                found.emplace_back();
            } else if (boolean) {
                found.emplace_back(row.integer(0) == 1);
            } else if (expression.type() == Type::number) {
                found.emplace_back(row.real(0));
            } else {
                const auto n = row.integer(0);
                found.emplace_back(
                    expression.type() == Type::date ? to_text(Date{static_cast<std::int32_t>(n)})
                                                    : to_text(Instant{n})
                );
            }
            return true;
        });
    });
    return found;
}

std::string shown(const Value& value) {
    return to_json(value);
}

}  // namespace

TEST_CASE("an expression means the same to the database and in memory") {
    Maker maker(20250508);
    std::vector<Row> rows;
    for (int i = 0; i < 120; ++i) {
        rows.push_back(maker.row());
    }
    Symbols symbols;
    symbols.all = columns();
    std::vector<Expression> expressions;
    while (expressions.size() < 600) {
        const int depth = 1 + static_cast<int>(maker.below(4));
        const auto which = maker.below(8);
        const auto text = which == 0   ? maker.number(depth)
                          : which == 1 ? maker.day(depth)
                          : which == 2 ? maker.moment(depth)
                                       : maker.boolean(depth);
        ExpressionError error;
        auto expression = Expression::parse(text, symbols, error);
        if (!expression) {  // the maker may only fail where a limit of the grammar is met
            const bool limit = error.message.find("more than") != std::string::npos ||
                               error.message.find("nested") != std::string::npos ||
                               error.message.find("years and months") != std::string::npos;
            CHECK_MESSAGE(limit, text, ": ", error.message);
            continue;
        }
        REQUIRE(expression->sql_obstacle().empty());
        expressions.push_back(std::move(*expression));
    }
    store::testing::on_each_engine([&](store::Database& database) {
        fill(database, rows);
        for (const auto& expression : expressions) {
            const auto found = queried(database, expression);
            REQUIRE(found.size() == rows.size());
            for (std::size_t i = 0; i < rows.size(); ++i) {
                const auto expected = evaluated(expression, rows[i]);
                const bool same = expected == found[i];
                if (!same) {
                    FAIL_CHECK(
                        expression.text(), "\nrow ", shown(rows[i]), "\nSQL ", shown(found[i]),
                        "\nmemory ", shown(expected), "\n", expression.sql(1, now).sql
                    );
                    break;
                }
            }
        }
    });
}
