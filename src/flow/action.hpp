// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Whether an action can be taken, what must come with it, and who is in charge afterwards.
#include "flow/ground.hpp"

namespace linli::flow {

/// Why the action cannot be taken now, as a refusal code; "" if it can.
std::string
obstacle(store::Tx&, const Ground&, const catalogue::ActionSpec&, const Subject&, const Actor&);
/// The same as a sentence.
std::string explain(const std::string& code, const catalogue::ActionSpec&, const Subject&);

/// Throws `invalid` for inputs that are missing, not asked for, or name a unit that cannot be in
/// charge.
void check_inputs(store::Tx&, const area::Tree&, const catalogue::ActionSpec&, const Subject&, const Inputs&);

/// Who is in charge after the action, written among the parties: the unit that it names; the office
/// of the area if the record goes back to where a unit must be named; else who was.
UnitId
take_charge(store::Tx&, const area::Tree&, const catalogue::FlowSpec&, const catalogue::ActionSpec&, const Subject&, const Inputs&);

}  // namespace linli::flow
