// SPDX-License-Identifier: Apache-2.0
#include "request/duplicates.hpp"

#include <algorithm>

#include "flow/followers.hpp"
#include "record/input.hpp"
#include "record/list.hpp"
#include "request/duplicates_impl.hpp"

namespace linli::request {

namespace {

using record::Context;
using record::Record;

constexpr int open_rows = 100, closed_rows = 50;
constexpr std::int64_t open_days = 90, closed_days = 14;
constexpr std::size_t hints_most = 5;

struct Hint {
    RecordId id;
    std::string choice;
    catalogue::Title title, state;
    bool closed = false;
    std::string area;
    Date filed_on;
    std::optional<int> metres;
    std::vector<Reason> reasons;
    std::int64_t followers = 0;
    bool following = false, own = false, readable = false;
    static constexpr auto fields = std::tuple{
        field("id", &Hint::id),
        field("choice", &Hint::choice),
        field("title", &Hint::title),
        field("state", &Hint::state),
        field("closed", &Hint::closed),
        field("area", &Hint::area),
        field("filed_on", &Hint::filed_on),
        field("metres", &Hint::metres),
        field("reasons", &Hint::reasons),
        field("followers", &Hint::followers),
        field("following", &Hint::following),
        field("own", &Hint::own),
        field("readable", &Hint::readable)};
};
struct Hints {
    std::vector<Hint> hints;
    static constexpr auto fields = std::tuple{field("hints", &Hints::hints)};
};

std::string group_of(const catalogue::ChoiceList& list, const std::string& key) {
    const auto* choice = list.find(key);
    return !choice ? "" : choice->parent.empty() ? choice->key : choice->parent;
}

const catalogue::ChoiceList& list_at(const Context& c, const Compared& compared, AreaId area) {
    return *c.catalogue().list(compared.same->list, c.core.city_of(area));
}

std::optional<Point> point_in(const Value& stored) {
    const auto* list = stored.as_list();
    return list ? std::optional(Point{*(*list)[0].as_int(), *(*list)[1].as_int()}) : std::nullopt;
}

/// A field of the question as it would be stored; null if it is not there or not right yet.
Value stored(const Compared& compared, int at, const Value& fields) {
    if (at < 0) {
        return {};
    }
    const auto& spec = compared.table->field(static_cast<std::size_t>(at));
    const auto* json = fields.find(spec.name);
    Problems unfinished;
    return !json || json->is_null()
               ? Value()
               : record::rules_of(spec.type).from_json(*json, spec, {unfinished, spec.name});
}

/// What is asked about, with the words that count.
Matter asked_about(const Context& c, const Compared& compared, AreaId area, const Value& fields) {
    const auto& list = list_at(c, compared, area);
    Matter asked;
    const auto choice = stored(compared, compared.same_at, fields);
    asked.choice = choice.as_text() && list.find(*choice.as_text()) ? *choice.as_text() : "";
    asked.group = asked.choice.empty() ? "" : group_of(list, asked.choice);
    asked.place = point_in(stored(compared, compared.near_at, fields));
    const auto words = stored(compared, compared.words_at, fields);
    asked.words = known_words(list, words.as_text() ? *words.as_text() : "");
    return asked;
}

/// Entries that may be pointed out; of the same group, if one is chosen.
record::FieldFilter candidates(
    const Context& c, const Compared& compared, AreaId area, const Matter& asked
) {
    const auto& list = list_at(c, compared, area);
    record::FieldFilter filter;
    filter.field = static_cast<std::size_t>(compared.same_at);
    for (const auto& choice : list.choices) {
        const auto group = group_of(list, choice.key);
        const bool kept_back = compared.except.count(choice.key) + compared.except.count(group) > 0;
        if (!kept_back && (asked.group.empty() || asked.group == group)) {
            filter.values.emplace_back(choice.key);
        }
    }
    return filter;
}

std::vector<std::string> states_of(const catalogue::Kind& kind, bool closed) {
    auto states = kind.states();
    std::erase_if(states, [&](const std::string& name) {
        const auto* state = kind.flow ? kind.flow->state(name) : nullptr;
        return name == "withdrawn" || (state && state->final) != closed;
    });
    return states;
}

/// What a list shows is read faster; whole records only where more is compared.
const record::Selection& selection_for(const Compared& compared, const Matter& asked) {
    const auto& listed = compared.table->listed;
    const auto there = [&](int at) {
        return at < 0 || std::count(listed.fields.begin(), listed.fields.end(), at) > 0;
    };
    const bool enough = there(compared.same_at) && (!asked.place || there(compared.near_at)) &&
                        (asked.words.empty() || there(compared.words_at));
    return enough ? listed : compared.table->whole;
}

/// Open ones of the last months, and those that ended in the last days.
std::vector<Record> records_around(
    const Context& c, const Compared& compared, AreaId area, const Matter& asked
) {
    const auto filter = candidates(c, compared, area, asked);
    const auto& selection = selection_for(compared, asked);
    std::vector<Record> records;
    const auto add = [&](bool closed, std::int64_t days, int most) {
        record::ListQuery query;
        query.operation = identity::Operation::publish;
        query.area = area;
        query.states = states_of(*compared.table->kind, closed);
        query.from = c.now - days * day_ms;
        query.filters = {filter};
        query.limit = most;
        if (query.states.empty() || filter.values.empty()) {
            return;
        }
        for (auto& row : record::list(c, *compared.table, query, selection).rows) {
            if (!closed || c.now - row.record.updated_at <= closed_days * day_ms) {
                records.push_back(std::move(row.record));
            }
        }
    };
    add(false, open_days, open_rows);
    add(true, open_days, closed_rows);
    return records;
}

struct Scored {
    const Record* record;
    Likeness like;
};

std::vector<Scored> most_likely(
    const Context& c, const Compared& compared, const std::vector<Record>& records,
    const Matter& asked
) {
    std::vector<Scored> scored;
    for (const auto& record : records) {
        auto other = matter_of(c, compared, record);
        if (compared.words_at >= 0 && !asked.words.empty()) {
            const auto& cell = record.cells[static_cast<std::size_t>(compared.words_at)].value;
            other.words = among(asked.words, cell.as_text() ? *cell.as_text() : "");
        }
        auto like = compare(asked, other);
        if (like.enough()) {
            scored.push_back({&record, std::move(like)});
        }
    }
    std::stable_sort(scored.begin(), scored.end(), [](const Scored& a, const Scored& b) {
        return a.like.score != b.like.score ? a.like.score > b.like.score
                                            : a.record->created_at > b.record->created_at;
    });
    scored.resize(std::min(scored.size(), hints_most));
    return scored;
}

Hint draw(const Context& c, const Compared& compared, const Scored& one) {
    const auto& record = *one.record;
    Hint hint;
    hint.id = record.id;
    hint.choice = matter_of(c, compared, record).choice;
    hint.title = choice_title(c, compared, record);
    hint.state = plain_state(c, *compared.table, record);
    hint.closed = record::over(*compared.table, record);
    hint.area = community_name(c, record);
    hint.filed_on = official_date(record.created_at);
    hint.metres = one.like.metres;
    hint.reasons = one.like.reasons;
    hint.followers = flow::count_followers(c.tx, record.id);
    hint.following = flow::follows(c.tx, record.id, c.account());
    hint.own = record::own(c, *compared.table, record);
    hint.readable = record::reaches(
        c, *compared.table, identity::Operation::read, record,
        record::facts_of(c, *compared.table, record)
    );
    return hint;
}

/// The community around, if it is filed below one.
AreaId around(const area::Tree& tree, AreaId area) {
    const auto* community = tree.ancestor(area, area::Level::community);
    return community ? community->id : area;
}

Hints hints_for(
    const Context& c, const Everything& everything, const std::string& kind, const Value& body
) {
    const auto found = everything.find(kind);
    if (found == everything.end()) {
        throw not_found("kind");
    }
    const auto& compared = found->second;
    if (identity::access(*c.caller, *compared.table->kind, identity::Operation::create, *c.tree)
            .none()) {
        throw forbidden("right_missing", "you may not create records of this kind");
    }
    AreaId area;
    if (!parse_id(body.text_or("area"), area.value) || !c.tree->find(area)) {
        throw invalid("/area", "area_not_found", "there is no such area");
    }
    const auto* fields = body.find("fields");
    const auto asked = asked_about(c, compared, area, fields ? *fields : Value());
    if (asked.choice.empty() && asked.words.empty()) {
        return {};
    }
    const auto records = records_around(c, compared, around(*c.tree, area), asked);
    Hints answer;
    for (const auto& one : most_likely(c, compared, records, asked)) {
        answer.hints.push_back(draw(c, compared, one));
    }
    return answer;
}

Compared compared_of(const record::KindTable& table) {
    const auto& key = table.kind->open311;
    Compared compared;
    compared.table = &table;
    compared.same = table.kind->field(key.text_or("service"));
    compared.same_at = table.find(key.text_or("service"));
    compared.near_at = table.find(key.text_or("lat_long"));
    compared.words_at = table.find(key.text_or("description"));
    const auto* except = key.find("except");
    for (const auto& word : !except             ? Value::List{}
                            : except->as_list() ? *except->as_list()
                                                : Value::List{*except}) {
        compared.except.insert(*word.as_text());
    }
    return compared;
}

}  // namespace

bool pointed_out(const Context& c, const Compared& compared, const Record& record) {
    const auto* key = record.cells[static_cast<std::size_t>(compared.same_at)].value.as_text();
    return key && record.state != "withdrawn" && compared.except.count(*key) == 0 &&
           compared.except.count(group_of(list_at(c, compared, record.area), *key)) == 0;
}

Matter matter_of(const Context& c, const Compared& compared, const Record& record) {
    Matter matter;
    const auto* key = record.cells[static_cast<std::size_t>(compared.same_at)].value.as_text();
    matter.choice = key ? *key : "";
    matter.group = group_of(list_at(c, compared, record.area), matter.choice);
    if (compared.near_at >= 0) {
        matter.place = point_in(record.cells[static_cast<std::size_t>(compared.near_at)].value);
    }
    return matter;
}

catalogue::Title choice_title(const Context& c, const Compared& compared, const Record& record) {
    const auto* choice =
        list_at(c, compared, record.area).find(matter_of(c, compared, record).choice);
    return choice ? choice->title : catalogue::Title{};
}

catalogue::Title plain_state(
    const Context& c, const record::KindTable& table, const Record& record
) {
    if (record.state == "withdrawn" || !table.kind->flow) {
        return record.state == "withdrawn" ? catalogue::Title{"已撤回", "Withdrawn"}
                                           : catalogue::Title{};
    }
    const auto* state =
        c.core.parts.flow.spec(*table.kind, record.flow_version).state(record.state);
    return !state ? catalogue::Title{} : state->plain.zh.empty() ? state->title : state->plain;
}

std::string community_name(const Context& c, const Record& record) {
    const auto* node = c.tree->find(record.community ? record.community : record.area);
    return node ? std::string(node->name) : std::string();
}

void routes(
    http::Router& router, std::shared_ptr<const catalogue::Catalogue> catalogue,
    const record::Engine& engine
) {
    auto everything = std::make_shared<Everything>();
    const auto core = engine.core();
    for (const auto& kind : catalogue->kinds()) {
        if (kind.open311.as_object()) {
            everything->emplace(kind.name, compared_of(core->table(kind.name)));
        }
    }
    router
        .post(
            "/api/records/{kind}/duplicates",
            [core, everything](http::Call& call, const Value& body) {
                Hints answer;
                call.db.read([&](store::Tx& tx) {
                    const Context c(*core, tx, &call.caller, call.now, call.request.id);
                    answer = hints_for(c, *everything, call.param("kind"), body);
                });
                return answer;
            },
            "", http::Scope::self,
            "What others have filed that a record about to be filed may repeat: as much of it as "
            "everybody may know"
        )
        .no_transaction();
    follow_routes(router, core, everything);
}

}  // namespace linli::request
