// SPDX-License-Identifier: Apache-2.0
#include "app/backup.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <set>
#include <stdexcept>

#include "app/archive.hpp"
#include "app/unpack.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "store/migrate.hpp"
#include "store/snapshot.hpp"

namespace linli::app {

namespace fs = std::filesystem;

namespace {

constexpr const char* backup_tail = ".backup";
constexpr const char* upgrade_head = "before-upgrade-";

std::string stamp(Instant now) {
    auto text = to_text(now);  // 2025-05-08T00:12:30.123Z
    text.resize(text.find('.'));
    std::string bare;
    std::copy_if(text.begin(), text.end(), std::back_inserter(bare), [](char c) {
        return c != '-' && c != ':';
    });
    return bare + "Z";
}

std::string size_text(std::uintmax_t bytes) {
    char text[32];
    std::snprintf(text, sizeof text, "%.1f MiB", static_cast<double>(bytes) / (1 << 20));
    return text;
}

/// On a terminal alone: in a journal it would be noise.
store::Progress progress_bar() {
    if (!::isatty(STDERR_FILENO)) {
        return {};
    }
    return [last = std::int64_t{-1}](std::int64_t done, std::int64_t all) mutable {
        const auto percent = all > 0 ? done * 100 / all : 100;
        if (percent != last) {
            last = percent;
            std::fprintf(
                stderr, "\rdatabase %3d %%%s", static_cast<int>(percent), percent == 100 ? "\n" : ""
            );
        }
    };
}

/// DATA/snapshots for one command at a time; what an interrupted one left goes.
class Workplace {
 public:
    explicit Workplace(const fs::path& data) : m_folder(data / "snapshots") {
        if (!fs::is_directory(data)) {
            throw std::runtime_error("there is no folder " + data.string());
        }
        fs::create_directories(m_folder);
        ::chmod(m_folder.c_str(), 0700);
        m_lock = ::open((m_folder / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        if (m_lock < 0 || ::flock(m_lock, LOCK_EX | LOCK_NB) != 0) {
            const bool busy = m_lock >= 0;
            close();
            throw std::runtime_error(
                busy ? "another backup, restore or rollback is under way in " + data.string()
                     : "no right to write in " + m_folder.string()
            );
        }
        clear();
    }
    ~Workplace() {
        clear();
        close();
    }
    Workplace(const Workplace&) = delete;
    Workplace& operator=(const Workplace&) = delete;
    const fs::path& folder() const { return m_folder; }
    fs::path part(const std::string& name) const { return m_folder / (name + ".part"); }

 private:
    void clear() const {
        std::error_code ignored;
        std::set<fs::path> parts;
        for (const auto& entry : fs::directory_iterator(m_folder, ignored)) {
            if (entry.path().filename().string().find(".part") != std::string::npos) {
                parts.insert(entry.path());
            }
        }
        for (const auto& part : parts) {
            fs::remove_all(part, ignored);
        }
    }
    void close() {
        if (m_lock >= 0) {
            ::close(m_lock);
        }
    }
    fs::path m_folder;
    int m_lock = -1;
};

/// Removes the file unless it was kept.
struct Part {
    fs::path path;
    explicit Part(fs::path at) : path(std::move(at)) {
        if (fs::exists(path)) {
            fs::remove(path);
        }
    }
    ~Part() {
        std::error_code ignored;
        fs::remove(path, ignored);
    }
    Part(const Part&) = delete;
    Part& operator=(const Part&) = delete;
};

/// Names of all blobs that are complete.
std::vector<std::string> blob_names(const fs::path& folder) {
    std::vector<std::string> names;
    if (fs::is_directory(folder)) {
        for (const auto& entry : fs::recursive_directory_iterator(folder)) {
            const auto name = entry.path().filename().string();
            if (entry.is_regular_file() && is_blob_name(name)) {
                names.push_back(name);
            }
        }
    }
    std::sort(names.begin(), names.end());
    return names;
}

void add_keys(ArchiveWriter& archive, const fs::path& folder) {
    for (const auto& entry : fs::directory_iterator(folder)) {
        if (entry.is_regular_file()) {
            archive.add_file("keys/" + entry.path().filename().string(), entry.path());
        }
    }
}

/// Blobs that are damaged on the disk are named and left out: a rotten picture must not end all
/// backups.
std::size_t add_blobs(ArchiveWriter& archive, const fs::path& folder) {
    const store::Blobs blobs(folder);
    std::size_t damaged = 0;
    for (const auto& name : blob_names(folder)) {
        std::string bytes;
        try {
            bytes = blobs.get(name);
        } catch (const std::exception& error) {
            std::fprintf(stderr, "linli: %s\n", error.what());
            ++damaged;
            continue;
        }
        archive.add("blobs/" + name, bytes);
    }
    return damaged;
}

fs::path target_of(const BackupOrder& order, Instant now) {
    const bool folder = fs::is_directory(order.to) || !order.to.has_filename();
    if (folder && !fs::is_directory(order.to)) {
        throw std::runtime_error("there is no folder " + order.to.string());
    }
    const auto target = folder ? order.to / ("linli-" + stamp(now) + backup_tail) : order.to;
    if (fs::exists(target)) {
        throw std::runtime_error(target.string() + " exists already: nothing is overwritten");
    }
    return target;
}

/// The bytes are on disk before the name appears; a file that took the name meanwhile stays.
void give_name(const fs::path& part, const fs::path& target) {
    fs::create_hard_link(part, target);
    const auto folder = target.has_parent_path() ? target.parent_path() : fs::path(".");
    const int handle = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (handle >= 0) {
        ::fsync(handle);
        ::close(handle);
    }
}

void forget_older(const fs::path& folder, int keep) {
    std::vector<fs::path> all;
    for (const auto& entry : fs::directory_iterator(folder)) {
        const auto name = entry.path().filename().string();
        if (name.starts_with("linli-") && name.ends_with(backup_tail)) {
            all.push_back(entry.path());
        }
    }
    std::sort(all.rbegin(), all.rend());
    for (std::size_t i = static_cast<std::size_t>(keep); i < all.size(); ++i) {
        fs::remove(all[i]);
        std::printf("removed %s\n", all[i].c_str());
    }
}

void print_checked(const Unpacked& found) {
    std::int64_t rows = 0;
    for (const auto& [table, count] : found.figures.rows) {
        rows += count;
    }
    std::printf(
        "verified by restoring: %zu tables, %lld rows, %zu chains of the change log, %zu files\n",
        found.figures.rows.size(), static_cast<long long>(rows), found.figures.heads.size(),
        found.blobs
    );
}

/// Restores into a temporary place and compares; throws if anything differs.
void try_restoring(
    const Settings& settings, const Workplace& place, const fs::path& file,
    const std::string& passphrase
) {
    const auto folder = place.part("verify");
    fs::create_directories(folder);
    Unpack order{file, passphrase, folder, (folder / "linli.db").string(), false};
    std::unique_ptr<store::TrialDatabase> trial;
    if (store::is_postgres(database_url(settings))) {
        trial = std::make_unique<store::TrialDatabase>(database_url(settings));
        order.url = trial->url();
    }
    print_checked(unpack(order));
}

}  // namespace

std::string database_url(const Settings& settings) {
    return settings.db.empty() ? (settings.data / "linli.db").string() : settings.db;
}

int backup(const Settings& settings, const BackupOrder& order) {
    const auto passphrase = read_passphrase(order.passphrase);
    SystemTime time;
    SystemRandom random;
    const auto now = time.now();
    const auto target = target_of(order, now);
    const Workplace place(settings.data);
    const Part snapshot(place.part("database")), part(fs::path(target.string() + ".part"));
    const auto url = database_url(settings);
    const auto figures = store::take_snapshot(url, snapshot.path, time, random, progress_bar());
    ArchiveWriter archive(part.path, passphrase);
    archive.add(
        "manifest.json",
        to_json(
            obj({{"format", 1}, {"made_at", to_text(now)}, {"database", store::to_value(figures)}})
        )
    );
    archive.add_file("database", snapshot.path);
    if (order.with_keys) {
        add_keys(archive, settings.data / "keys");
    }
    const auto damaged = add_blobs(archive, settings.data / "blobs");
    archive.finish();
    give_name(part.path, target);
    std::printf("%s: %s\n", target.c_str(), size_text(fs::file_size(target)).c_str());
    fs::remove(snapshot.path);
    if (order.verify) {
        try_restoring(settings, place, target, passphrase);
    }
    if (order.keep > 0 && target != order.to) {
        forget_older(order.to, order.keep);
    }
    if (!order.with_keys) {
        std::printf(
            "The keys in %s are not in it: keep a copy of them elsewhere.\n",
            (settings.data / "keys").c_str()
        );
    }
    return damaged == 0 ? 0 : 1;
}

int verify_backup(const Settings& settings, const fs::path& file, const fs::path& passphrase) {
    const Workplace place(settings.data);
    try_restoring(settings, place, file, read_passphrase(passphrase));
    return 0;
}

int restore(const Settings& settings, const fs::path& file, const fs::path& passphrase) {
    const auto url = database_url(settings);
    const auto& data = settings.data;
    const bool postgres = store::is_postgres(url);
    if ((!postgres && fs::exists(url)) || fs::exists(data / "linli.db") ||
        !blob_names(data / "blobs").empty()) {
        throw std::runtime_error(data.string() + " is in use: nothing is overwritten");
    }
    const auto words = read_passphrase(passphrase);
    fs::create_directories(data);
    const Workplace place(data);
    const auto folder = place.part("restore");
    fs::create_directories(folder);
    const auto found =
        unpack({file, words, folder, postgres ? url : (folder / "linli.db").string(), true});
    if (fs::exists(data / "keys") && fs::exists(folder / "keys")) {
        throw std::runtime_error(
            (data / "keys").string() +
            " is there already, and the backup brings keys too: move "
            "one away"
        );
    }
    // The database comes last: without it nothing has been restored.
    std::error_code ignored;
    fs::remove(data / "blobs", ignored);
    for (const auto* name : {"blobs", "keys"}) {
        if (fs::exists(folder / name)) {
            fs::rename(folder / name, data / name);
        }
    }
    if (!postgres) {
        fs::rename(folder / "linli.db", url);
    }
    print_checked(found);
    if (!fs::exists(data / "keys" / "field.key")) {
        std::printf(
            "Put the keys back before the server starts: %s\n",
            (data / "keys" / "field.key").c_str()
        );
    }
    return 0;
}

namespace {

/// Their names sort by time. The latest ones stay, however old they are.
void forget_old_snapshots(const fs::path& folder) {
    constexpr std::size_t kept = 3;
    std::vector<fs::path> all;
    for (const auto& entry : fs::directory_iterator(folder)) {
        if (entry.path().filename().string().starts_with(upgrade_head)) {
            all.push_back(entry.path());
        }
    }
    std::sort(all.begin(), all.end());
    for (std::size_t i = 0; i + kept < all.size(); ++i) {
        fs::remove(all[i]);
        std::fprintf(
            stderr, "linli: %s is removed: the latest %zu snapshots are kept\n", all[i].c_str(),
            kept
        );
    }
}

}  // namespace

void snapshot_before_upgrade(const Settings& settings, TimeSource& time, RandomSource& random) {
    const auto url = database_url(settings);
    if (!settings.snapshot || (!store::is_postgres(url) && !fs::exists(url))) {
        return;
    }
    std::vector<std::string> missing;
    {
        store::Options options = settings.store;
        options.url = url;
        options.readers = options.writers = 1;
        const auto database = store::Database::open(options, time, random);
        missing = store::steps_missing(*database, all_schema_steps());
    }
    if (missing.empty()) {
        return;
    }
    const Workplace place(settings.data);
    const auto name =
        upgrade_head + stamp(time.now()) + (store::is_postgres(url) ? ".pgdump" : ".db");
    const auto part = place.part(name);
    try {
        store::take_snapshot(url, part, time, random, progress_bar());
    } catch (const std::exception& error) {
        throw std::runtime_error(
            std::string("no snapshot could be made before the upgrade: ") + error.what() +
            ". Mend that, or make a backup yourself and start with --no-snapshot."
        );
    }
    fs::rename(part, place.folder() / name);
    forget_old_snapshots(place.folder());
    std::fprintf(
        stderr, "linli: the upgrade runs %s; the way back is `linli rollback` to %s\n",
        join(missing, ", ").c_str(), (place.folder() / name).c_str()
    );
}

int roll_back(const Settings& settings, fs::path snapshot) {
    const auto url = database_url(settings);
    const Workplace place(settings.data);
    if (snapshot.empty()) {
        const auto tail = store::is_postgres(url) ? ".pgdump" : ".db";
        for (const auto& entry : fs::directory_iterator(place.folder())) {
            const auto name = entry.path().filename().string();
            if (name.starts_with(upgrade_head) && name.ends_with(tail)) {
                snapshot = std::max(snapshot, entry.path());
            }
        }
    }
    if (snapshot.empty() || !fs::exists(snapshot)) {
        throw std::runtime_error(
            "there is no snapshot " +
            (snapshot.empty() ? "in " + place.folder().string() : snapshot.string())
        );
    }
    auto mark = "after_" + stamp(SystemTime().now());
    std::transform(mark.begin(), mark.end(), mark.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
    });
    const auto kept = store::swap_in_snapshot(snapshot, url, mark);
    std::printf(
        "%s is back. What was there is kept as %s. Start the version from before the upgrade.\n",
        snapshot.c_str(), kept.c_str()
    );
    return 0;
}

}  // namespace linli::app
