// SPDX-License-Identifier: Apache-2.0
/// Random decisions about a small city, applied and undone: on every map the figures of an area
/// are those of the list behind it, sums stay, and undoing leaves everything as it was (C24).
#include <doctest/doctest.h>

#include <random>

#include "app/area_decisions.hpp"
#include "app/area_digest.hpp"
#include "area/lineage.hpp"

namespace linli::app::testing {

namespace {

using area::Level;
using area::Node;

class Town {
 public:
    Town(TestApp& app, unsigned seed)
        : m_app(app),
          m_random(seed),
          m_chief(app.as("system_admin", app.city().id).stepped_up()),
          m_deputy(app.other("system_admin", app.city().id, "deputy").stepped_up()),
          m_worker(app.as("grid_worker", app.community().id)),
          m_desk(app.as("community_desk", app.community().id)),
          m_watcher(app.as("city_supervisor", app.city().id)) {
        // Over the whole city, so that their grants stay whatever is decided.
        app->database().write_now([&](store::Tx& tx) {
            for (const auto& one : {m_worker, m_desk}) {
                tx.run(
                    store::Sql{
                        "test.widen",
                        "UPDATE identity_grant SET area = $1, unit = 0 WHERE account = $2"},
                    app.city().id, one.account()
                );
            }
        });
    }

    /// Some requests, in grids or at communities; some of them are over at once.
    void file(int count) {
        for (int i = 0; i < count; ++i) {
            const auto& at = any(chance(3) ? Level::community : Level::grid);
            const auto made = m_app.file_request(m_worker, at.id);
            if (chance(2)) {
                const auto done =
                    m_desk.act("request", made.text("id"), "decline", obj({{"reason", "x"}}));
                REQUIRE_MESSAGE(done.ok(), done.body);
            }
            ++m_filed;
        }
    }

    /// One decision that can be applied, a day later.
    void decide() {
        m_app.advance(day_ms, day_ms);
        m_days.push_back(official_date(m_app.time.now()) + -1);
        for (int tries = 0; tries < 60; ++tries) {
            const auto body = proposal();
            const auto preview = m_chief.post("/api/area-decisions/preview", body);
            if (preview.status != 200 || preview.size("problems") > 0) {
                continue;
            }
            const auto made = m_chief.post("/api/area-decisions", body);
            REQUIRE_MESSAGE(made.status == 201, made.body);
            const auto path = "/api/area-decisions/" + made.text("id");
            REQUIRE(m_deputy.post(path + "/approve").ok());
            const auto applied = m_chief.post(path + "/apply");
            REQUIRE_MESSAGE(applied.ok(), applied.body);
            m_applied.push_back(path);
            m_story += "\n" + m_what;
            return;
        }
        FAIL("no decision could be thought of");
    }
    void undo_all() {
        for (; !m_applied.empty(); m_applied.pop_back()) {
            const auto undone = m_chief.post(m_applied.back() + "/undo");
            REQUIRE_MESSAGE(undone.ok(), undone.body << m_story);
            m_story += "\nundo";
        }
    }

    /// Figures and lists of every area as filed, as now, and on the maps of the days before.
    std::string check() {
        INFO("story:" << m_story);
        std::string seen;
        for (const std::string map : {"then", "now"}) {
            seen += check_map(map, *m_app->areas().today());
        }
        for (const auto day : m_days) {
            check_map(to_text(day), *m_app->areas().on(day));
        }
        check_map(to_text(official_date(m_app.time.now())), *m_app->areas().today());
        return seen;
    }

 private:
    bool chance(unsigned one_in) { return m_random() % one_in == 0; }
    std::vector<const Node*> all(Level level) {
        std::vector<const Node*> found;
        for (const auto& node : m_app->areas().today()->subtree(m_app.city().id)) {
            if (node.level == level) {
                found.push_back(&node);
            }
        }
        return found;
    }
    const Node& any(Level level) {
        const auto nodes = all(level);
        return *nodes[m_random() % nodes.size()];
    }
    std::string code(const Node& like) {
        const auto serial = std::to_string(m_serial++);
        const std::string old(like.code);
        return like.level == Level::subdistrict ? old.substr(0, 6) + serial + "000"
               : like.level == Level::community ? old.substr(0, 9) + serial
                                                : old.substr(0, 12) + serial;
    }
    Value fresh(const Node& like) {
        return obj({{"code", code(like)}, {"name", "新" + std::to_string(m_serial)}});
    }

