// SPDX-License-Identifier: Apache-2.0
#include "app/unpack.hpp"

#include <set>
#include <stdexcept>

#include "app/archive.hpp"
#include "base/crypto.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "store/blob.hpp"
#include "store/change.hpp"

namespace linli::app {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t manifest_bytes = 64 << 20;

/// Takes the entries apart; a second database or a path that leads elsewhere is refused.
class Taker {
 public:
    explicit Taker(const Unpack& order) : m_order(order), m_blobs(order.folder / "blobs") {}

    void take_all() {
        ArchiveReader archive(m_order.file, m_order.passphrase);
        while (archive.next()) {
            take(archive);
        }
        if (!m_has_manifest || !fs::exists(database())) {
            throw std::runtime_error(m_order.file.string() + " holds no database");
        }
    }
    fs::path database() const { return m_order.folder / "database"; }
    const store::Figures& figures() const { return m_figures; }
    const std::set<std::string>& blobs() const { return m_names; }

 private:
    void take(ArchiveReader& archive) {
        const auto& name = archive.name();
        if (name == "manifest.json") {
            const auto manifest = parse_json(
                archive.bytes(), {.bytes = manifest_bytes, .depth = 8, .members = 1'000'000}
            );
            const auto* figures = manifest.find("database");
            if (manifest.int_or("format") != 1 || !figures) {
                throw std::runtime_error(
                    m_order.file.string() + " was written by a newer version of linli"
                );
            }
            m_figures = store::figures_from(*figures);
            m_has_manifest = true;
        } else if (name == "database") {
            archive.save(database());
        } else if (name.starts_with("keys/")) {
            take_key(archive, name.substr(5));
        } else if (name.starts_with("blobs/")) {
            take_blob(archive, name.substr(6));
        } else {
            throw std::runtime_error("the backup holds an entry that nobody knows: " + name);
        }
    }
    void take_key(ArchiveReader& archive, const std::string& name) {
        if (name.empty() || name.front() == '.' || name.find('/') != std::string::npos) {
            throw std::runtime_error("the backup holds a key of an impossible name");
        }
        const auto folder = m_order.folder / "keys";
        if (fs::create_directories(folder)) {
            fs::permissions(folder, fs::perms::owner_all);
        }
        archive.save(folder / name);
    }
    void take_blob(ArchiveReader& archive, const std::string& name) {
        const auto bytes = archive.bytes();
        if (!is_blob_name(name) || to_hex(sha256(bytes)) != name) {
            throw std::runtime_error("the file " + name + " in the backup has another digest");
        }
        if (m_order.keep_blobs) {
            m_blobs.put(bytes);
        }
        m_names.insert(name);
    }

    const Unpack& m_order;
    store::Blobs m_blobs;
    store::Figures m_figures;
    std::set<std::string> m_names;
    bool m_has_manifest = false;
};

void check_chains(store::Tx& tx) {
    for (const auto& [county, position] : store::heads(tx)) {
        if (const auto broken = store::find_broken_link(tx, county)) {
            throw std::runtime_error(
                "the change log of county " + std::to_string(county) + " is broken at position " +
                std::to_string(*broken)
            );
        }
    }
}

void check_files(store::Tx& tx, const std::set<std::string>& blobs) {
    constexpr store::Sql sql{"backup.files", "SELECT DISTINCT blob FROM record_file ORDER BY blob"};
    tx.each(sql, [&](const store::Row& row) {
        const std::string name(row.text(0));
        if (!blobs.contains(name)) {
            throw std::runtime_error("the file " + name + ", which a record names, is missing");
        }
        return true;
    });
}

}  // namespace

bool is_blob_name(const std::string& name) {
    constexpr std::size_t digits = 64;
    return name.size() == digits && name.find_first_not_of("0123456789abcdef") == std::string::npos;
}

Unpacked unpack(const Unpack& order) {
    Taker taker(order);
    taker.take_all();
    const auto& expected = taker.figures();
    if (store::is_postgres(order.url) != (expected.engine == "postgres")) {
        throw std::runtime_error(
            "the backup is of " + expected.engine + ": " +
            (expected.engine == "postgres" ? "say --db postgresql://..." : "leave --db out")
        );
    }
    store::restore_snapshot(taker.database(), order.url);
    fs::remove(taker.database());
    SystemTime time;
    SystemRandom random;
    store::Options options;
    options.url = order.url;
    options.readers = options.writers = 1;
    options.unsafe_durability = true;  // only reads
    options.silence_ms = 0;            // whole tables
    const auto database = store::Database::open(options, time, random);
    database->read([&](store::Tx& tx) {
        if (const auto wrong = store::difference(expected, store::figures(tx)); !wrong.empty()) {
            throw std::runtime_error("the restored database is not what was backed up: " + wrong);
        }
        check_chains(tx);
        check_files(tx, taker.blobs());
    });
    return {expected, taker.blobs().size()};
}

}  // namespace linli::app
