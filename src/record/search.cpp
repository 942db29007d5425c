// SPDX-License-Identifier: Apache-2.0
// Full text: the index follows the change log; one search goes over all kinds that the caller may
// read.
#include <algorithm>

#include "record/engine_impl.hpp"
#include "record/list.hpp"
#include "record/routes.hpp"
#include "store/text_index.hpp"

namespace linli::record {

namespace {

/// Tokens of what a record is found by: its fields marked `search`, choices by their titles, and
/// its number.
std::string tokens_of(const Core& core, const KindTable& table, const Record& r) {
    std::string text = r.number;
    for (std::size_t i = 0; i < table.size(); ++i) {
        const auto& field = table.field(i);
        const auto* words = field.search ? r.cells[i].value.as_text() : nullptr;
        if (!words) {
            continue;
        }
        const auto* list = field.type == FieldType::choice
                               ? core.parts.catalogue->list(field.list, core.city_of(r.area))
                               : nullptr;
        const auto* choice = list ? list->find(*words) : nullptr;
        text += "\n" + (choice ? choice->title.zh : *words);
    }
    return search_tokens(text);
}

void index_changes(
    const Core& core, store::Tx& tx, const std::vector<store::SealedChange>& changes
) {
    std::set<std::pair<std::string, std::int64_t>> touched;
    for (const auto& sealed : changes) {
        const auto found = core.by_name.find(sealed.change.kind);
        if (found != core.by_name.end() && found->second->searched && sealed.change.record &&
            sealed.change.digest_before != sealed.change.digest_after) {
            touched.emplace(sealed.change.kind, sealed.change.record.value);
        }
    }
    for (const auto& [kind, id] : touched) {
        const auto& table = core.table(kind);
        const auto record = find(tx, table, {id});
        store::put_text(
            tx, kind, home(id), {id}, record ? tokens_of(core, table, *record) : std::string()
        );
    }
}

/// Newest first over all kinds; each kind's rows are within the caller's access to it.
std::string search(const Context& c, const http::Call& call) {
    constexpr int results = 20, results_most = 50;
    const auto words = tidy(call.query("q").value_or(""));
    if (words.empty()) {
        throw malformed("query_invalid", "q: say what to look for");
    }
    const int limit = call.query_int("limit", results, 1, results_most);
    std::vector<std::pair<std::pair<std::int64_t, std::int64_t>, std::string>> found;
    for (const auto& table : c.core.tables) {
        if (identity::access(call.caller, *table->kind, identity::Operation::read, *c.tree)
                .none()) {
            continue;
        }
        std::vector<std::pair<std::string, std::string>> parameters{{"q", words}};
        if (const auto area = call.query("area")) {
            parameters.emplace_back("area", *area);
        }
        auto query = read_query(c, *table, parameters);
        query.limit = limit;
        const auto page = list(c, *table, query, table->listed);
        Presenter presenter(c, *table);
        for (const auto& row : page.rows) {
            presenter.add(row.record);
        }
        presenter.fetch();
        for (const auto& row : page.rows) {
            std::string text;
            JsonWriter out(text);
            const auto& rights = presenter.rights(row.record);
            out.begin_object();
            presenter.write_row(out, row, rights);
            presenter.write_fields(out, row.record, rights, false);
            out.end_object();
            found.push_back({{row.record.created_at.ms, row.record.id.value}, std::move(text)});
        }
    }
    std::sort(found.begin(), found.end(), std::greater<>());
    found.resize(std::min(found.size(), static_cast<std::size_t>(limit)));
    std::string answer;
    JsonWriter out(answer);
    out.begin_object();
    out.key("results");
    out.begin_list();
    for (const auto& [key, text] : found) {
        out.raw(text);
    }
    out.end_list();
    out.end_object();
    return answer;
}

}  // namespace

store::Follower::Handle Engine::indexer() const {
    return [impl = m_impl](store::Tx& tx, const std::vector<store::SealedChange>& changes) {
        index_changes(impl->core, tx, changes);
    };
}

void search_routes(http::Router& router, std::shared_ptr<const Core> core) {
    router
        .get(
            "/api/search",
            [core](http::Call& call) {
                http::Json json;
                read_in(*core, call, [&](const Context& c) { json.text = search(c, call); });
                return json;
            },
            "", http::Scope::area, "Records of all kinds by words, number or telephone"
        )
        .no_transaction()
        .query(
            "q", "words that must all occur, a number, a telephone number or its last four digits"
        )
        .query("area", "id of an area: only records filed there or below")
        .query("limit", "1 to 50, otherwise 20")
        .id_fields({"query:area"});
}

}  // namespace linli::record
