// SPDX-License-Identifier: Apache-2.0
#pragma once
/// What was decided about a pair, and what a merge did.
#include "record/merge.hpp"

namespace linli::registry {

/// A pair of the queue. `first` and `second` in the order of their ids.
struct Pending {
    RecordId first, second;
    std::int64_t score = 0;
    std::string reasons, state;
    Instant found_at;
    static constexpr auto fields =
        std::tuple{field("first", &Pending::first), field("second", &Pending::second),
                   field("score", &Pending::score), field("reasons", &Pending::reasons),
                   field("state", &Pending::state), field("found_at", &Pending::found_at)};
};
/// Where pairs are looked for; 0 = anywhere in the county.
struct Around {
    County county = 0;
    AreaId subdistrict, community;
};
/// The likeliest first, so many at most.
std::vector<Pending> pending(store::Tx&, const Around&, const std::string& state, int most);
std::optional<Pending> find_pair(store::Tx&, RecordId first, RecordId second);
/// "different", "later" or "same".
void decide(const record::Context&, const Pending&, const std::string& as);

struct MergeRow {
    RecordId id, kept, gone;
    std::string what;
    Instant at;
    AccountId account;
    std::optional<Instant> undone_at;
    static constexpr auto fields = std::tuple{
        field("id", &MergeRow::id),
        field("kept", &MergeRow::kept),
        field("gone", &MergeRow::gone),
        field("what", &MergeRow::what),
        field("at", &MergeRow::at),
        field("account", &MergeRow::account),
        field("undone_at", &MergeRow::undone_at)};
};
/// The merge of a pair, remembered. Throws what record::merge throws.
RecordId merge(const record::Context&, RecordId kept, RecordId gone, const std::string& reason);
/// Takes a merge apart; the pair is open again. Throws not_found, conflict and what
/// record::unmerge throws.
void undo(const record::Context&, RecordId merge, const std::string& reason);
/// The last ones of a county that still hold.
std::vector<MergeRow> merges(store::Tx&, County, int most);

}  // namespace linli::registry
