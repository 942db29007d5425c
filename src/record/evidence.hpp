// SPDX-License-Identifier: Apache-2.0
#pragma once
/// What shows that something was done: a note, files, where they were taken, what a resident said.
#include "record/engine.hpp"

namespace linli::record {

/// {"note", "word", "place", "files"}; files must have been uploaded to the record before. Null if
/// there is nothing in it.
Value evidence_input(const Context&, RecordId, const Value& json, Problems&);
/// A photo, of which the place is said (its time is that of its upload), or the resident's word.
void demand_proof(const Value& evidence, Problems&);

}  // namespace linli::record
