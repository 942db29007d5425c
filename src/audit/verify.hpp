// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Whether exported lines of the change log are whole: what linli-audit answers.
#include <iosfwd>
#include <optional>
#include <string>

namespace linli::audit {

struct Verdict {
    std::string problem;  ///< the first line that does not fit, in a sentence; "" = everything fits
    std::int64_t lines = 0, checkpoints = 0;
    std::int64_t beyond = 0;  ///< lines after the last checkpoint of their county
    bool ok() const { return problem.empty(); }
};

struct Question {
    std::istream* lines = nullptr;
    std::istream* checkpoints = nullptr;  ///< null: the chain alone
    std::string public_key;               ///< 32 bytes
    bool part = false;  ///< the lines are a part of the log: need not reach every checkpoint
};
/// Reads both streams once, a line at a time.
Verdict verify(const Question&);

}  // namespace linli::audit
