// SPDX-License-Identifier: Apache-2.0
#include "store/memory.hpp"

namespace linli::store {

std::shared_ptr<const void> Memory::find(const Key& key) {
    std::lock_guard hold(m_mutex);
    expire();
    const auto found = m_kept.find(key);
    return found == m_kept.end() ? nullptr : found->second;
}

void Memory::keep(const Key& key, std::shared_ptr<const void> value) {
    std::lock_guard hold(m_mutex);
    expire();
    m_kept[key] = std::move(value);
}

void Memory::forget() {
    std::lock_guard hold(m_mutex);
    m_kept.clear();
}

void Memory::expire() {
    const auto now = std::chrono::steady_clock::now();
    if (now - m_since > life || m_kept.size() >= limit) {
        m_kept.clear();
        m_since = now;
    }
}

}  // namespace linli::store
