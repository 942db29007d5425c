// SPDX-License-Identifier: Apache-2.0
#include "store/ids.hpp"

#include <algorithm>
#include <stdexcept>

namespace linli::store {

const Sql Ids::lease_time_sql{"store.lease_ids", R"(
    INSERT INTO store_lease (county, name, holder, until)
    VALUES ($1, 'ids', '', CAST($2 AS BIGINT) + CAST($3 AS BIGINT))
    ON CONFLICT (county, name) DO UPDATE
       SET until = CASE WHEN store_lease.until > $2 THEN store_lease.until ELSE $2 END + $3
    RETURNING until)"};

const Sql Ids::lease_numbers_sql{"store.lease_numbers", R"(
    INSERT INTO store_sequence (county, name, next) VALUES ($1, $2, CAST($3 AS BIGINT) + 1)
    ON CONFLICT (county, name) DO UPDATE SET next = store_sequence.next + $3
    RETURNING next)"};

std::int64_t Ids::next_id(County county, const LeaseTime& lease) {
    constexpr std::int64_t sequences = 1024;
    if (county < 0 || county >= county_limit) {
        throw std::invalid_argument(
            "county number " + std::to_string(county) + " is not within 0..4095"
        );
    }
    std::lock_guard lock(m_mutex);
    auto& clock = m_counties[static_cast<std::size_t>(county)];
    const auto now = std::max<std::int64_t>(1, m_time.now().ms - epoch_ms);
    if (now > clock.ms) {
        clock.ms = now;
        clock.sequence = 0;
    } else if (++clock.sequence == sequences) {
        ++clock.ms;
        clock.sequence = 0;
    }
    if (clock.ms >= clock.end) {
        clock.end = lease(county, clock.ms);
        m_new_clocks.push_back(&clock);
        if (clock.end - lease_ms > clock.ms) {
            clock.ms = clock.end - lease_ms;
            clock.sequence = 0;
        }
    }
    return (std::int64_t{county} << 51) | (clock.ms << 10) | clock.sequence;
}

std::int64_t Ids::next_number(County county, const std::string& name, const LeaseNumbers& lease) {
    std::lock_guard lock(m_mutex);
    auto& numbers = m_numbers[{county, name}];
    while (numbers.next >= numbers.end) {
        numbers.end = lease(county, name);
        numbers.next = std::max(numbers.next, numbers.end - block);
        m_new_numbers.push_back(&numbers);
    }
    return numbers.next++;
}

void Ids::committed() {
    std::lock_guard lock(m_mutex);
    m_new_clocks.clear();
    m_new_numbers.clear();
}

void Ids::rolled_back() {
    std::lock_guard lock(m_mutex);
    for (auto* clock : m_new_clocks) {
        clock->end = 0;
    }
    for (auto* numbers : m_new_numbers) {
        numbers->end = numbers->next;
    }
    m_new_clocks.clear();
    m_new_numbers.clear();
}

}  // namespace linli::store