    Value proposal() {
        const std::vector<Level> levels{Level::grid, Level::community, Level::subdistrict};
        const auto& one = any(levels[m_random() % levels.size()]);
        const std::vector<std::string> kinds{"split", "split", "merge", "merge", "move", "rename"};
        const auto kind = kinds[m_random() % kinds.size()];
        m_what = kind + " " + std::string(one.code);
        Value::List areas{affected(one)}, successors;
        if (kind == "split") {
            successors = parts(one);
        } else if (kind == "merge") {
            const auto& other = any(one.level);
            areas.push_back(affected(other));
            m_what += " " + std::string(other.code);
            successors.push_back(
                chance(2) ? fresh(one) : obj({{"area", text_of((chance(2) ? one : other).id)}})
            );
        } else if (kind == "move") {
            const auto& to = any(static_cast<Level>(static_cast<int>(one.level) - 1));
            successors.push_back(obj({{"parent", text_of(to.id)}}));
            m_what += " below " + std::string(to.code);
        } else {
            successors.push_back(obj({{"name", "名" + std::to_string(m_serial++)}}));
        }
        return obj(
            {{"kind", kind},
             {"effective", to_text(official_date(m_app.time.now()))},
             {"document", "x"},
             {"areas", areas},
             {"successors", successors}}
        );
    }
    Value affected(const Node& node) {
        return obj(
            {{"area", text_of(node.id)},
             {"households", static_cast<std::int64_t>(m_random() % 900)}}
        );
    }
    /// Two or three successors; one may be the area itself, children go anywhere.
    Value::List parts(const Node& one) {
        const std::size_t count = 2 + m_random() % 2, heir = m_random() % count;
        std::vector<std::int64_t> households(count);
        for (auto& number : households) {
            number = static_cast<std::int64_t>(1 + m_random() % 900);
        }
        const auto weights = area::apportion(area::whole, households);
        std::vector<Value::List> children(count);
        for (const auto* child : m_app->areas().today()->children(one.id)) {
            if (!chance(3)) {
                children[m_random() % count].push_back(text_of(child->id));
            }
        }
        const bool goes_on = chance(2);
        Value::List result;
        for (std::size_t i = 0; i < count; ++i) {
            auto part = goes_on && i == heir ? obj({{"area", text_of(one.id)}}) : fresh(one);
            part.set("weight", weights[i]);
            part.set("heir", i == heir);
            part.set("children", children[i]);
            result.push_back(part);
        }
        return result;
    }

    std::int64_t listed(const Node& node, const std::string& more) {
        const auto reply =
            m_watcher.get("/api/records/request?count=1&limit=1&area=" + text_of(node.id) + more);
        REQUIRE_MESSAGE(reply.status == 200, reply.body);
        return reply.number("count");
    }

    std::string check_map(const std::string& map, const area::Tree& tree) {
        std::string seen;
        for (const auto& node : tree.subtree(m_app.city().id)) {
            if (node.level > Level::grid) {
                continue;
            }
            CAPTURE(map);
            CAPTURE(std::string(node.code));
            const auto board = m_watcher.get(
                "/api/board?kind=request&days=366&area=" + text_of(node.id) + "&map=" + map
            );
            REQUIRE_MESSAGE(board.status == 200, board.body);
            const auto open = board.number("open"), closed = board.number("closed");
            const auto everything = listed(node, "&map=" + map);
            const auto over = listed(node, "&state=closed,declined&map=" + map);
            if (!board.at("divided").as_bool() || !*board.at("divided").as_bool()) {
                CHECK(over == closed);
                CHECK(everything - over == open);
            }
            if (node.level == Level::city) {
                // Whatever was moved to where: nothing is lost or doubled.
                CHECK(open + closed == m_filed);
                CHECK(everything == m_filed);
            }
            if (map != "then" && node.level < Level::community) {
                check_sums(board);
            }
            seen += map + " " + text_of(node.id) + " " + std::to_string(open) + " " +
                    std::to_string(closed) + " " + std::to_string(everything) + "\n";
        }
        return seen;
    }
    static void check_sums(const Reply& board) {
        for (const std::string what : {"open", "created", "closed"}) {
            std::int64_t sum = 0;
            for (std::size_t i = 0; i < board.size("areas"); ++i) {
                sum += board.number("areas/" + std::to_string(i) + "/" + what);
            }
            CAPTURE(what);
            CHECK(sum == board.number(what));
        }
    }

    TestApp& m_app;
    std::mt19937 m_random;
    Client m_chief, m_deputy, m_worker, m_desk, m_watcher;
    std::vector<std::string> m_applied;
    std::vector<Date> m_days;
    std::string m_story, m_what;
    int m_serial = 500;
    std::int64_t m_filed = 0;
};

constexpr unsigned seeds = 3;

}  // namespace

TEST_CASE("random decisions applied and undone leave tree, rights, records and figures identical") {
    for (unsigned seed = 1; seed <= seeds; ++seed) {
        CAPTURE(seed);
        on_each_app([&](TestApp& app) {
            Town town(app, seed);
            town.file(30);
            const auto before = digest_of(app);
            const auto figures = town.check();
            for (int i = 0; i < 4; ++i) {
                town.decide();
            }
            town.check();
            town.undo_all();
            CHECK(digest_of(app) == before);
            CHECK(town.check() == figures);
        });
    }
}

TEST_CASE("while people go on filing, figures agree with lists on every map, there and back") {
    for (unsigned seed = 100; seed < 100 + seeds; ++seed) {
        CAPTURE(seed);
        on_each_app([&](TestApp& app) {
            Town town(app, seed);
            for (int i = 0; i < 4; ++i) {
                town.file(12);
                town.decide();
            }
            town.file(12);
            town.check();
            town.undo_all();
            town.check();
        });
    }
}

}  // namespace linli::app::testing
