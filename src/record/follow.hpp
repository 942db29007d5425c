// SPDX-License-Identifier: Apache-2.0
#pragma once
/// What an action brings about beside its own step: records of other kinds that it opens, and the
/// action that the server takes next. All in the transaction of the action.
#include "record/engine.hpp"

namespace linli::record {

/// Opens the records that the action declares and whose condition holds after it; filed where this
/// record is, by whoever acted: his right to create such records is not asked.
void open_records(
    const Context&, const KindTable&, const catalogue::ActionSpec&, const Record& after,
    const flow::Inputs&, const std::string& result
);
/// Takes the action under `then` as the timer if a chosen entry bears its mark and it may be taken;
/// true if it was.
bool take_next(const Context&, const KindTable&, const catalogue::ActionSpec&, const Record& after);

}  // namespace linli::record
