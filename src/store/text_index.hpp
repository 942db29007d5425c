// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Full text over records: single-character tokens and phrase queries (stack.md §8). FTS5 on
/// SQLite, tsvector('simple') with a GIN index on PostgreSQL; the difference ends here.
#include <string>

#include "store/store.hpp"

namespace linli::store {

/// Makes the index `<name>_text` if it is missing. `name` is a kind's name, checked by the
/// catalogue.
void create_text_index(Tx&, const std::string& name);
/// Replaces the text of a record; `tokens` come from search_tokens(). Empty tokens remove it.
void put_text(Tx&, const std::string& name, County, RecordId, const std::string& tokens);
/// SQL of a condition on (county, id) columns of table alias `alias`: true for records whose text
/// matches parameter
/// `$<parameter>`, which must be made by text_query().
std::string text_condition(
    Engine, const std::string& name, const std::string& alias, int parameter
);
/// What to bind: all words must occur, each as a phrase. Empty if nothing can be searched for.
std::string text_query(Engine, std::string_view words);

}  // namespace linli::store
