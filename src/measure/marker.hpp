// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Which cells a change of a record touches.
#include "measure/store.hpp"
#include "store/change.hpp"

namespace linli::measure {

/// Immutable; looks into the queries, which must live as long.
class Marker {
 public:
    explicit Marker(const std::vector<std::unique_ptr<CounterQuery>>&);
    /// The area before and the area after, in the month of the record's date as it is now; in all
    /// months if that date itself has changed.
    void mark(store::Tx&, const std::vector<store::SealedChange>&) const;

 private:
    struct Kind {
        std::vector<const CounterQuery*> counters;
        std::vector<std::string> dates;  ///< columns that the statement reads
        std::string sql;
    };
    std::map<std::string, Kind, std::less<>> m_kinds;
};

}  // namespace linli::measure
