// SPDX-License-Identifier: Apache-2.0
#pragma once
/// A transaction, or one work of a group, on PostgreSQL. Internal to the store.
#include "store/ids.hpp"
#include "store/jobs.hpp"
#include "store/postgres.hpp"

namespace linli::store {

/// Ids and numbers of this process: leased on a connection of their own, so that a roll-back does
/// not return them.
class PgIds {
 public:
    PgIds(TimeSource& time, const std::string& url, PgPatience patience)
        : m_ids(time), m_slot(url, patience) {}
    std::int64_t next_id(County county);
    std::int64_t next_number(County county, const std::string& sequence);

 private:
    std::int64_t ask(const Sql& sql, std::span<const Param> params);
    Ids m_ids;  ///< calls back under its own lock, which guards m_slot too
    PgSlot m_slot;
    std::mutex m_slot_mutex;
};

/// A statement queued by another work of the group failed: the whole group is rolled back and each
/// work runs alone.
struct GroupSpoilt : std::exception {
    const char* what() const noexcept override { return "another work of the group failed"; }
};

class PgTx final : public Tx {
 public:
    /// `ids` is null for reading; `owner` marks the statements of this work.
    PgTx(PgConnection& connection, PgIds* ids, Job& job, int owner, Memory& memory)
        : m_connection(connection), m_ids(ids), m_job(job), m_owner(owner) {
        m_memory = &memory;
    }
    Engine engine() const override { return Engine::postgres; }
    std::int64_t execute(const Sql& sql, std::span<const Param> params) override;
    void defer(const Sql& sql, std::span<const Param> params) override;
    void query(
        const Sql& sql, std::span<const Param> params, const std::function<bool(const Row&)>& f
    ) override;
    void script(const std::string& sql) override;
    std::int64_t new_id(County county) override { return writing().next_id(county); }
    std::int64_t next_number(County county, const std::string& sequence) override {
        return writing().next_number(county, sequence);
    }
    void after_commit(std::function<void()> f) override { m_job.hooks.push_back(std::move(f)); }
    void mark_changed() override { m_job.changed = true; }

    /// What spoilt this transaction: PgFailed, GroupSpoilt or Unreachable.
    const std::exception_ptr& spoilt() const { return m_spoilt; }
    /// The same as the work saw it.
    const std::exception_ptr& error() const { return m_error; }
    /// Whether a reading transaction has asked the server anything.
    bool begun() const { return m_begun; }

 private:
    PgIds& writing();
    template <class F>
    auto guarded(F&& f);
    void begin_reading();
    PgConnection& m_connection;
    PgIds* m_ids;
    Job& m_job;
    int m_owner;
    bool m_begun = false;
    std::exception_ptr m_spoilt;  ///< as the engine sees it
    std::exception_ptr m_error;   ///< as the work sees it
};

}  // namespace linli::store
