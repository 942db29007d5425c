// SPDX-License-Identifier: Apache-2.0
#include "spatial/network_file.hpp"

#include <bit>
#include <cstring>
#include <fstream>

#include "base/crypto.hpp"
#include "base/error.hpp"
#include "spatial/streets.hpp"

namespace linli::spatial {

namespace {

static_assert(std::endian::native == std::endian::little);
constexpr std::string_view mark = "linli network 2\n";
constexpr std::size_t checksum_bytes = 32;

Refused broken(const std::string& why) {
    return malformed("network_file_broken", why + ": build the network again from its street file");
}

/// The same list of members packs and unpacks.
template <class Archive, class N>
void members(Archive& archive, N& network) {
    archive.text(network.source);
    archive.text(network.profile);
    archive.number(network.metres_per_minute);
    archive.flag(network.made_up);
    archive.number(network.junctions);
    archive.list(network.points);
    archive.list(network.chains);
    archive.list(network.offsets);
    archive.list(network.arc_begin);
    archive.list(network.arcs);
    archive.list(network.arc_chain);
    archive.list(network.component);
    archive.list(network.component_points);
    archive.list(network.hierarchy.place);
    archive.list(network.hierarchy.arc_begin);
    archive.list(network.hierarchy.arcs);
}

struct Packer {
    std::string out;
    void bytes(const void* data, std::size_t size) {
        out.append(static_cast<const char*>(data), size);
    }
    void number(std::uint32_t value) { bytes(&value, sizeof value); }
    void flag(bool value) { number(value); }
    void text(const std::string& value) {
        number(static_cast<std::uint32_t>(value.size()));
        out += value;
    }
    template <class T>
    void list(const std::vector<T>& values) {
        static_assert(std::is_trivially_copyable_v<T>);
        number(static_cast<std::uint32_t>(values.size()));
        bytes(values.data(), values.size() * sizeof(T));
    }
};

struct Unpacker {
    std::string_view in;
    std::string_view take(std::size_t size) {
        if (size > in.size()) {
            throw broken("the network file ends too early");
        }
        const auto part = in.substr(0, size);
        in.remove_prefix(size);
        return part;
    }
    void number(std::uint32_t& value) {
        std::memcpy(&value, take(sizeof value).data(), sizeof value);
    }
    void flag(bool& value) {
        std::uint32_t word = 0;
        number(word);
        value = word != 0;
    }
    void text(std::string& value) {
        std::uint32_t size = 0;
        number(size);
        value = take(size);
    }
    template <class T>
    void list(std::vector<T>& values) {
        std::uint32_t count = 0;
        number(count);
        const auto part = take(std::size_t{count} * sizeof(T));
        values.resize(count);
        if (count > 0) {
            std::memcpy(values.data(), part.data(), part.size());
        }
    }
};

void demand(bool holds, const char* what) {
    if (!holds) {
        throw broken(std::string("the network file contradicts itself (") + what + ")");
    }
}

/// Every junction has a place of its own, and arcs only rise.
void check_hierarchy(const Network& n) {
    const auto& [place, arc_begin, arcs] = n.hierarchy;
    if (place.empty() && arc_begin.empty() && arcs.empty()) {
        return;
    }
    demand(place.size() == n.junctions && arc_begin.size() == place.size() + 1, "hierarchy");
    demand(arc_begin.front() == 0 && arc_begin.back() == arcs.size(), "hierarchy");
    std::vector<bool> taken(n.junctions, false);
    for (std::size_t i = 0; i < place.size(); ++i) {
        demand(place[i] < n.junctions && !taken[place[i]], "hierarchy");
        taken[place[i]] = true;
        demand(arc_begin[i] <= arc_begin[i + 1] && arc_begin[i + 1] <= arcs.size(), "hierarchy");
        for (auto a = arc_begin[i]; a < arc_begin[i + 1]; ++a) {
            demand(arcs[a].to < i && arcs[a].length < unreachable, "hierarchy");
        }
    }
}

}  // namespace

void check_network(const Network& n) {
    demand(n.metres_per_minute > 0 && n.metres_per_minute <= 10'000, "speed");
    demand(!n.chains.empty() && n.junctions > 0 && n.junctions <= n.points.size(), "junctions");
    demand(n.offsets.size() == n.points.size() - n.junctions, "offsets");
    demand(
        n.chains.front().first == n.junctions && n.chains.back().first == n.points.size(), "chains"
    );
    for (std::size_t c = 0; c < n.chain_count(); ++c) {
        const auto& chain = n.chains[c];
        demand(chain.from < n.junctions && chain.to < n.junctions, "chain ends");
        demand(chain.length <= longest_walk, "chain length");
        demand(chain.first <= n.chains[c + 1].first, "chain points");
        demand(n.chains[c + 1].first <= n.points.size(), "chain points");
        Ms before = 0;
        for (auto p = chain.first; p < n.chains[c + 1].first; ++p) {
            const auto offset = n.offsets[p - n.junctions];
            demand(offset >= before && offset <= chain.length, "offsets");
            before = offset;
        }
    }
    demand(n.arc_begin.size() == n.junctions + std::size_t{1}, "arcs");
    demand(n.arc_begin.front() == 0 && n.arc_begin.back() == n.arcs.size(), "arcs");
    demand(n.arc_chain.size() == n.arcs.size(), "arcs");
    for (std::size_t j = 0; j < n.junctions; ++j) {
        demand(n.arc_begin[j] <= n.arc_begin[j + 1], "arcs");
        demand(n.arc_begin[j + 1] <= n.arcs.size(), "arcs");
    }
    for (std::size_t a = 0; a < n.arcs.size(); ++a) {
        demand(n.arcs[a].to < n.junctions && n.arcs[a].length <= longest_walk, "arcs");
        demand(n.arc_chain[a] < n.chain_count(), "arcs");
    }
    demand(n.component.size() == n.junctions, "components");
    for (const auto c : n.component) {
        demand(c < n.component_points.size(), "components");
    }
    check_hierarchy(n);
}

std::string pack_network(const Network& network) {
    Packer packer;
    packer.out = mark;
    members(packer, network);
    packer.out += sha256(packer.out);
    return std::move(packer.out);
}

Network unpack_network_body(std::string_view body) {
    Unpacker unpacker{body};
    Network network;
    members(unpacker, network);
    demand(unpacker.in.empty(), "length");
    check_network(network);
    return network;
}

Network unpack_network(std::string_view bytes) {
    if (!bytes.starts_with(mark.substr(0, mark.find('2')))) {
        throw broken("this is no network file");
    }
    if (!bytes.starts_with(mark)) {
        throw malformed(
            "network_file_version",
            "the network file is of another version of linli: "
            "build the network again from its street file"
        );
    }
    if (bytes.size() < mark.size() + checksum_bytes) {
        throw broken("the network file ends too early");
    }
    const auto whole = bytes.substr(0, bytes.size() - checksum_bytes);
    if (sha256(whole) != bytes.substr(whole.size())) {
        throw broken("the checksum of the network file is wrong");
    }
    return unpack_network_body(whole.substr(mark.size()));
}

void save_network(const std::filesystem::path& file, const Network& network) {
    auto part = file;
    part += ".part";
    {
        const auto bytes = pack_network(network);
        std::ofstream out(part, std::ios::binary | std::ios::trunc);
        out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        out.flush();
        if (!out) {
            throw invalid(file.string(), "file_unwritable", "the network file cannot be written");
        }
    }
    std::filesystem::rename(part, file);
}

Network load_network(const std::filesystem::path& file) {
    try {
        return unpack_network(read_whole_file(file));
    } catch (Refused& wrong) {
        wrong.detail = file.string() + ": " + wrong.detail;
        throw;
    }
}

}  // namespace linli::spatial
