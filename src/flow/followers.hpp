// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Who wants to know how a record goes on, besides whoever filed it ("me too"). What he is told is
/// read from the steps of the record: a change of a record with many followers costs no more.
#include <optional>
#include <set>
#include <vector>

#include "flow/store.hpp"

namespace linli::flow {

struct Followed {
    std::string kind;
    RecordId record;
    std::string title;
    Instant at;
    static constexpr auto fields = std::tuple{
        field("kind", &Followed::kind), field("record", &Followed::record),
        field("title", &Followed::title), field("at", &Followed::at)};
};

/// A record has come to another state since somebody follows it.
struct Move {
    std::int64_t id = 0;
    std::string kind;
    RecordId record;
    std::string title, state;
    Instant at;
    std::optional<Instant> read_at;
    static constexpr auto fields =
        std::tuple{field("id", &Move::id),          field("kind", &Move::kind),
                   field("record", &Move::record),  field("title", &Move::title),
                   field("state", &Move::state),    field("at", &Move::at),
                   field("read_at", &Move::read_at)};
};

/// Once more changes nothing.
void follow(store::Tx&, const Followed&, AccountId);
void unfollow(store::Tx&, RecordId, AccountId);
bool follows(store::Tx&, RecordId, AccountId);
std::int64_t count_followers(store::Tx&, RecordId);
std::int64_t count_followed(store::Tx&, AccountId);  ///< up to 1000

/// Newest first.
std::vector<Followed> followed_by(store::Tx&, AccountId, int limit);
std::vector<Move> moves_for(store::Tx&, AccountId, Instant since, bool unread, int limit);
/// Nothing if the account does not follow that record.
std::optional<Move> find_move(store::Tx&, std::int64_t id, AccountId);
/// Moves of one record are read together.
void read_moves(store::Tx&, RecordId, AccountId, Instant now);

}  // namespace linli::flow
