// SPDX-License-Identifier: Apache-2.0
#include "store/postgres_group.hpp"

#include <chrono>
#include <thread>

#include "base/log.hpp"

namespace linli::store {

namespace {

constexpr int attempts = 6;
constexpr int group_owner = -1, commit_owner = -2;

void queue(PgConnection& connection, const char* command, int owner) {
    connection.queue({command, command}, {}, owner);
}

void fail_all(std::vector<Job>& group, const std::exception_ptr& error) {
    for (auto& job : group) {
        job.error = error;
    }
}

}  // namespace

void roll_back(PgConnection& connection) {
    try {
        try {
            connection.collect();
        } catch (const PgFailed&) {
            // belongs to what is rolled back
        }
        queue(connection, "ROLLBACK", group_owner);
        connection.collect();
    } catch (const Unreachable&) {
        // seen by the next use of the connection
    }
}

void GroupRunner::run(std::vector<Job>& group) {
    const auto outcome = attempt(group);
    if (outcome == Outcome::done) {
        return;
    }
    for (auto& job : group) {
        std::vector<Job> alone;
        alone.push_back(std::move(job));
        run_alone(alone);
        job = std::move(alone.front());
    }
}

void GroupRunner::run_alone(std::vector<Job>& alone) {
    for (int i = 0; attempt(alone) != Outcome::done; ++i) {
        if (i == attempts) {
            alone[0].error = std::make_exception_ptr(Unreachable(
                "the work met others at the same rows again and again, or the database is away"
            ));
            return;
        }
        std::uint8_t dice = 0;
        m_random.fill(&dice, 1);
        std::this_thread::sleep_for(std::chrono::milliseconds(dice % (8 << i)));
    }
}

GroupRunner::Outcome GroupRunner::attempt(std::vector<Job>& group) {
    for (auto& job : group) {
        job.error = nullptr;
        job.hooks.clear();
        job.changed = false;
    }
    bool committing = false;
    PgConnection* connection = nullptr;
    try {
        connection = &m_slot.ready();
        const auto outcome = in_transaction(*connection, group, committing);
        if (outcome != Outcome::done) {
            roll_back(*connection);
        }
        return outcome;
    } catch (const Unreachable&) {
        if (!committing && m_may_reconnect) {
            m_may_reconnect = false;
            return Outcome::connection_lost;
        }
        m_may_reconnect = true;
        fail_all(group, std::current_exception());
        return Outcome::done;
    } catch (const std::exception& e) {
        log::error(
            "store.group_failed", obj({{"works", std::int64_t(group.size())}, {"error", e.what()}})
        );
        fail_all(group, std::current_exception());
        if (connection) {
            roll_back(*connection);
        }
        return Outcome::done;
    }
}

GroupRunner::Outcome GroupRunner::in_transaction(
    PgConnection& connection, std::vector<Job>& group, bool& committing
) {
    queue(connection, "BEGIN", group_owner);
    const bool alone = group.size() == 1;
    for (std::size_t i = 0; i < group.size(); ++i) {
        const auto outcome = run_job(connection, group[i], static_cast<int>(i), alone);
        if (outcome != Outcome::done) {
            return outcome;
        }
    }
    if (alone && group[0].error) {
        roll_back(connection);
        return Outcome::done;
    }
    queue(connection, "COMMIT", commit_owner);
    committing = true;
    return commit(connection, group);
}

GroupRunner::Outcome GroupRunner::commit(PgConnection& connection, std::vector<Job>& group) {
    try {
        const auto result = connection.collect();
        if (command_of(result) != "COMMIT") {
            throw std::logic_error("the transaction had failed unseen");
        }
        m_may_reconnect = true;
        return Outcome::done;
    } catch (const PgFailed& failed) {
        if (group.size() > 1 || failed.again()) {
            return Outcome::run_alone;
        }
        try {
            failed.rethrow();
        } catch (...) {
            group[0].error = std::current_exception();
        }
        roll_back(connection);
        return Outcome::done;
    }
}

GroupRunner::Outcome GroupRunner::run_job(
    PgConnection& connection, Job& job, int owner, bool alone
) {
    PgTx tx(connection, &m_ids, job, owner, m_memory);
    try {
        if (!alone) {
            queue(connection, "SAVEPOINT work", owner);
        }
        job.work(tx);
        if (tx.error()) {
            std::rethrow_exception(tx.error());
        }
        if (!alone) {
            queue(connection, "RELEASE work", owner);
        }
        return Outcome::done;
    } catch (const PgFailed&) {  // something queued earlier
        return Outcome::run_alone;
    } catch (...) {
        job.error = std::current_exception();
    }
    if (tx.spoilt()) {
        return spoilt(tx, connection, alone);
    }
    if (connection.lost()) {
        throw Unreachable("the connection to PostgreSQL is lost");
    }
    return alone ? Outcome::done : undo(connection, owner);
}

/// After a refusal by the work itself: its savepoint is rolled back.
GroupRunner::Outcome GroupRunner::undo(PgConnection& connection, int owner) {
    try {
        connection.collect();
    } catch (const PgFailed& failed) {
        if (failed.owner != owner) {
            return Outcome::run_alone;
        }
    }
    try {
        queue(connection, "ROLLBACK TO work", owner);
        queue(connection, "RELEASE work", owner);
        return Outcome::done;
    } catch (const PgFailed&) {
        return Outcome::run_alone;
    }
}

/// After an error of the engine inside a work.
GroupRunner::Outcome GroupRunner::spoilt(PgTx& tx, PgConnection& connection, bool alone) {
    try {
        std::rethrow_exception(tx.spoilt());
    } catch (const PgFailed& failed) {
        if (failed.again()) {
            return Outcome::run_alone;
        }
        return alone ? Outcome::done : undo(connection, failed.owner);
    } catch (const GroupSpoilt&) {
        return Outcome::run_alone;
    }
}

}  // namespace linli::store
