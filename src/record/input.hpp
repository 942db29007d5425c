// SPDX-License-Identifier: Apache-2.0
#pragma once
/// From what a caller sends to values: unknown fields, wrong types, choices that the city does not
/// have, records that he may not see are refused, each with its pointer (C19, C23).
#include <functional>

#include "record/engine.hpp"

namespace linli::record {

class Input {
 public:
    /// `record` is changed in place; it holds the old values at first.
    Input(const Context&, const KindTable&, Record& record);

    /// Why a field may not be written by this caller now: "" or the problem's code.
    using Rule = std::function<std::string(std::size_t field)>;
    /// Reads {"field": value, ...}; null clears.
    void read(const Value& fields, const std::string& pointer, const Rule& rule);
    /// Fills fields by the rules of routing and from the attributes of chosen entries (`handling:
    /// tracked`), clears what is not
    /// asked, checks answers and, of a new record, what is required.
    void complete(bool fresh);
    /// Checks that a needed field has a value.
    void need(const std::string& field);

    const std::set<std::size_t>& given() const { return m_given; }
    Problems& problems() { return m_problems; }
    std::string pointer_of(std::size_t field) const;

 private:
    Value checked(const FieldSpec&, Value stored, const Complaint&) const;
    bool choice_known(const FieldSpec&, const std::string& key) const;
    bool target_known(const FieldSpec&, std::int64_t id) const;
    void fill_from_rules();
    void fill_from_choices();
    void settle_conditions();
    void check_answers(std::size_t field, bool fresh);
    void check_unique(std::size_t field);

    const Context& m_context;
    const KindTable& m_table;
    Record& m_record;
    std::string m_city, m_pointer;
    std::set<std::size_t> m_given;
    Problems m_problems;
};

/// Whether the caller may refer to a record: it is there and he may read it.
bool visible(const Context&, const std::string& kind, RecordId);

}  // namespace linli::record
