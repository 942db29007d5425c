// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Reads a change line off a row. Internal to the store.
#include "store/change.hpp"

namespace linli::store {

/// The columns id .. request, from `column` on.
inline Change read_change(const Row& row, int column) {
    Change c;
    auto text = [&](std::string& to) { to = row.text(column++); };
    c.id = row.integer(column++);
    c.at.ms = row.integer(column++);
    c.actor.value = row.integer(column++);
    text(c.role);
    text(c.kind);
    c.record.value = row.integer(column++);
    c.version = row.integer(column++);
    text(c.action);
    c.area_before.value = row.integer(column++);
    c.area_after.value = row.integer(column++);
    text(c.state_before);
    text(c.state_after);
    text(c.fields);
    text(c.digest_before);
    text(c.digest_after);
    text(c.detail);
    text(c.request);
    return c;
}

}  // namespace linli::store
