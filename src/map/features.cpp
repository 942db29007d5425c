// SPDX-License-Identifier: Apache-2.0
/// OGC API - Features, part 1 (core and GeoJSON): the layers that one may see, for QGIS and GDAL.
#include <algorithm>

#include "map/outlines.hpp"
#include "map/routes.hpp"

namespace linli::map {

namespace {

constexpr const char* root = "/api/ogc";
constexpr const char* geojson = "application/geo+json";
constexpr int most_items = 10'000, usual_items = 1'000;

/// A layer of a town: its features by number, among those that are seen.
struct Layer {
    std::string id, title, description;
    std::vector<std::size_t> numbers;
    std::function<spatial::Box(std::size_t)> box;
    std::function<void(JsonWriter&, std::size_t)> properties, geometry;
};

/// One town as far as a caller sees it.
struct Sight {
    Asked asked;
    std::string code;
};

void position(JsonWriter& out, spatial::Point p) {
    out.begin_list();
    out.decimal(p.lon, 7);
    out.decimal(p.lat, 7);
    out.end_list();
}
void text(JsonWriter& out, const char* key, std::string_view words) {
    out.key(key);
    out.text(words);
}
void number(JsonWriter& out, const char* key, std::int64_t value) {
    out.key(key);
    out.integer(value);
}
void point_geometry(JsonWriter& out, spatial::Point p) {
    out.begin_object();
    text(out, "type", "Point");
    out.key("coordinates");
    position(out, p);
    out.end_object();
}
spatial::Box box_at(spatial::Point p) {
    return {p, p};
}

/// Towns of all areas in which the caller may read the map; a town once, as the widest area sees
/// it.
std::vector<Sight> sights(const Room& room, const http::Caller& caller) {
    std::vector<Sight> all;
    for (const auto area : room.identity.areas_with(caller, map_read)) {
        try {
            auto asked = ask(room, caller, area);
            const auto code = asked.town().code;
            const auto known = std::find_if(all.begin(), all.end(), [&](const auto& one) {
                return one.code == code;
            });
            if (known == all.end()) {
                all.push_back({std::move(asked), code});
                continue;
            }
            for (std::size_t a = 0; a < asked.visible.size(); ++a) {
                known->asked.visible[a] = known->asked.visible[a] || asked.visible[a];
            }
        } catch (const Refused&) {
            continue;  // no town there
        }
    }
    return all;
}

Layer facilities(const std::shared_ptr<const TownWork>& work) {
    const auto& town = work->town();
    Layer layer{
        town.code + "_facilities",
        "Facilities",
        "Kind, days (1 is Monday, none: every day), area",
        {},
        {},
        {},
        {}};
    for (std::size_t i = 0; i < town.places.size(); ++i) {
        layer.numbers.push_back(i);
    }
    layer.box = [work](std::size_t i) { return box_at(work->town().places[i].at); };
    layer.geometry = [work](JsonWriter& out, std::size_t i) {
        point_geometry(out, work->town().places[i].at);
    };
    layer.properties = [work](JsonWriter& out, std::size_t i) {
        const auto& place = work->town().places[i];
        text(out, "kind", place.kind);
        text(out, "days", days_text(place.days));
        text(out, "area", work->town().areas[place.area].name);
    };
    return layer;
}

Layer dwellings(const Asked& asked) {
    const auto& work = asked.work;
    const auto& town = work->town();
    Layer layer{
        town.code + "_dwellings",
        "Dwellings",
        "Households of each building; nothing about persons",
        {},
        {},
        {},
        {}};
    for (std::size_t i = 0; i < town.doors.size(); ++i) {
        if (asked.sees(i) && town.households()[i] > 0) {
            layer.numbers.push_back(i);
        }
    }
    layer.box = [work](std::size_t i) { return box_at(work->town().doors[i]); };
    layer.geometry = [work](JsonWriter& out, std::size_t i) {
        point_geometry(out, work->town().doors[i]);
    };
    layer.properties = [work](JsonWriter& out, std::size_t i) {
        number(out, "households", work->town().households()[i]);
        text(out, "area", work->town().areas[work->town().dwellings.area[i]].code);
    };
    return layer;
}

Layer streets(const std::shared_ptr<const TownWork>& work) {
    const auto& town = work->town();
    Layer layer{
        town.code + "_streets",
        "Streets",
        "Streets people walk on, with the walk in seconds",
        {},
        {},
        {},
        {}};
    for (std::size_t i = 0; i < town.network.chain_count(); ++i) {
        layer.numbers.push_back(i);
    }
    layer.box = [work](std::size_t i) {
        const auto& network = work->town().network;
        spatial::Box box;
        for (std::size_t p = 0; p < network.points_on(i); ++p) {
            box.add(network.points[network.point_of(i, p)]);
        }
        return box;
    };
    layer.geometry = [work](JsonWriter& out, std::size_t i) {
        const auto& network = work->town().network;
        out.begin_object();
        text(out, "type", "LineString");
        out.key("coordinates");
        out.begin_list();
        for (std::size_t p = 0; p < network.points_on(i); ++p) {
            position(out, network.points[network.point_of(i, p)]);
        }
        out.end_list();
        out.end_object();
    };
    layer.properties = [work](JsonWriter& out, std::size_t i) {
        out.key("seconds");
        out.decimal(work->town().network.chains[i].length, 3);
    };
    return layer;
}

/// Households of each area, and what share of them each circle of today covers.
Layer areas(const Room& room, const Asked& asked, int weekday) {
    const auto& town = asked.town();
    std::vector<std::uint32_t> label(town.doors.size(), no_label);
    for (std::size_t i = 0; i < label.size(); ++i) {
        label[i] = asked.sees(i) ? town.dwellings.area[i] : no_label;
    }
    auto grounds = std::make_shared<std::map<std::uint32_t, std::vector<spatial::Ground>>>(
        outlines(town, label)
    );
    auto circles = std::make_shared<std::vector<std::shared_ptr<TownCircle>>>();
    for (const auto& promised : room.towns.circles()) {
        try {
            circles->push_back(asked.work->circle(promised, weekday));
        } catch (const Refused&) {
            continue;  // no such facility is open today
        }
    }
    Layer layer{
        town.code + "_areas",
        "Areas",
        "Where the people of an area live (no legal border), and the share of households that each "
        "circle covers today",
        {},
        {},
        {},
        {}};
    for (const auto& [number, ground] : *grounds) {
        layer.numbers.push_back(number);
    }
    layer.box = [grounds](std::size_t i) {
        spatial::Box box;
        for (const auto& ground : grounds->at(static_cast<std::uint32_t>(i))) {
            for (const auto p : ground.outer) {
                box.add(p);
            }
        }
        return box;
    };
    layer.geometry = [grounds](JsonWriter& out, std::size_t i) {
        out.raw(spatial::to_geojson(grounds->at(static_cast<std::uint32_t>(i))));
    };
    layer.properties = [work = asked.work, circles](JsonWriter& out, std::size_t i) {
        const auto& area = work->town().areas[i];
        text(out, "code", area.code);
        text(out, "name", area.name);
        for (const auto& circle : *circles) {
            const auto& shares = circle->covered.shares;
            const auto at = i * shares.columns + 1;
            out.key("share_" + circle->promised->id);
            shares.all[at] == 0
                ? out.null()
                : out.number(
                      static_cast<double>(shares.covered[at]) / static_cast<double>(shares.all[at])
                  );
        }
    };
    return layer;
}

std::vector<Layer> layers_of(const Room& room, const http::Call& call, const std::string& wanted) {
    std::vector<Layer> all;
    for (const auto& one : sights(room, call.caller)) {
        const auto wants = [&](const char* name) {
            return wanted.empty() || wanted == one.code + "_" + name;
        };
        if (wants("areas")) {
            all.push_back(areas(room, one.asked, weekday(official_date(call.now))));
        }
        if (wants("facilities")) {
            all.push_back(facilities(one.asked.work));
        }
        if (wants("dwellings")) {
            all.push_back(dwellings(one.asked));
        }
        if (wants("streets")) {
            all.push_back(streets(one.asked.work));
        }
    }
    return all;
}

void link(JsonWriter& out, const char* rel, const char* type, const std::string& href) {
    out.begin_object();
    text(out, "rel", rel);
    text(out, "type", type);
    text(out, "href", href);
    out.end_object();
}

void write_collection(JsonWriter& out, const Layer& layer) {
    spatial::Box box;
    for (const auto i : layer.numbers) {
        const auto own = layer.box(i);
        box.add(own.low);
        box.add(own.high);
    }
    out.begin_object();
    text(out, "id", layer.id);
    text(out, "title", layer.title);
    text(out, "description", layer.description);
    text(out, "itemType", "feature");
    if (!box.empty()) {
        out.key("extent");
        out.begin_object();
        out.key("spatial");
        out.begin_object();
        out.key("bbox");
        out.begin_list();
        out.begin_list();
        for (const auto side : {box.low.lon, box.low.lat, box.high.lon, box.high.lat}) {
            out.decimal(side, 7);
        }
        out.end_list();
        out.end_list();
        out.end_object();
        out.end_object();
    }
    out.key("links");
    out.begin_list();
    const auto self = std::string(root) + "/collections/" + layer.id;
    link(out, "self", "application/json", self);
    link(out, "items", geojson, self + "/items");
    out.end_list();
    out.end_object();
}

void write_feature(JsonWriter& out, const Layer& layer, std::size_t i) {
    out.begin_object();
    text(out, "type", "Feature");
    number(out, "id", static_cast<std::int64_t>(i));
    out.key("properties");
    out.begin_object();
    layer.properties(out, i);
    out.end_object();
    out.key("geometry");
    layer.geometry(out, i);
    out.end_object();
}

Layer layer_asked(const Room& room, const http::Call& call) {
    auto found = layers_of(room, call, call.param("collection"));
    if (found.empty() || call.param("collection").empty()) {
        throw not_found("collection");
    }
    return std::move(found.front());
}

std::optional<spatial::Box> bbox_asked(const http::Call& call) {
    if (!call.query("bbox")) {
        return std::nullopt;
    }
    return box_named(call, "bbox");
}

http::Answer geojson_answer(std::string body) {
    http::Answer answer;
    answer.type = geojson;
    answer.body = std::move(body);
    return answer;
}

http::Answer items(const Room& room, const http::Call& call) {
    const auto layer = layer_asked(room, call);
    const auto limit =
        static_cast<std::size_t>(call.query_int("limit", usual_items, 1, most_items));
    const auto offset = static_cast<std::size_t>(call.query_int("offset", 0, 0, 100'000'000));
    const auto box = bbox_asked(call);
    std::vector<std::size_t> found;
    for (const auto i : layer.numbers) {
        const auto own = layer.box(i);
        if (!box || (own.low.lon <= box->high.lon && own.high.lon >= box->low.lon &&
                     own.low.lat <= box->high.lat && own.high.lat >= box->low.lat)) {
            found.push_back(i);
        }
    }
    const auto end = std::min(found.size(), offset + limit);
    std::string body;
    JsonWriter out(body);
    out.begin_object();
    text(out, "type", "FeatureCollection");
    text(out, "timeStamp", to_text(call.now));
    number(out, "numberMatched", static_cast<std::int64_t>(found.size()));
    number(out, "numberReturned", static_cast<std::int64_t>(end > offset ? end - offset : 0));
    out.key("links");
    out.begin_list();
    const auto here = std::string(root) + "/collections/" + layer.id +
                      "/items?limit=" + std::to_string(limit) +
                      (box ? "&bbox=" + *call.query("bbox") : std::string()) + "&offset=";
    link(out, "self", geojson, here + std::to_string(offset));
    if (end < found.size()) {
        link(out, "next", geojson, here + std::to_string(end));
    }
    out.end_list();
    out.key("features");
    out.begin_list();
    for (auto i = offset; i < end; ++i) {
        write_feature(out, layer, found[i]);
    }
    out.end_list();
    out.end_object();
    return geojson_answer(std::move(body));
}

http::Answer item(const Room& room, const http::Call& call) {
    const auto layer = layer_asked(room, call);
    const auto found = std::find_if(layer.numbers.begin(), layer.numbers.end(), [&](auto i) {
        return std::to_string(i) == call.param("item");
    });
    if (found == layer.numbers.end()) {
        throw not_found("feature");
    }
    std::string body;
    JsonWriter out(body);
    write_feature(out, layer, *found);
    return geojson_answer(std::move(body));
}

http::Json landing() {
    std::string body;
    JsonWriter out(body);
    out.begin_object();
    text(out, "title", "linli");
    text(out, "description", "Streets, facilities, dwellings and areas of the planning map");
    out.key("links");
    out.begin_list();
    link(out, "self", "application/json", root);
    link(out, "service-desc", "application/vnd.oai.openapi+json;version=3.1", "/api/openapi.json");
    link(out, "conformance", "application/json", std::string(root) + "/conformance");
    link(out, "data", "application/json", std::string(root) + "/collections");
    out.end_list();
    out.end_object();
    return {std::move(body)};
}

http::Json collections(const Room& room, const http::Call& call) {
    std::string body;
    JsonWriter out(body);
    out.begin_object();
    out.key("links");
    out.begin_list();
    link(out, "self", "application/json", std::string(root) + "/collections");
    out.end_list();
    out.key("collections");
    out.begin_list();
    for (const auto& layer : layers_of(room, call, {})) {
        write_collection(out, layer);
    }
    out.end_list();
    out.end_object();
    return {std::move(body)};
}

}  // namespace

void feature_routes(http::Router& r, const SharedRoom& room) {
    const auto add = [&](const char* path, auto handler, const char* summary) -> http::Route& {
        return r.get(path, handler, map_read, http::Scope::area, summary).no_transaction();
    };
    add(
        "/api/ogc", [](http::Call&) { return landing(); }, "OGC API Features: where to begin"
    );
    add(
        "/api/ogc/conformance",
        [](http::Call&) {
            return http::Json{
                R"({"conformsTo":["http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",)"
                R"("http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson"]})"};
        },
        "OGC API Features: what it conforms to"
    );
    add(
        "/api/ogc/collections", [room](http::Call& call) { return collections(*room, call); },
        "OGC API Features: the layers of one's areas"
    );
    add(
        "/api/ogc/collections/{collection}",
        [room](http::Call& call) {
            std::string body;
            JsonWriter out(body);
            write_collection(out, layer_asked(*room, call));
            return http::Json{std::move(body)};
        },
        "OGC API Features: one layer"
    );
    add(
        "/api/ogc/collections/{collection}/items",
        [room](http::Call& call) { return items(*room, call); },
        "OGC API Features: features of a layer as GeoJSON, page by page"
    )
        .bulk()
        .query("bbox", "west,south,east,north in degrees")
        .query("limit", "1 to 10000")
        .query("offset", "features to leave out");
    add(
        "/api/ogc/collections/{collection}/items/{item}",
        [room](http::Call& call) { return item(*room, call); }, "OGC API Features: one feature"
    );
}

}  // namespace linli::map
