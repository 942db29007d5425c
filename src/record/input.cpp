// SPDX-License-Identifier: Apache-2.0
#include "record/input.hpp"

#include <algorithm>

#include "record/routing.hpp"

namespace linli::record {

namespace {

const catalogue::Choice* shown_choice(const catalogue::ChoiceList* list, const std::string& key) {
    const auto* choice = list ? list->find(key) : nullptr;
    return choice && !choice->hidden ? choice : nullptr;
}

bool holds(
    const Context& c, const catalogue::Expression& when,
    std::function<Value(const std::string&)> value_of
) {
    const auto result = when.evaluate({std::move(value_of), {}, c.now});
    return result.as_bool() && *result.as_bool();
}

}  // namespace

bool visible(const Context& c, const std::string& kind, RecordId id) {
    const auto& table = c.core.table(kind);
    const auto record = id ? find(c.tx, table, id) : std::nullopt;
    return record &&
           (!c.caller ||
            reaches(c, table, identity::Operation::read, *record, facts_of(c, table, *record)));
}

Input::Input(const Context& context, const KindTable& table, Record& record)
    : m_context(context),
      m_table(table),
      m_record(record),
      m_city(context.core.city_of(record.area)),
      m_pointer("/fields") {}

std::string Input::pointer_of(std::size_t field) const {
    return m_pointer + "/" + m_table.field(field).name;
}

void Input::read(const Value& fields, const std::string& pointer, const Rule& rule) {
    m_pointer = pointer;
    const auto* object = fields.as_object();
    if (!object) {
        if (!fields.is_null()) {
            m_problems.push_back({pointer, "wrong_type", "expected an object of fields"});
        }
        return;
    }
    for (const auto& [name, json] : *object) {
        const Complaint to{m_problems, pointer + "/" + name};
        const int found = m_table.find(name);
        if (found < 0) {
            to.add("unknown_field", "there is no such field");
            continue;
        }
        const auto i = static_cast<std::size_t>(found);
        if (const auto why = rule(i); !why.empty()) {
            to.add(why, "you may not write this field here");
            continue;
        }
        const auto& field = m_table.field(i);
        Cell cell;
        if (!json.is_null()) {
            cell.value = checked(field, rules_of(field.type).from_json(json, field, to), to);
        }
        m_given.insert(i);
        m_record.cells[i] = std::move(cell);
    }
}

Value Input::checked(const FieldSpec& field, Value stored, const Complaint& to) const {
    const auto check = [&](const Value& one, const Complaint& at) {
        const auto* key = one.as_text();
        const auto* id = one.as_int();
        if (key && !choice_known(field, *key)) {
            at.add("unknown_choice", "not an entry of the list as it holds for the record's area");
            return false;
        }
        if (id && !target_known(field, *id)) {
            at.add("ref_not_found", "there is no such " + field.to);
            return false;
        }
        return true;
    };
    switch (field.type) {
        case FieldType::choice:
        case FieldType::ref:
            return stored.is_null() || check(stored, to) ? std::move(stored) : Value();
        case FieldType::choices:
        case FieldType::refs:
            for (std::size_t i = 0; stored.as_list() && i < stored.as_list()->size(); ++i) {
                if (!check(
                        (*stored.as_list())[i], {to.problems, to.pointer + "/" + std::to_string(i)}
                    )) {
                    return {};
                }
            }
            return stored;
        default:
            return stored;
    }
}

bool Input::choice_known(const FieldSpec& field, const std::string& key) const {
    return shown_choice(m_context.catalogue().list(field.list, m_city), key) != nullptr;
}

bool Input::target_known(const FieldSpec& field, std::int64_t id) const {
    if (field.to == "area") {
        return m_context.tree->find({id}) != nullptr;
    }
    if (field.to == "unit") {
        const auto unit = identity::find_unit(m_context.tx, {id});
        return unit && unit->enabled;
    }
    if (field.to == "account") {
        const auto account = identity::find_account(m_context.tx, {id});
        return account && account->enabled;
    }
    return visible(m_context, field.to, {id});
}

void Input::complete(bool fresh) {
    if (fresh) {
        fill_from_rules();
        fill_from_choices();
    }
    settle_conditions();
    for (std::size_t i = 0; i < m_table.size(); ++i) {
        const auto& field = m_table.field(i);
        const bool asked = fresh || m_given.count(i) > 0;
        if (field.type == FieldType::extra) {
            check_answers(i, fresh);
        }
        if (field.unique && m_given.count(i) > 0 && !m_record.cells[i].empty()) {
            check_unique(i);
        }
        const bool told =
            std::any_of(m_problems.begin(), m_problems.end(), [&](const Problem& problem) {
                return problem.pointer == pointer_of(i);
            });
        if (field.required && asked && field.type != FieldType::file && m_record.cells[i].empty() &&
            !told) {
            const bool when =
                !field.when || holds(m_context, *field.when, [&](const std::string& name) {
                    return value_of(m_context, m_table, m_record, name);
                });
            if (when) {
                m_problems.push_back({pointer_of(i), "required", "this field is needed"});
            }
        }
    }
}

void Input::need(const std::string& name) {
    const int i = m_table.find(name);
    if (i >= 0 && m_record.cells[static_cast<std::size_t>(i)].empty()) {
        const auto pointer = pointer_of(static_cast<std::size_t>(i));
        const bool told =
            std::any_of(m_problems.begin(), m_problems.end(), [&](const Problem& problem) {
                return problem.pointer == pointer;
            });
        if (!told) {
            m_problems.push_back({pointer, "required", "this action needs the field"});
        }
    }
}

/// The first rule that speaks of a field says what it begins with.
void Input::fill_from_rules() {
    for (const auto& rule : m_table.kind->routing) {
        if (rule.trial || !applies(m_context, m_table, rule, m_record)) {
            continue;
        }
        for (const auto& [name, value] : rule.set) {
            const auto at = static_cast<std::size_t>(m_table.find(name));
            if (m_record.cells[at].empty() && m_given.count(at) == 0) {
                m_record.cells[at] = {value, {}};
            }
        }
    }
}

/// `{key: pipe_burst, handling: immediate}` sets the field `handling` of a new record unless it was
/// sent.
void Input::fill_from_choices() {
    for (std::size_t i = 0; i < m_table.size(); ++i) {
        const auto& field = m_table.field(i);
        const auto* key =
            field.type == FieldType::choice ? m_record.cells[i].value.as_text() : nullptr;
        const auto* choice =
            key ? shown_choice(m_context.catalogue().list(field.list, m_city), *key) : nullptr;
        const auto* attributes = choice ? choice->attributes.as_object() : nullptr;
        for (const auto& [name, value] : attributes ? *attributes : Value::Object{}) {
            const int target = m_table.find(name);
            const auto at = static_cast<std::size_t>(target);
            if (target < 0 || m_given.count(at) > 0 || !m_record.cells[at].empty()) {
                continue;
            }
            const auto& spec = m_table.field(at);
            if (spec.type == FieldType::boolean && value.as_bool() && *value.as_bool()) {
                m_record.cells[at] = {Value(1), {}};
            }
            if (spec.type == FieldType::choice && value.as_text() &&
                choice_known(spec, *value.as_text())) {
                m_record.cells[at] = {value, {}};
            }
        }
    }
}

void Input::settle_conditions() {
    for (std::size_t i = 0; i < m_table.size(); ++i) {
        const auto& field = m_table.field(i);
        if (!field.when || m_record.cells[i].empty()) {
            continue;
        }
        if (holds(m_context, *field.when, [&](const std::string& name) {
                return value_of(m_context, m_table, m_record, name);
            })) {
            continue;
        }
        if (m_given.count(i) > 0) {
            m_problems.push_back({pointer_of(i), "not_asked", "this field is not asked for here"});
        }
        m_record.cells[i] = {};
    }
}

/// Who changes a category may not know the new answers: then the old ones that are still asked
/// stay, and none is needed.
void Input::check_answers(std::size_t at, bool fresh) {
    const auto& field = m_table.field(at);
    const int by = m_table.find(field.by);
    const auto* key =
        by < 0 ? nullptr : m_record.cells[static_cast<std::size_t>(by)].value.as_text();
    const bool given = m_given.count(at) > 0;
    if (!given && m_given.count(static_cast<std::size_t>(by)) == 0) {
        return;
    }
    const auto* list =
        by < 0
            ? nullptr
            : m_context.catalogue().list(m_table.field(static_cast<std::size_t>(by)).list, m_city);
    const auto* choice = key && list ? list->find(*key) : nullptr;
    const auto questions = choice ? choice->questions : std::vector<FieldSpec>{};
    const auto answers = open(m_context.core, m_table, m_record, at);
    const auto* object = answers.as_object();
    Value::Object stored, kept;
    for (const auto& [name, json] : object ? *object : Value::Object{}) {
        const auto asked = std::find_if(questions.begin(), questions.end(), [&](const auto& q) {
            return q.name == name;
        });
        const Complaint to{m_problems, pointer_of(at) + "/" + name};
        if (asked == questions.end()) {
            if (given) {
                to.add("unknown_field", "this is not asked here");
            }
        } else if (!json.is_null()) {
            auto value = checked(*asked, rules_of(asked->type).from_json(json, *asked, to), to);
            if (!value.is_null()) {
                std::string text;
                JsonWriter out(text);
                rules_of(asked->type).to_json(out, value, *asked);
                kept.emplace_back(name, parse_json(text));
                stored.emplace_back(name, std::move(value));
            }
        }
    }
    for (const auto& question : questions) {
        const bool answered = std::any_of(kept.begin(), kept.end(), [&](const auto& one) {
            return one.first == question.name;
        });
        const bool due =
            (fresh || given) && question.required &&
            (!question.when || holds(m_context, *question.when, [&](const std::string& name) {
                for (const auto& [other, value] : stored) {
                    if (other == name) {
                        return value;
                    }
                }
                return value_of(m_context, m_table, m_record, name);
            }));
        if (!answered && due) {
            m_problems.push_back(
                {pointer_of(at) + "/" + question.name, "required", "this question needs an answer"}
            );
        }
    }
    m_record.cells[at] = {};
    if (!kept.empty()) {
        m_record.cells[at].value = std::move(kept);
    }
}

void Input::check_unique(std::size_t i) {
    const auto& field = m_table.field(i);
    const bool sealed = has_blind(field);
    const auto packed = pack(m_record.cells[i].value);
    const auto digest = sealed ? blind(m_context.core, m_table, i, packed) : std::string();
    Binder to;
    to.add(m_record.county());
    to.add(m_record.id);
    sealed                             ? to.add(store::Bytes{digest})
    : m_record.cells[i].value.as_int() ? to.add(*m_record.cells[i].value.as_int())
                                       : to.add(packed);
    const Statement taken{
        "record." + m_table.kind->name + ".taken",
        "SELECT id FROM " + m_table.table + " WHERE county = $1 AND id <> $2 AND " +
            sql_name(sealed ? field.name + "_blind" : field.name) + " = $3"};
    m_context.tx.query(taken, to.params(), [&](const store::Row&) {
        m_problems.push_back({pointer_of(i), "not_unique", "another record has this value already"}
        );
        return false;
    });
}

}  // namespace linli::record
