// SPDX-License-Identifier: Apache-2.0
#include "record/routes.hpp"
#include "record/engine_impl.hpp"
#include "record/history.hpp"
#include "record/list.hpp"
#include "record/view.hpp"
#include "record/write.hpp"

namespace linli::record {

namespace {

using http::Scope;

struct Reason {
    std::string reason;
    static constexpr auto fields = std::tuple{field("reason", &Reason::reason, {.max = 500})};
};

/// A record as an answer: its version as ETag, and the id of the change line.
http::Json answer(http::Call& call, View view) {
    call.header("ETag", "\"" + std::to_string(view.version) + "\"");
    if (view.change != 0) {
        call.header("Linli-Change", std::to_string(view.change));
    }
    return {std::move(view.json)};
}

void must_be_signed_in(const http::Call& call) {
    if (!call.caller.signed_in()) {
        throw unauthenticated("not_signed_in");
    }
}

}  // namespace

void read_in(const Core& core, http::Call& call, const std::function<void(const Context&)>& work) {
    must_be_signed_in(call);
    ReadLog reads;
    call.db.read([&](store::Tx& tx) {
        const Context c(core, tx, &call.caller, call.now, call.request.id);
        work(c);
        reads = std::move(c.reads);
    });
    if (!reads.by_kind.empty()) {
        call.db.write_now([&](store::Tx& tx) {
            log_reads({core, tx, &call.caller, call.now, call.request.id}, reads);
        });
    }
}

Context context_of(const Core& core, const http::Call& call) {
    must_be_signed_in(call);
    return {core, call.tx(), &call.caller, call.now, call.request.id};
}

void add_list_queries(http::Route& route) {
    route.query("area", "id of an area: only records filed there or below")
        .query(
            "map",
            "how `area` is meant: now (default; what its predecessors left is found there), then "
            "(as filed, also one that has ended), or a date: an area of that day's map"
        )
        .query("state", "states, separated by commas, or any; without it all but withdrawn")
        .query("view", "a view of the kind")
        .query(
            "q",
            "words that must occur, or a number, or a whole telephone number or its last four "
            "digits"
        )
        .query("sort", "created_at, updated_at or due_at; with - for descending")
        .query("mine", "1: only what I filed or what is about me")
        .query("overdue", "1: only what is late")
        .query("unit", "id of the unit in charge")
        .query("open", "1: only what has not ended")
        .query("closed_from", "ended on this day or later, and not withdrawn")
        .query("rated", "1: and with stars")
        .query("stopped_from", "the kind's last deadline was met or missed on this day or later")
        .query("late", "1: and was missed")
        .query("from", "first day of creation (official date)")
        .query("to", "last day of creation")
        .query(
            "f.*",
            "f.<field>: values of a field separated by commas, or a range a..b of numbers or dates"
        );
}

void Engine::routes(http::Router& router) {
    const auto impl = m_impl;
    const auto* engine = this;
    auto& list_route = router.get(
        "/api/records/{kind}",
        [impl](http::Call& call) -> http::Json {
            http::Json json;
            read_in(impl->core, call, [&](const Context& c) {
                const auto& table = c.core.table(call.param("kind"));
                json.text = list_json(c, table, read_query(c, table, call.request.query));
            });
            return json;
        },
        "", Scope::area, "Records of a kind that the caller may read, newest first"
    );
    add_list_queries(list_route);
    list_route.no_transaction()
        .query("limit", "1 to 200, otherwise 50")
        .query("cursor", "next of the page before")
        .query("count", "1: count up to 10000")
        .id_fields({"query:area", "query:unit"});
    router
        .post(
            "/api/records/{kind}",
            [engine](http::Call& call, const Value& body) {
                auto view = engine->create(
                    call.tx(), call.caller, call.param("kind"), body, call.now, call.request.id
                );
                call.header("Location", call.request.path + "/" + std::to_string(view.id.value));
                call.status(201);
                return answer(call, std::move(view));
            },
            "", Scope::record, "File a record"
        )
        .once_per_key()
        .created()
        .id_fields({"body:area"});
    router
        .get(
            "/api/records/{kind}/{id}",
            [impl](http::Call& call) {
                View view;
                read_in(impl->core, call, [&](const Context& c) {
                    const auto& table = c.core.table(call.param("kind"));
                    const auto found = load(c, table, call.id<linli::Record>());
                    view = full_view(c, table, found.record, found.facts);
                });
                return answer(call, std::move(view));
            },
            "", Scope::record, "One record with its clocks, actions and files"
        )
        .no_transaction()
        .id_fields({"path:id"});
    router
        .patch(
            "/api/records/{kind}/{id}",
            [engine](http::Call& call, const Value& body) {
                must_be_signed_in(call);
                return answer(
                    call, engine->change(
                              call.tx(), call.caller, call.param("kind"), call.id<linli::Record>(),
                              call.expected_version(), body, call.now, call.request.id
                          )
                );
            },
            "", Scope::record, "Change fields of a record, or where it is filed"
        )
        .id_fields({"path:id", "body:area"});
    router
        .post(
            "/api/records/{kind}/{id}/withdraw",
            [engine](http::Call& call, const Reason& body) {
                must_be_signed_in(call);
                return answer(
                    call, engine->withdraw(
                              call.tx(), call.caller, call.param("kind"), call.id<linli::Record>(),
                              call.expected_version(), body.reason, call.now, call.request.id
                          )
                );
            },
            "", Scope::record, "Withdraw a record with a reason"
        )
        .once_per_key()
        .id_fields({"path:id"});
    router
        .post(
            "/api/records/{kind}/{id}/actions/{action}",
            [engine](http::Call& call, const Value& body) {
                must_be_signed_in(call);
                return answer(
                    call, engine->act(
                              call.tx(), call.caller, call.param("kind"), call.id<linli::Record>(),
                              call.expected_version(), call.param("action"), body, call.now,
                              call.request.id
                          )
                );
            },
            "", Scope::record, "Take an action of the record's flow"
        )
        .once_per_key()
        .id_fields({"path:id", "body:lead_unit", "body:assist_units"});
    router
        .get(
            "/api/records/{kind}/{id}/history",
            [impl](http::Call& call) -> http::Json {
                http::Json json;
                read_in(impl->core, call, [&](const Context& c) {
                    const auto& table = c.core.table(call.param("kind"));
                    const auto found = load(c, table, call.id<linli::Record>());
                    json.text = history_json(c, table, found.record, found.facts);
                });
                return json;
            },
            "", Scope::record, "What happened to a record"
        )
        .no_transaction()
        .id_fields({"path:id"});
    const auto core = Impl::share(m_impl);
    file_routes(router, core);
    unmask_routes(router, core);
    case_file_routes(router, core);
    sheet_routes(router, core);
    search_routes(router, core);
    routing_routes(router, core);
}

}  // namespace linli::record
