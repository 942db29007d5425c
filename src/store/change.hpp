// SPDX-License-Identifier: Apache-2.0
#pragma once
/// The change log (architecture §3): one append-only line of what happened; a sealer gives lines
/// their dense position and chains them; followers read sealed lines only, each with its own
/// cursor.
///
/// The chain of a county: hash = hex(SHA-256(hash of the line before, 64 hex digits, ‖ canonical
/// text)). Before position 1 stand 64 zeros. The canonical text is made of these values in this
/// order, numbers in decimal, each written as its length in bytes (decimal), ':', the value, ',':
///     county, position, id, at (ms), actor, role, kind, record, version, action, area_before,
///     area_after, state_before, state_after, fields, digest_before, digest_after, detail, request
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "store/store.hpp"

namespace linli::store {

/// Never values: names of changed fields and digests only.
struct Change {
    std::int64_t id = 0;  ///< made by append_change if 0; its county is the county of the line
    Instant at;
    AccountId actor;   ///< none = the system (timer)
    std::string role;  ///< the role in which the actor acted
    std::string kind;  ///< record kind, or a kernel noun such as "account"
    RecordId record;
    std::int64_t version = 0;
    std::string action;  ///< "create", "change", "withdraw", "unmask", or an action of the flow
    AreaId area_before, area_after;
    std::string state_before, state_after;
    std::string fields;                       ///< names of changed fields, comma separated
    std::string digest_before, digest_after;  ///< hex
    std::string detail;   ///< reason code, ids read (unmask); never a personal value
    std::string request;  ///< request id
};

/// Adds the line inside the caller's transaction (C67) and returns its id.
std::int64_t append_change(Tx&, County, Change);

struct SealedChange {
    County county = 0;
    std::int64_t position = 0;  ///< dense from 1 per county
    std::string hash;           ///< hex SHA-256 over the hash before and this line
    Change change;
};
std::vector<SealedChange> changes_after(Tx&, County, std::int64_t position, int limit);
/// History of one record, oldest first, sealed or not.
std::vector<Change> changes_of(Tx&, County, const RecordRef&, int limit);
/// Counties that have sealed lines, with their last position.
std::vector<std::pair<County, std::int64_t>> heads(Tx&);

std::string canonical_text(const SealedChange&);
/// `before` is the hash of the line before, or first_link.
std::string link_hash(const std::string& before, const SealedChange&);
extern const std::string first_link;

/// Recomputes the chain of a county; the first position that does not fit, or nothing. Also checks
/// that positions are dense and that the last one is the head.
std::optional<std::int64_t> find_broken_link(Tx&, County);

/// One background thread: seals at most 50 ms behind commits. `wake` is cheap and may be called
/// after each commit.
class Sealer {
 public:
    Sealer(Database&, TimeSource&);
    ~Sealer();
    void wake();
    void stop();
    /// Called on the sealer's thread after lines of a county became visible.
    void on_sealed(std::function<void(County)>);
    /// For tests: seals everything now on the calling thread.
    void seal_all();

 private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

/// Reads sealed lines with an own cursor and handles them in write transactions that move the
/// cursor too.
class Follower {
 public:
    using Handle = std::function<void(Tx&, const std::vector<SealedChange>&)>;
    Follower(Database&, Sealer&, std::string name, Handle handle);
    ~Follower();
    void stop();
    /// For tests: handles all that is sealed while the caller waits; what `handle` throws passes.
    /// Also works after `stop`.
    void catch_up();

 private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

}  // namespace linli::store
