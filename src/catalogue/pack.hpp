// SPDX-License-Identifier: Apache-2.0
#pragma once
/// How the files of a pack become the parts of a catalogue. Internal to this room. Readers take one
/// node each and report what is wrong with it alone; checks look across parts once all are read.
#include <memory>
#include <string>
#include <vector>

#include "catalogue/catalogue.hpp"
#include "catalogue/reader.hpp"

namespace linli::catalogue {

/// One file of a pack, parsed.
struct PackFile {
    std::string path;     ///< "core/request/request.yaml"
    std::string subject;  ///< "request"; "" outside core's folders
    Yaml root;
};

Role read_role(const Yaml::Member&, const std::string& file, Mistakes&);
PasswordProfile read_password_profile(const Yaml::Member&, const std::string& file, Mistakes&);
std::unique_ptr<Calendar> read_calendar(const PackFile&, Mistakes&);

ChoiceList read_list(const Yaml::Member&, const std::string& file, Mistakes&);
/// One entry; `attributes` are the further keys it may bear.
Choice
read_choice(const Yaml::Member&, const std::vector<AttributeSpec>& attributes, const std::string& file, Mistakes&);

/// A field without its `when`; `question` = asked by an entry of a list: fewer keys.
FieldSpec read_field(
    const Yaml::Member&, const std::string& file, bool question, Mistakes&, std::string* when
);

/// `so_far` holds the lists already; `flows` are the files beside the kind that bear its flows.
Kind read_kind(const Catalogue& so_far, const PackFile&, const std::vector<const PackFile*>& flows, Mistakes&);
/// `own_file`: the node is a whole file that begins with `flow: <kind>`.
FlowSpec
read_flow(const Catalogue& so_far, const Kind&, const Yaml&, const std::string& file, bool own_file, Mistakes&);
EscalationSpec read_escalation(const Yaml&, const std::string& file, Mistakes&);

/// Counters of a file (under `counters`), then, once all counters are known, its indicators.
void read_counters(const Catalogue& so_far, const PackFile&, std::vector<Counter>& to, Mistakes&);
void read_indicators(const Catalogue& so_far, const PackFile&, std::vector<Indicator>& to, Mistakes&);
Plan read_plan(const Catalogue& so_far, const PackFile&, Mistakes&);
City read_city(const Catalogue& so_far, const PackFile&, Mistakes&);

/// Parses an expression that stands at `node`; the mistake names line and character.
std::optional<Expression> read_expression(
    Reader&, const Yaml& node, const Symbols&, Type expected, bool needs_sql
);

void check_fields(const Catalogue&, const std::vector<FieldSpec>&, const std::string& owner, bool columns, Mistakes&);
void check_kind(const Catalogue&, const Kind&, Mistakes&);
void check_open311(const Catalogue&, const Kind&, Mistakes&);
void check_flow(const Catalogue&, const Kind&, const FlowSpec&, Mistakes&);
void check_ladder(const Catalogue&, const Kind&, const FlowSpec&, const std::vector<EscalationSpec>&, Mistakes&);
void check_lists(const Catalogue&, const std::vector<ChoiceList>&, Mistakes&);
void check_roles(const Catalogue&, Mistakes&);
void check_plans(const Catalogue&, Mistakes&);
void check_city(const Catalogue&, const City&, Mistakes&);

/// Words that SQL keeps for itself on one of the engines: no names of kinds and fields.
bool sql_word(std::string_view);
/// Columns that every kind has of its own.
const std::vector<std::string>& own_columns();
/// Inputs of an action beside fields: reason, result, evidence, lead_unit, assist_units.
const std::vector<std::string>& input_words();
/// Actors beside roles: lead_unit, assist_unit, reporter, timer.
const std::vector<std::string>& actor_words();
/// Levels of areas: province, city, county, subdistrict, community, grid.
const std::vector<std::string>& area_levels();
/// Kinds of areas, as formulas know them.
const std::vector<std::string>& area_kinds();
/// 12 digits.
bool area_code(std::string_view);
bool contains(const std::vector<std::string>&, std::string_view);

}  // namespace linli::catalogue
