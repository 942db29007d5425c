// SPDX-License-Identifier: Apache-2.0
#pragma once
/// How people walk, as data: speeds, the ways they take, what is closed to them. One file is one
/// profile (catalogue/walking/*.yaml).
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace linli::spatial {

struct WalkingGroup {
    std::string name;  ///< "elderly"
    std::uint32_t metres_per_minute = 0;
};

struct Profile {
    using Words = std::vector<std::pair<std::string, std::vector<std::string>>>;  ///< key: values
    std::string name;
    std::uint32_t metres_per_minute = 0;  ///< the speed in which the network is measured
    std::vector<WalkingGroup> groups;
    std::vector<std::pair<std::string, int>> ways;  ///< highway value: percent of the speed
    Words open;                                     ///< tags that allow, whatever `closed` says
    Words closed;                                   ///< tags that forbid
    std::vector<std::string> barriers;              ///< values of `barrier` nobody walks through

    /// Percent of the speed on a way of that kind; nothing if nobody walks there.
    std::optional<int> percent(std::string_view highway) const;
};

/// Throws `invalid` naming the line of what is wrong.
Profile read_profile(std::string_view yaml, const std::string& file = "profile");
Profile load_profile(const std::filesystem::path& file);

/// A group walks slower or faster everywhere alike, so its limit is a limit of the profile's
/// speed. Throws `invalid` for a group that the profile does not have; "" is the profile's speed.
std::uint32_t limit_for(const Profile&, std::string_view group, std::uint32_t minutes);

/// Collects the tags of one way or node; whoever reads a file asks it what they mean.
class Tags {
 public:
    explicit Tags(const Profile& profile) : m_profile(profile) {}
    void clear();
    void add(std::string_view key, std::string_view value);
    /// Of a way: percent of the speed, 0 if nobody walks there.
    int way_percent() const;
    /// Of a point: a barrier that nobody walks through.
    bool blocks() const;

 private:
    const Profile& m_profile;
    int m_percent = 0;
    bool m_open = false, m_closed = false, m_gate = false, m_barrier = false;
};

}  // namespace linli::spatial
