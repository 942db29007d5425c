// SPDX-License-Identifier: Apache-2.0
#include "record/record.hpp"

#include "record/engine_impl.hpp"
#include "record/view.hpp"
#include "record/write.hpp"

namespace linli::record {

namespace {

View view_of(const Context& c, const KindTable& table, const Written& written) {
    auto view = full_view(c, table, written.record, written.facts, written.fresh_clocks);
    view.change = written.change;
    if (!c.reads.by_kind.empty()) {
        log_reads(c, c.reads);
    }
    return view;
}

}  // namespace

Engine::Engine(Parts parts) : m_impl(std::make_shared<Impl>(std::move(parts))) {}
Engine::~Engine() = default;

std::shared_ptr<const Core> Engine::core() const {
    return Impl::share(m_impl);
}

View Engine::create(
    store::Tx& tx, const http::Caller& caller, const std::string& kind, const Value& body,
    Instant now, const std::string& request_id
) const {
    const Context c(m_impl->core, tx, &caller, now, request_id);
    const auto& table = c.core.table(kind);
    return view_of(c, table, record::create(c, table, body));
}

View Engine::read(
    store::Tx& tx, const http::Caller& caller, const std::string& kind, RecordId id, Instant now
) const {
    const Context c(m_impl->core, tx, &caller, now);
    const auto& table = c.core.table(kind);
    const auto found = load(c, table, id);
    return full_view(c, table, found.record, found.facts);
}

View Engine::change(
    store::Tx& tx, const http::Caller& caller, const std::string& kind, RecordId id,
    std::int64_t version, const Value& body, Instant now, const std::string& request_id
) const {
    const Context c(m_impl->core, tx, &caller, now, request_id);
    const auto& table = c.core.table(kind);
    return view_of(c, table, record::change(c, table, revise(c, table, id, version, body)));
}

View Engine::withdraw(
    store::Tx& tx, const http::Caller& caller, const std::string& kind, RecordId id,
    std::int64_t version, const std::string& reason, Instant now, const std::string& request_id
) const {
    const Context c(m_impl->core, tx, &caller, now, request_id);
    const auto& table = c.core.table(kind);
    return view_of(c, table, record::withdraw(c, table, id, version, reason));
}

View Engine::act(
    store::Tx& tx, const http::Caller& caller, const std::string& kind, RecordId id,
    std::optional<std::int64_t> version, const std::string& action, const Value& body, Instant now,
    const std::string& request_id
) const {
    const Context c(m_impl->core, tx, &caller, now, request_id);
    const auto& table = c.core.table(kind);
    return view_of(c, table, record::act(c, table, id, version, action, body));
}

void Engine::act_by_timer(
    store::Tx& tx, const RecordRef& record, const std::string& action, Instant now
) const {
    const Context c(m_impl->core, tx, nullptr, now);
    record::act(
        c, c.core.table(record.kind), record.id, std::nullopt, action, Value(Value::Object{})
    );
}

}  // namespace linli::record
