// SPDX-License-Identifier: Apache-2.0
// Words that mean something already, so that packs cannot take them for names.
#include <algorithm>
#include <set>

#include "catalogue/pack.hpp"

namespace linli::catalogue {

bool contains(const std::vector<std::string>& all, std::string_view word) {
    return std::find(all.begin(), all.end(), word) != all.end();
}

const std::vector<std::string>& own_columns() {
    static const std::vector<std::string> words{
        "county",     "id",         "number",     "area",    "subdistrict",
        "community",  "grid",       "state",      "version", "created_at",
        "created_by", "updated_at", "updated_by", "unit",    "flow_version"};
    return words;
}

const std::vector<std::string>& input_words() {
    static const std::vector<std::string> words{
        "reason", "result", "evidence", "lead_unit", "assist_units"};
    return words;
}

const std::vector<std::string>& actor_words() {
    static const std::vector<std::string> words{"lead_unit", "assist_unit", "reporter", "timer"};
    return words;
}

const std::vector<std::string>& area_levels() {
    static const std::vector<std::string> words{"province",    "city",      "county",
                                                "subdistrict", "community", "grid"};
    return words;
}

const std::vector<std::string>& area_kinds() {
    static const std::vector<std::string> words{"plain",
                                                "subdistrict",
                                                "town",
                                                "township",
                                                "zone",
                                                "residents_committee",
                                                "villagers_committee",
                                                "similar",
                                                "virtual"};
    return words;
}

bool sql_word(std::string_view word) {
    // Reserved by SQLite 3.40 or PostgreSQL 15 (as a column or table name without quotes), and
    // system columns of both.
    static const std::set<std::string, std::less<>> words{
        "abort",
        "add",
        "all",
        "alter",
        "analyse",
        "analyze",
        "and",
        "any",
        "array",
        "as",
        "asc",
        "asymmetric",
        "authorization",
        "autoincrement",
        "begin",
        "between",
        "binary",
        "both",
        "by",
        "case",
        "cast",
        "check",
        "cmax",
        "cmin",
        "collate",
        "collation",
        "column",
        "commit",
        "concurrently",
        "constraint",
        "create",
        "cross",
        "ctid",
        "current_catalog",
        "current_date",
        "current_role",
        "current_schema",
        "current_time",
        "current_timestamp",
        "current_user",
        "default",
        "deferrable",
        "deferred",
        "delete",
        "desc",
        "distinct",
        "do",
        "docid",
        "drop",
        "else",
        "end",
        "escape",
        "except",
        "exists",
        "false",
        "fetch",
        "for",
        "foreign",
        "freeze",
        "from",
        "full",
        "glob",
        "grant",
        "group",
        "having",
        "ilike",
        "in",
        "index",
        "indexed",
        "initially",
        "inner",
        "insert",
        "intersect",
        "into",
        "is",
        "isnull",
        "join",
        "lateral",
        "leading",
        "left",
        "like",
        "limit",
        "localtime",
        "localtimestamp",
        "match",
        "natural",
        "not",
        "nothing",
        "notnull",
        "null",
        "offset",
        "oid",
        "on",
        "only",
        "or",
        "order",
        "outer",
        "overlaps",
        "placing",
        "primary",
        "raise",
        "references",
        "regexp",
        "replace",
        "returning",
        "right",
        "rollback",
        "rowid",
        "select",
        "session_user",
        "set",
        "similar",
        "some",
        "symmetric",
        "table",
        "tablesample",
        "tableoid",
        "then",
        "to",
        "trailing",
        "transaction",
        "trigger",
        "true",
        "union",
        "unique",
        "update",
        "user",
        "using",
        "values",
        "variadic",
        "verbose",
        "view",
        "when",
        "where",
        "window",
        "with",
        "xmax",
        "xmin"};
    return words.contains(word);
}

}  // namespace linli::catalogue
