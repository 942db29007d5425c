// SPDX-License-Identifier: Apache-2.0
#pragma once
/// What hints and followers share.
#include "record/engine.hpp"
#include "request/duplicates.hpp"
#include "request/likeness.hpp"

namespace linli::request {

/// Which fields of a kind count: those by which it is known outside, in its key `open311`, so that
/// what is kept back there is kept back here. -1 = none.
struct Compared {
    const record::KindTable* table = nullptr;
    const catalogue::FieldSpec* same = nullptr;
    int same_at = -1, near_at = -1, words_at = -1;
    std::set<std::string> except;
};
using Everything = std::map<std::string, Compared>;

/// Whether a record may be pointed out to somebody who may file one like it.
bool pointed_out(const record::Context&, const Compared&, const record::Record&);
Matter matter_of(const record::Context&, const Compared&, const record::Record&);
/// What the chosen entry is called where it is filed.
catalogue::Title choice_title(const record::Context&, const Compared&, const record::Record&);
/// What everybody may read of how it stands.
catalogue::Title
plain_state(const record::Context&, const record::KindTable&, const record::Record&);
std::string community_name(const record::Context&, const record::Record&);
/// A record that the caller may read, or one that may be pointed out to him; else the same 404.
record::Record followable(
    const record::Context&, const Everything&, const std::string& kind, RecordId
);

void follow_routes(http::Router&, std::shared_ptr<const record::Core>, std::shared_ptr<const Everything>);

}  // namespace linli::request
