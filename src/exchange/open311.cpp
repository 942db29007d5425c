// SPDX-License-Identifier: Apache-2.0
#include "exchange/open311.hpp"

#include <algorithm>

#include "exchange/open311_impl.hpp"
#include "http/target.hpp"

namespace linli::exchange {

namespace {

constexpr std::size_t form_bytes_most = 10 << 20;
constexpr std::int64_t span_most = 90 * day_ms;

using Show = Value (*)(const Open311&, const http::Call&);
using File = Value (*)(const Open311&, http::Call&);
using Shared = std::shared_ptr<const Open311>;

/// The parameter that a pointer of the record engine is about.
std::string word_for(const Open311& open311, const std::string& pointer) {
    constexpr std::string_view fields = "/fields/";
    if (pointer == "/area") {
        return "address_id";
    }
    if (!pointer.starts_with(fields) || !open311.mapped) {
        return pointer.starts_with("/") ? pointer.substr(1) : pointer;
    }
    const auto rest = pointer.substr(fields.size());
    const auto slash = rest.find('/');
    const auto word = open311.mapped->word_of(rest.substr(0, slash));
    return word == "attribute" && slash != std::string::npos
               ? "attribute[" + rest.substr(slash + 1) + "]"
               : word;
}

/// Refusals have a form of their own here; everything else is told as everywhere.
template <class Make>
http::Answer told(const Open311& open311, Format format, const Make& make) {
    try {
        return make();
    } catch (const Refused& refused) {
        return errors(format, refused, [&](const std::string& pointer) {
            return word_for(open311, pointer);
        });
    }
}

void read_route(
    http::Router& router, const Shared& open311, const std::string& path, const char* root,
    Show show, const char* summary, const std::vector<std::pair<const char*, const char*>>& queries
) {
    for (const auto format : {Format::json, Format::xml}) {
        auto& route = router.get(
            "/open311/v2/" + path + "." + name_of(format),
            [open311, format, root, show](http::Call& call) {
                return told(*open311, format, [&] {
                    return answer(format, root, show(*open311, call));
                });
            },
            "", http::Scope::open, summary
        );
        route.query("jurisdiction_id", "official code of an area, or the name of a city");
        for (const auto& [name, about] : queries) {
            route.query(name, about);
        }
        route.query("*", "what else a client sends is not looked at");
    }
}

void write_route(
    http::Router& router, const Shared& open311, const std::string& path, const char* root,
    File file, const char* summary
) {
    for (const auto format : {Format::json, Format::xml}) {
        router
            .post(
                "/open311/v2/" + path + "." + name_of(format),
                [open311, format, root, file](http::Call& call) {
                    return told(*open311, format, [&] {
                        return answer(format, root, file(*open311, call), 201);
                    });
                },
                "", http::Scope::open, summary
            )
            .raw()
            .limit(form_bytes_most)
            .no_transaction()
            .created()
            .query("*", "as in the form");
    }
}

}  // namespace

const Mapping& Open311::mapping() const {
    if (!mapped) {
        throw not_found("service");
    }
    return *mapped;
}

const catalogue::ChoiceList& Open311::list_in(AreaId area) const {
    return *catalogue->list(mapping().service->list, area ? core->city_of(area) : "");
}

Refused wrong(const std::string& name, const std::string& why) {
    return invalid("/" + name, "wrong_value", why);
}

const area::Node& area_of(
    const Open311& open311, const area::Tree& tree, const std::string& given
) {
    constexpr std::size_t digits = 12;
    const auto* city = open311.catalogue->city(given);
    auto code = city ? city->area : given;
    const auto* node = tree.find_code(code);
    const bool number = code.find_first_not_of("0123456789") == std::string::npos;
    if (!node && number && code.size() < digits) {
        code.resize(digits, '0');
        node = tree.find_code(code);
    }
    if (!node) {
        throw not_found("jurisdiction");
    }
    return *node;
}

AreaId jurisdiction_of(const Open311& open311, const area::Tree& tree, const std::string& code) {
    return code.empty() ? AreaId{} : area_of(open311, tree, code).id;
}

bool in_english(const http::Request& request) {
    const auto* wanted = request.header("accept-language");
    return wanted && http::lower_case(wanted->substr(0, 2)) == "en";
}

std::optional<Instant> time_of(const std::string& name, const std::string& text) {
    if (text.empty()) {
        return std::nullopt;
    }
    if (const auto date = parse_date(text)) {
        return start_of(*date);
    }
    const auto instant = parse_instant(text);
    if (!instant) {
        throw wrong(name, "expected a time such as 2025-05-08T08:00:00+08:00");
    }
    return instant;
}

Period period_of(const std::string& start, const std::string& end, Instant now) {
    const auto from = time_of("start_date", start), to = time_of("end_date", end);
    Period period;
    period.to = to ? *to : from ? *from + span_most : now + 1;
    period.from = from ? *from : period.to - span_most;
    if (period.to < period.from || period.to - period.from > span_most) {
        throw wrong("start_date", "start_date and end_date span at most 90 days");
    }
    return period;
}

RecordId request_id(const std::string& text) {
    RecordId id;
    if (!parse_id(text, id.value)) {
        throw not_found("service_request_id");
    }
    return id;
}

Value discovery(const Open311& open311, const http::Request& request) {
    const auto* forwarded = request.header("x-forwarded-proto");
    const auto* host = request.header("host");
    const bool secure = forwarded && *forwarded == "https";
    const auto base = (secure ? "https://" : "http://") + (host ? *host : "localhost");
    const auto changed = to_text(open311.started);
    return obj(
        {{"changeset", changed},
         {"contact", "the community or district that runs this server: " + base},
         {"key_service", "tokens of programs are made by their owner, signed in: " + base},
         {"endpoints", Value::List{obj(
                           {{"specification", "http://wiki.open311.org/GeoReport_v2"},
                            {"url", base + "/open311/v2"},
                            {"changeset", changed},
                            {"type", "production"},
                            {"formats", Value::List{"text/xml", "application/json"}}}
                       )}}}
    );
}

http::Caller key_holder(const Open311& open311, const http::Call& call, const Form& form) {
    if (call.caller.token) {
        return call.caller;
    }
    const auto key = form.value("api_key");
    if (key.empty()) {
        throw forbidden("api_key_missing", "send the token of a program as api_key");
    }
    http::Request asked;
    asked.method = "POST";
    asked.headers = {{"authorization", "Bearer " + key}};
    return open311.identify(asked, call.db, call.now);
}

void open311_routes(
    http::Router& router, std::shared_ptr<const catalogue::Catalogue> catalogue,
    const record::Engine& engine, http::Identify identify, Instant started
) {
    auto mapped = mapping_of(*catalogue);
    const auto open311 = std::make_shared<const Open311>(Open311{
        std::move(catalogue), engine, engine.core(), std::move(identify), started,
        std::move(mapped)});
    read_route(
        router, open311, "discovery", "discovery",
        [](const Open311& o, const http::Call& call) { return discovery(o, call.request); },
        "Open311: where this interface is and what it speaks", {}
    );
    read_route(
        router, open311, "services", "services", list_services, "Open311: what can be reported", {}
    );
    read_route(
        router, open311, "services/{code}", "service_definition", define_service,
        "Open311: what is asked about one service", {}
    );
    read_route(
        router, open311, "requests", "service_requests", list_requests,
        "Open311: requests, newest first, at most 1000",
        {{"service_request_id", "ids with commas between; other filters do not count then"},
         {"service_code", "services with commas between"},
         {"start_date", "requested at this time or later"},
         {"end_date", "and before this one; the span is 90 days at most"},
         {"status", "open, closed or both"},
         {"page", "from 1; with page_size"},
         {"page_size", "1 to 1000, otherwise 1000, or 100 with page"}}
    );
    read_route(
        router, open311, "requests/{id}", "service_requests", one_request, "Open311: one request",
        {}
    );
    read_route(
        router, open311, "tokens/{token}", "service_requests", token,
        "Open311: the request that a token stands for", {}
    );
    read_route(
        router, open311, "servicerequestupdates", "service_request_updates", list_updates,
        "Open311: what happened to requests, oldest first, at most 1000",
        {{"start_date", "at this time or later"},
         {"end_date", "and before this one; the span is 90 days at most"}}
    );
    write_route(
        router, open311, "requests", "service_requests", file_request,
        "Open311: file a request, as the owner of the api_key"
    );
    write_route(
        router, open311, "servicerequestupdates", "service_request_updates", file_update,
        "Open311: add something to a request, as the owner of the api_key"
    );
}

}  // namespace linli::exchange
