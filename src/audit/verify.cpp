// SPDX-License-Identifier: Apache-2.0
#include "audit/verify.hpp"

#include <istream>
#include <map>
#include <stdexcept>

#include "audit/checkpoint.hpp"
#include "base/error.hpp"
#include "base/json.hpp"

namespace linli::audit {

namespace {

struct Unfit : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// What was signed of a county: by position, the hash and the number of the checkpoint.
struct Signed {
    std::string hash;
    std::int64_t checkpoint = 0;
};
using Positions = std::map<std::int64_t, Signed>;

std::string at_line(const char* what, std::int64_t number) {
    return std::string(what) + " " + std::to_string(number) + ": ";
}

class Reader {
 public:
    explicit Reader(const Question& question) : m_question(question) {}
    Verdict read() {
        if (m_question.checkpoints) {
            read_checkpoints();
        }
        read_lines();
        check_reach();
        return m_verdict;
    }

 private:
    void read_checkpoints();
    void take(const Checkpoint&, const std::string& where);
    void read_lines();
    bool take(const Value&);  ///< false after the last line
    void anchor(const Value&);
    void link(const Value&);
    void end(const Value&);
    void check_reach();

    const Question& m_question;
    Verdict m_verdict;
    std::map<std::int64_t, Positions> m_signed;  ///< by county
    std::map<std::int64_t, std::int64_t> m_reached;
    Checkpoint m_last;
    std::int64_t m_county = -1, m_position = 0, m_seen = -1;
    bool m_open = false;
    std::string m_hash;
};

void Reader::read_checkpoints() {
    std::string text;
    for (std::int64_t number = 1; std::getline(*m_question.checkpoints, text); ++number) {
        const auto where = at_line("checkpoint line", number);
        try {
            take(read_checkpoint(text), where);
        } catch (const Unfit&) {
            throw;
        } catch (const std::exception& error) {
            throw Unfit(where + "is no checkpoint: " + error.what());
        }
    }
    if (m_verdict.checkpoints == 0) {
        throw Unfit("there is no checkpoint");
    }
}

void Reader::take(const Checkpoint& c, const std::string& where) {
    if (!signed_by(c, m_question.public_key)) {
        throw Unfit(where + "its signature or its root is wrong");
    }
    const bool first = m_verdict.checkpoints == 0;
    if (c.number != (first ? 1 : m_last.number + 1) ||
        c.previous != (first ? std::string(64, '0') : digest(m_last))) {
        throw Unfit(where + "does not follow the checkpoint before it: one is missing");
    }
    for (const auto& head : c.heads) {
        auto& positions = m_signed[head.county];
        const auto [at, fresh] = positions.try_emplace(head.position, Signed{head.hash, c.number});
        if (at->second.hash != head.hash || std::next(at) != positions.end()) {
            throw Unfit(
                where + "contradicts an earlier one about county " + std::to_string(head.county)
            );
        }
    }
    m_last = c;
    ++m_verdict.checkpoints;
}

void Reader::read_lines() {
    std::string text;
    std::int64_t number = 0;
    bool more = true;
    while (more && std::getline(*m_question.lines, text)) {
        ++number;
        try {
            more = take(parse_json(text));
        } catch (const Refused& refused) {
            throw Unfit(at_line("line", number) + "is not JSON: " + refused.code);
        } catch (const std::exception& error) {
            throw Unfit(at_line("line", number) + error.what());
        }
    }
    if (more) {
        throw Unfit(at_line("line", number + 1) + "is missing: the file is cut off");
    }
    if (std::getline(*m_question.lines, text)) {
        throw Unfit(at_line("line", number + 1) + "follows the last line");
    }
}

bool Reader::take(const Value& json) {
    if (m_seen < 0) {
        if (text_of(json, "export") != "linli 1") {
            throw std::runtime_error("is no export that is known here");
        }
        m_seen = 0;
    } else if (json.find("position")) {
        link(json);
    } else if (json.find("after")) {
        anchor(json);
    } else if (json.find("end")) {
        end(json);
    } else if (m_open || integer_of(json, "lines") != m_verdict.lines) {
        throw std::runtime_error("counts other lines than there are");
    } else {
        return false;
    }
    return true;
}

void Reader::anchor(const Value& json) {
    const auto county = integer_of(json, "county");
    if (m_open || county <= m_county) {
        throw std::runtime_error("begins a county before the one before has ended");
    }
    m_open = true;
    m_county = county;
    m_position = integer_of(json, "after");
    m_hash = text_of(json, "hash");
    if (m_position == 0 && m_hash != std::string(64, '0')) {
        throw std::runtime_error("the first line of a county follows 64 zeros");
    }
}

void Reader::link(const Value& json) {
    const auto line = read_line(json);
    if (!m_open || line.county != m_county || line.position != m_position + 1) {
        throw std::runtime_error(
            "has position " + std::to_string(line.position) + " where " +
            std::to_string(m_position + 1) + " is next: lines are missing or out of order"
        );
    }
    m_hash = next_hash(m_hash, line);
    if (line.hash != m_hash) {
        throw std::runtime_error("does not fit the chain: it or a line before it was altered");
    }
    ++m_position;
    ++m_verdict.lines;
    const auto& positions = m_signed[m_county];
    if (const auto found = positions.find(m_position);
        found != positions.end() && found->second.hash != m_hash) {
        throw std::runtime_error(
            "is not what checkpoint " + std::to_string(found->second.checkpoint) + " signed"
        );
    }
    m_verdict.beyond += positions.empty() || positions.rbegin()->first < m_position ? 1 : 0;
}

void Reader::end(const Value& json) {
    if (!m_open || integer_of(json, "county") != m_county ||
        integer_of(json, "end") != m_position || text_of(json, "hash") != m_hash) {
        throw std::runtime_error("ends the county elsewhere: lines before it are missing");
    }
    m_open = false;
    m_reached[m_county] = m_position;
}

/// The end of the log cannot be cut off behind what was signed.
void Reader::check_reach() {
    for (const auto& [county, positions] : m_signed) {
        if (positions.empty() || m_question.part) {
            continue;
        }
        const auto reached = m_reached.count(county) ? m_reached.at(county) : 0;
        const auto& [position, last] = *positions.rbegin();
        if (position > reached) {
            throw Unfit(
                "county " + std::to_string(county) + " ends at position " +
                std::to_string(reached) + ", but checkpoint " + std::to_string(last.checkpoint) +
                " signed position " + std::to_string(position)
            );
        }
    }
}

}  // namespace

Verdict verify(const Question& question) {
    try {
        return Reader(question).read();
    } catch (const Unfit& unfit) {
        Verdict verdict;
        verdict.problem = unfit.what();
        return verdict;
    }
}

}  // namespace linli::audit
