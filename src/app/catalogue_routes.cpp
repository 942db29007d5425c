// SPDX-License-Identifier: Apache-2.0
#include "app/catalogue_routes.hpp"

#include <map>
#include <mutex>

namespace linli::app {

namespace {

/// The name of the city pack that holds for an area, "" = none.
std::string city_of(const catalogue::Catalogue& catalogue, area::Areas& areas, AreaId area) {
    std::vector<std::string> codes;
    for (const auto& city : catalogue.cities()) {
        codes.push_back(city.area);
    }
    const auto code = area ? areas.city_code(area, codes) : std::string();
    for (const auto& city : catalogue.cities()) {
        if (!code.empty() && city.area == code) {
            return city.name;
        }
    }
    return {};
}

AreaId area_asked(const http::Call& call) {
    AreaId area;
    const auto text = call.query("area");
    if (text && !parse_id(*text, area.value)) {
        throw malformed("area_malformed", "area is an id: a decimal number");
    }
    return area;
}

}  // namespace

void catalogue_routes(
    http::Router& router, std::shared_ptr<const catalogue::Catalogue> catalogue, area::Areas& areas
) {
    struct Cache {
        std::mutex lock;
        std::map<std::string, std::string> by_city;
    };
    auto cache = std::make_shared<Cache>();
    router
        .get(
            "/api/catalogue",
            [catalogue, &areas, cache](http::Call& call) {
                const auto city = city_of(*catalogue, areas, area_asked(call));
                const auto tag = "\"" + catalogue->digest().substr(0, 16) + "-" + city + "\"";
                call.header("ETag", tag);
                call.header("Cache-Control", "private, no-cache");
                if (const auto* known = call.request.header("if-none-match");
                    known && *known == tag) {
                    return http::Answer{304, "application/json", "", {{"ETag", tag}}, {}};
                }
                std::lock_guard hold(cache->lock);
                auto& text = cache->by_city[city];
                if (text.empty()) {
                    text = catalogue::web_json(*catalogue, city);
                }
                return http::Answer{200, "application/json", text, {}, {}};
            },
            "", http::Scope::open,
            "Kinds, lists and roles as the web draws them, as seen in an area"
        )
        .query("area", "area whose city's words and lists hold")
        .id_fields({"query:area"});
    router
        .get(
            "/api/catalogue/document",
            [catalogue](http::Call& call) {
                const auto language = call.query("lang").value_or("zh");
                if (language != "zh" && language != "en") {
                    throw malformed("language_unknown", "lang is zh or en");
                }
                return http::Answer{
                    200,
                    "text/markdown; charset=utf-8",
                    catalogue::document(*catalogue, language),
                    {},
                    {}};
            },
            "catalogue.read", http::Scope::platform, "The catalogue as a readable document"
        )
        .query("lang", "zh or en");
}

}  // namespace linli::app
