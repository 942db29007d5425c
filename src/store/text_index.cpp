// SPDX-License-Identifier: Apache-2.0
#include "store/text_index.hpp"

#include <map>
#include <stdexcept>

#include "base/text.hpp"

namespace linli::store {

namespace {

/// Positions beyond this are not told apart by PostgreSQL.
constexpr int positions_most = 16383;

void check_name(const std::string& name) {
    const bool good =
        !name.empty() && name.size() < 50 &&
        name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos;
    if (!good) {
        throw std::invalid_argument("not a table name: " + name);
    }
}

/// Rare characters (beyond the basic plane) may be younger than the tokenizer of SQLite, which
/// would drop them.
std::string spell_out_rare(std::string_view tokens) {
    std::string out;
    for (std::size_t i = 0; i < tokens.size();) {
        const auto lead = static_cast<unsigned char>(tokens[i]);
        const std::size_t length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
        const auto character = tokens.substr(i, length);
        out += length == 4 ? "u" + to_hex(character) : std::string(character);
        i += length;
    }
    return out;
}

std::string quoted(std::string_view token) {
    std::string out = "'";
    for (const char c : token) {
        out.append(c == '\'' || c == '\\' ? 2 : 1, c);
    }
    return out + "'";
}

/// Tokens longer than any word are cut, so that PostgreSQL takes them.
std::vector<std::string_view> tokens_in(std::string_view tokens) {
    constexpr std::size_t bytes_most = 200;
    std::vector<std::string_view> all;
    for (auto token : split(tokens, ' ')) {
        if (token.size() > bytes_most) {
            std::size_t end = bytes_most;
            while (end > 0 && (static_cast<unsigned char>(token[end]) & 0xc0) == 0x80) {
                --end;
            }
            token = token.substr(0, end);
        }
        if (!token.empty()) {
            all.push_back(token);
        }
    }
    return all;
}

/// Blanks and commas as people type them between words.
std::string with_plain_blanks(std::string_view words) {
    std::string out(words);
    for (const std::string_view separator : {"\u3000", "，", "、", ",", "；", ";", "\t", "\n"}) {
        for (std::size_t at = 0; (at = out.find(separator, at)) != std::string::npos;) {
            out.replace(at, separator.size(), " ");
        }
    }
    return out;
}

/// The tsvector literal: its positions are ours, so no parser of the server cuts words differently.
std::string vector_literal(std::string_view tokens) {
    std::map<std::string_view, std::string> positions;
    int position = 0;
    for (const auto token : tokens_in(tokens)) {
        if (++position > positions_most) {
            break;
        }
        auto& list = positions[token];
        list += (list.empty() ? "" : ",") + std::to_string(position);
    }
    std::string out;
    for (const auto& [token, list] : positions) {
        out += quoted(token) + ":" + list + " ";
    }
    return out;
}

void remove_text(Tx& tx, const std::string& table, County county, RecordId record) {
    if (tx.engine() == Engine::sqlite) {
        const auto sql = "DELETE FROM " + table + " WHERE rowid = $1";
        tx.run({"store.remove_text", sql}, record);
    } else {
        const auto sql = "DELETE FROM " + table + " WHERE county = $1 AND id = $2";
        tx.run({"store.remove_text", sql}, county, record);
    }
}

}  // namespace

void create_text_index(Tx& tx, const std::string& name) {
    check_name(name);
    const auto table = name + "_text";
    if (tx.engine() == Engine::sqlite) {
        tx.script(
            "CREATE VIRTUAL TABLE IF NOT EXISTS " + table +
            " USING fts5(tokens, tokenize = \"unicode61 remove_diacritics 0\")"
        );
    } else {
        tx.script(
            "CREATE TABLE IF NOT EXISTS " + table +
            " (county INTEGER NOT NULL, id BIGINT NOT NULL, tokens TSVECTOR NOT NULL, PRIMARY KEY "
            "(county, id));"
            "CREATE INDEX IF NOT EXISTS " +
            table + "_tokens ON " + table + " USING GIN (tokens)"
        );
    }
}

void put_text(
    Tx& tx, const std::string& name, County county, RecordId record, const std::string& tokens
) {
    check_name(name);
    const auto table = name + "_text";
    if (tokens_in(tokens).empty()) {
        return remove_text(tx, table, county, record);
    }
    if (tx.engine() == Engine::sqlite) {
        remove_text(tx, table, county, record);
        const auto sql = "INSERT INTO " + table + " (rowid, tokens) VALUES ($1, $2)";
        std::string kept;
        for (const auto token : tokens_in(tokens)) {
            kept += spell_out_rare(token) + " ";
        }
        tx.run({"store.put_text", sql}, record, kept);
    } else {
        const auto sql = "INSERT INTO " + table +
                         " (county, id, tokens) VALUES ($1, $2, CAST($3 AS TSVECTOR))"
                         " ON CONFLICT (county, id) DO UPDATE SET tokens = excluded.tokens";
        tx.post({"store.put_text", sql}, county, record, vector_literal(tokens));
    }
}

std::string text_condition(
    Engine engine, const std::string& name, const std::string& alias, int parameter
) {
    check_name(name);
    const auto table = name + "_text";
    const auto what = "$" + std::to_string(parameter);
    if (engine == Engine::sqlite) {
        return alias + ".id IN (SELECT rowid FROM " + table + " WHERE " + table + " MATCH " + what +
               ")";
    }
    return "(" + alias + ".county, " + alias + ".id) IN (SELECT county, id FROM " + table +
           " WHERE tokens @@ CAST(" + what + " AS TSQUERY))";
}

std::string text_query(Engine engine, std::string_view words) {
    const bool sqlite = engine == Engine::sqlite;
    std::string query;
    const auto plain = with_plain_blanks(words);
    for (const auto word : split(plain, ' ')) {
        std::string phrase;
        const auto tokens = search_tokens(word);
        for (const auto token : tokens_in(tokens)) {
            phrase += sqlite ? (phrase.empty() ? "" : " ") + spell_out_rare(token)
                             : (phrase.empty() ? "" : " <-> ") + quoted(token);
        }
        if (!phrase.empty()) {
            query += query.empty() ? "" : sqlite ? " AND " : " & ";
            query += sqlite ? "\"" + phrase + "\"" : "(" + phrase + ")";
        }
    }
    return query;
}

}  // namespace linli::store
