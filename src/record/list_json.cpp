// SPDX-License-Identifier: Apache-2.0
#include "record/list.hpp"
#include "record/view.hpp"

namespace linli::record {

std::string list_json(const Context& c, const KindTable& table, const ListQuery& query) {
    const auto page = list(c, table, query, table.listed);
    Presenter presenter(c, table);
    for (const auto& row : page.rows) {
        presenter.add(row.record);
    }
    presenter.fetch();
    std::string text;
    constexpr std::size_t row_bytes = 700;
    text.reserve(row_bytes * page.rows.size() + row_bytes);
    JsonWriter out(text);
    out.begin_object();
    out.key("records");
    out.begin_list();
    for (const auto& row : page.rows) {
        const auto& rights = presenter.rights(row.record);
        out.begin_object();
        presenter.write_row(out, row, rights);
        presenter.write_fields(out, row.record, rights, false);
        out.end_object();
    }
    out.end_list();
    out.key("next");
    page.next.empty() ? out.null() : out.text(page.next);
    bool capped = false;
    out.key("count");
    query.count ? out.integer(count(c, table, query, capped)) : out.null();
    out.key("count_capped");
    out.boolean(capped);
    out.end_object();
    return text;
}

}  // namespace linli::record
