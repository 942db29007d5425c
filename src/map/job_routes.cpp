// SPDX-License-Identifier: Apache-2.0
/// Studies and proposals as long work: begun, looked at, cancelled.
#include "map/districts.hpp"
#include "map/routes.hpp"
#include "map/study.hpp"

namespace linli::map {

namespace {

struct JobsAnswer {
    std::vector<Job> jobs;
    static constexpr auto fields = std::tuple{field("jobs", &JobsAnswer::jobs)};
};

Job titled(const char* kind, const std::string& title, AreaId area, Instant now) {
    Job job;
    job.kind = kind;
    job.title = title;
    job.area = area;
    job.created_at = now;
    return job;
}

/// Whoever no longer works in the area of a job sees it no more.
Job job_of(const SharedRoom& room, const http::Call& call) {
    std::int64_t id = 0;
    parse_id(call.param("id"), id);
    auto job = room->jobs.find(call.caller.account, id);
    if (!job || !may_see(*room, call.caller, job->area, map_study)) {
        throw not_found("job");
    }
    return std::move(*job);
}

}  // namespace

void job_routes(http::Router& r, const SharedRoom& room) {
    constexpr std::size_t most_bytes = 1 << 20;
    r.post(
         "/api/spatial/studies",
         [room](http::Call& call, const StudyOrder& order) {
             const auto asked = ask(*room, call.caller, order.area, map_study);
             auto work = study(*room, asked, order, weekday(official_date(call.now)));
             return room->jobs.start(
                 call.caller.account, titled("siting", order.title, order.area, call.now),
                 std::move(work)
             );
         },
         map_study, http::Scope::area, "Begin a study where to build"
    )
        .no_transaction()
        .limit(most_bytes)
        .bulk()
        .id_fields({"body:area"});
    r.post(
         "/api/spatial/districts",
         [room](http::Call& call, const DistrictOrder& order) {
             const auto asked = ask(*room, call.caller, order.area, map_study);
             return room->jobs.start(
                 call.caller.account,
                 titled(name_of(order.kind), order.title, order.area, call.now),
                 districts(asked, order)
             );
         },
         map_study, http::Scope::area, "Begin to work out grid cells, or splits and mergers"
    )
        .no_transaction()
        .limit(most_bytes)
        .bulk()
        .id_fields({"body:area"});
    r.get(
         "/api/spatial/jobs",
         [room](http::Call& call) { return JobsAnswer{room->jobs.of(call.caller.account)}; },
         map_study, http::Scope::self, "One's own studies and proposals, without their answers"
    )
        .no_transaction();
    r.get(
         "/api/spatial/jobs/{id}", [room](http::Call& call) { return job_of(room, call); },
         map_study, http::Scope::self, "How far a study is, and its answer"
    )
        .no_transaction()
        .id_fields({"path:id"});
    r.remove(
         "/api/spatial/jobs/{id}",
         [room](http::Call& call) {
             room->jobs.cancel(call.caller.account, job_of(room, call).id);
         },
         map_study, http::Scope::self, "Cancel a study; it gives the best it has found"
    )
        .no_transaction()
        .id_fields({"path:id"});
}

}  // namespace linli::map
