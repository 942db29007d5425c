// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "record/view.hpp"

namespace linli::record {

void Titles::want(const FieldSpec& field, const Value& stored) {
    if (field.type == FieldType::ref && stored.as_int()) {
        m_wanted.emplace(field.to, *stored.as_int());
    } else if (field.type == FieldType::refs && stored.as_list()) {
        for (const auto& one : *stored.as_list()) {
            m_wanted.emplace(field.to, *one.as_int());
        }
    }
}

Titles::Title Titles::kernel_title(const std::string& to, std::int64_t id) const {
    if (to == "area") {
        const auto* node = m_context.tree->find({id});
        return {node != nullptr, node ? std::string(node->name) : "", ""};
    }
    if (to == "unit") {
        const auto unit = identity::find_unit(m_context.tx, {id});
        return {unit.has_value(), unit ? unit->name : "", ""};
    }
    const auto account = identity::find_account(m_context.tx, {id});
    return {
        account.has_value(), account ? account->name : "",
        account ? identity::masked(catalogue::Mask::name, account->name) : ""};
}

void Titles::fetch() {
    std::map<std::pair<std::string, County>, std::vector<std::int64_t>> by_kind;
    for (const auto& [to, id] : m_wanted) {
        if (m_titles[to].count(id) > 0) {
            continue;
        }
        if (to == "area" || to == "unit" || to == "account") {
            m_titles[to][id] = kernel_title(to, id);
        } else {
            by_kind[{to, home(id)}].push_back(id);
        }
    }
    m_wanted.clear();
    for (const auto& [kind, ids] : by_kind) {
        constexpr std::size_t at_once = 64;
        for (std::size_t from = 0; from < ids.size(); from += at_once) {
            const auto end = std::min(ids.size(), from + at_once);
            fetch_kind(
                kind.first, {ids.begin() + static_cast<std::ptrdiff_t>(from),
                             ids.begin() + static_cast<std::ptrdiff_t>(end)}
            );
        }
    }
}

namespace {

/// 1, 8 or 64 places, so that few statements are prepared; what is left over repeats the last id.
std::string select_some(
    const KindTable& table, std::size_t count, Binder& to, const std::vector<std::int64_t>& ids
) {
    constexpr std::size_t one = 1, few = 8, many = 64;
    const auto places = count <= one ? one : count <= few ? few : many;
    to.add(home(ids.front()));
    std::string in;
    for (std::size_t i = 0; i < places; ++i) {
        in += (i == 0 ? "" : ", ") + to.place();
        to.add(ids[std::min(i, count - 1)]);
    }
    return "SELECT " + table.whole.columns + " FROM " + table.table +
           " r WHERE r.county = $1 AND r.id IN (" + in + ")";
}

}  // namespace

void Titles::fetch_kind(const std::string& kind, const std::vector<std::int64_t>& ids) {
    const auto& table = m_context.core.table(kind);
    auto& titles = m_titles[kind];
    for (const auto id : ids) {
        titles[id];
    }
    Binder to;
    const Statement select{"record." + kind + ".titles", select_some(table, ids.size(), to, ids)};
    std::vector<Record> records;
    m_context.tx.query(select, to.params(), [&](const store::Row& row) {
        records.push_back(table.read(row));
        return true;
    });
    Presenter presenter(m_context, table);
    for (const auto& record : records) {
        identity::Facts facts{
            filing_of(m_context, record), own(m_context, table, record), {}, record.state};
        if (record.unit) {
            facts.parties.push_back(record.unit);
        }
        const bool shown = !m_context.caller ||
                           reaches(m_context, table, identity::Operation::read, record, facts);
        Title title{shown, "", ""};
        const auto raw = presenter.title(record, {});
        title.masked = identity::masked(catalogue::Mask::name, raw);
        if (shown) {
            title.text =
                m_context.caller
                    ? presenter.title(
                          record, identity::field_rights(
                                      *m_context.caller, *table.kind, facts, *m_context.tree
                                  )
                      )
                    : raw;
        }
        titles[record.id.value] = std::move(title);
    }
}

const Titles::Title& Titles::find(const std::string& to, std::int64_t id) const {
    static const Title none;
    const auto kind = m_titles.find(to);
    if (kind == m_titles.end()) {
        return none;
    }
    const auto title = kind->second.find(id);
    return title == kind->second.end() ? none : title->second;
}

}  // namespace linli::record
