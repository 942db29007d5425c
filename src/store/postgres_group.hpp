// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Runs groups of works on one PostgreSQL connection. Internal to the store; one thread.
#include "store/postgres_tx.hpp"

namespace linli::store {

/// Ends a transaction whatever its state; on a lost connection the server does it.
void roll_back(PgConnection& connection);

class GroupRunner {
 public:
    GroupRunner(
        const std::string& url, PgPatience patience, PgIds& ids, RandomSource& random,
        Memory& memory
    )
        : m_slot(url, patience), m_ids(ids), m_random(random), m_memory(memory) {}
    /// Each job ends with its error set, or committed.
    void run(std::vector<Job>& group);

 private:
    /// `run_alone` and `connection_lost` leave nothing behind: the works may be run again.
    enum class Outcome { done, run_alone, connection_lost };
    void run_alone(std::vector<Job>& alone);
    Outcome attempt(std::vector<Job>& group);
    Outcome in_transaction(PgConnection& connection, std::vector<Job>& group, bool& committing);
    Outcome commit(PgConnection& connection, std::vector<Job>& group);
    Outcome run_job(PgConnection& connection, Job& job, int owner, bool alone);
    Outcome undo(PgConnection& connection, int owner);
    Outcome spoilt(PgTx& tx, PgConnection& connection, bool alone);

    PgSlot m_slot;
    PgIds& m_ids;
    RandomSource& m_random;
    Memory& m_memory;
    bool m_may_reconnect = true;
};

}  // namespace linli::store
