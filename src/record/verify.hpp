// SPDX-License-Identifier: Apache-2.0
#pragma once
/// What must be true of records, their files and their sealed fields, whatever happened.
#include "record/record.hpp"
#include "store/verify.hpp"

namespace linli::record {

/// Immutable. The cipher of the parts may be null: then only `keys` cannot be checked.
class Verify {
 public:
    explicit Verify(Parts);
    ~Verify();
    /// States are known to the flow, open records have their inbox row and others do not, versions
    /// are what the history says, rows are what the log has digests of, and areas and units exist.
    void records(store::Tx&, store::Check&) const;
    /// Each file of a record has its bytes, with the right digest and size.
    void files(store::Tx&, store::Check&) const;
    /// One sealed value of each field opens with the key.
    void keys(store::Tx&, store::Check&) const;

 private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

}  // namespace linli::record
