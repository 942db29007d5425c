// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Chance in whole numbers (splitmix64): the same throws on every machine, and streams of their own
/// for things that should not depend on each other.
#include <cstdint>
#include <initializer_list>

namespace linli::spatial {

class Dice {
 public:
    explicit Dice(std::uint64_t seed) : m_state(seed) {}
    /// A stream of its own for one thing among many.
    Dice(std::uint64_t seed, std::initializer_list<std::uint64_t> which) : m_state(seed) {
        for (const auto one : which) {
            m_state = next() ^ (one * 0xD1B54A32D192ED03);
        }
    }
    std::uint64_t next() {
        m_state += 0x9E3779B97F4A7C15;
        std::uint64_t mixed = (m_state ^ (m_state >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
    /// 0 to n - 1
    std::uint32_t below(std::uint32_t n) {
        return static_cast<std::uint32_t>((next() >> 32) * n >> 32);
    }
    /// low to high, both included
    int between(int low, int high) {
        return low + static_cast<int>(below(static_cast<std::uint32_t>(high - low + 1)));
    }
    bool chance(std::uint32_t percent) { return below(100) < percent; }

 private:
    std::uint64_t m_state;
};

}  // namespace linli::spatial
