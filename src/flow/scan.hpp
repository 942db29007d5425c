// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Scans of flow_work, one index each, merged by urgency: what the tabs of the inbox are made of.
#include <string>
#include <vector>

#include "flow/inbox.hpp"

namespace linli::flow {

/// One scan of one index: county, one more column, and what narrows it.
struct Scan {
    Slice slice;
    UnitId assisting;       ///< records that this unit assists
    const char* also = "";  ///< a literal condition, so that a partial index serves
    const std::vector<Stage>* stages = nullptr;
    const std::vector<const std::string*>* kinds = nullptr;
};

/// Runs scans and merges what they find.
class Search {
 public:
    Search(store::Tx&, const Ground&, const InboxQuery&);
    void run(const Scan&);
    /// At most the query's limit, in order, each once.
    std::vector<Work> take();

 private:
    void run(const Scan&, const Slice* narrow);

    store::Tx& m_tx;
    const InboxQuery& m_query;
    std::vector<Slice> m_narrow;
    std::vector<Work> m_found;
};

}  // namespace linli::flow
