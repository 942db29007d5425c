// SPDX-License-Identifier: Apache-2.0
#include "app/audit.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <iostream>

#include "base/json.hpp"
#include "store/change.hpp"

namespace linli::app {

namespace {

constexpr std::size_t key_bytes = 32;

void write_file(const std::filesystem::path& path, const std::string& line, mode_t mode) {
    const auto mask = ::umask(static_cast<mode_t>(~mode & 0777));
    std::ofstream(path, std::ios::binary) << line << "\n";
    ::umask(mask);
}

std::vector<audit::Head> heads_with_hashes(store::Tx& tx) {
    constexpr store::Sql sql{
        "app.heads", "SELECT county, position, hash FROM store_head ORDER BY county"};
    std::vector<audit::Head> heads;
    tx.each(sql, [&](const store::Row& row) {
        heads.push_back({row.integer(0), row.integer(1), std::string(row.text(2))});
        return true;
    });
    return heads;
}

/// Writes at the end of a file; what is written is on disk, or an error is thrown.
void append_durably(const std::filesystem::path& path, const std::string& text) {
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    const bool written =
        file >= 0 && ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
        ::fsync(file) == 0;
    if (file >= 0) {
        ::close(file);
    }
    if (!written) {
        throw std::runtime_error("checkpoints cannot be written to " + path.string());
    }
}

std::string last_line(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::string line, last;
    while (std::getline(file, line)) {
        last = line;
    }
    return last;
}

/// One exported line: the values of its canonical text, ids as texts.
std::string line_json(const store::SealedChange& line) {
    const auto& c = line.change;
    std::string text;
    JsonWriter out(text);
    const auto id = [&](const char* key, std::int64_t value) {
        out.key(key);
        out.text(std::to_string(value));
    };
    const auto words = [&](const char* key, const std::string& value) {
        out.key(key);
        out.text(value);
    };
    const auto number = [&](const char* key, std::int64_t value) {
        out.key(key);
        out.integer(value);
    };
    out.begin_object();
    number("county", line.county);
    number("position", line.position);
    id("id", c.id);
    number("at", c.at.ms);
    id("actor", c.actor.value);
    words("role", c.role);
    words("kind", c.kind);
    id("record", c.record.value);
    number("version", c.version);
    words("action", c.action);
    id("area_before", c.area_before.value);
    id("area_after", c.area_after.value);
    words("state_before", c.state_before);
    words("state_after", c.state_after);
    words("fields", c.fields);
    words("digest_before", c.digest_before);
    words("digest_after", c.digest_after);
    words("detail", c.detail);
    words("request", c.request);
    words("hash", line.hash);
    out.end_object();
    return text;
}

std::string mark(County county, const char* what, std::int64_t position, const std::string& hash) {
    return "{\"county\":" + std::to_string(county) + ",\"" + what +
           "\":" + std::to_string(position) + ",\"hash\":\"" + hash + "\"}\n";
}

std::string hash_at(store::Tx& tx, County county, std::int64_t position) {
    constexpr store::Sql sql{
        "app.hash_at", "SELECT hash FROM store_change WHERE county = $1 AND position = $2"};
    return position == 0 ? store::first_link
                         : tx.one<std::string>(sql, county, position).value_or("");
}

std::int64_t export_county(
    store::Tx& tx, County county, std::int64_t after, std::int64_t last, std::ostream& out
) {
    auto hash = hash_at(tx, county, after);
    out << mark(county, "after", after, hash);
    std::int64_t position = after;
    while (position < last) {
        constexpr std::int64_t batch = 1000;
        const auto size = static_cast<int>(std::min(batch, last - position));
        const auto lines = store::changes_after(tx, county, position, size);
        for (const auto& line : lines) {
            out << line_json(line) << "\n";
            hash = line.hash;
        }
        if (lines.empty()) {
            break;  // a line is missing; whoever checks the export will see it
        }
        position = lines.back().position;
    }
    out << mark(county, "end", position, hash);
    return position - after;
}

std::optional<Instant> day(const std::string& text, const char* option) {
    if (text.empty()) {
        return std::nullopt;
    }
    const auto date = parse_date(text);
    if (!date) {
        throw malformed("date_malformed", std::string(option) + " is a date such as 2025-05-08");
    }
    return start_of(*date);
}

std::unique_ptr<store::Database> open_database(
    const Settings& settings, TimeSource& time, RandomSource& random
) {
    auto options = settings.store;
    options.url = settings.db.empty() ? (settings.data / "linli.db").string() : settings.db;
    if (!options.url.starts_with("postgres") && !std::filesystem::exists(options.url)) {
        throw std::runtime_error("there is no database " + options.url);
    }
    options.silence_ms = 0;  // the whole log is read: a statement takes as long as it takes
    return store::Database::open(options, time, random);
}

}  // namespace

std::string audit_key(const std::filesystem::path& data, RandomSource& random) {
    const auto path = data / "keys" / "audit.key";
    if (!std::filesystem::exists(path)) {
        std::filesystem::create_directories(path.parent_path());
        ::chmod(path.parent_path().c_str(), 0700);
        const auto seed = random.bytes(key_bytes);
        write_file(path, to_hex(seed), 0600);
        write_file(data / "keys" / "audit.pub", to_hex(audit::public_key(seed)), 0644);
    }
    std::string line;
    std::ifstream(path, std::ios::binary) >> line;
    auto seed = from_hex(line);
    if (seed.size() != key_bytes) {
        throw std::runtime_error(path.string() + " holds no key of 64 hex digits");
    }
    return seed;
}

std::filesystem::path checkpoint_file(const Settings& settings) {
    return settings.checkpoints.empty() ? settings.data / "audit" / "checkpoints.jsonl"
                                        : settings.checkpoints;
}

std::optional<audit::Checkpoint> make_checkpoint(
    store::Tx& tx, const std::string& key, Instant now
) {
    constexpr store::Sql last_sql{"app.last_checkpoint", R"(
        SELECT line FROM store_checkpoint WHERE county = 0 ORDER BY number DESC LIMIT 1)"};
    constexpr store::Sql insert_sql{"app.insert_checkpoint", R"(
        INSERT INTO store_checkpoint (county, number, line) VALUES (0, $1, $2))"};
    audit::Checkpoint next;
    next.number = 1;
    next.previous = store::first_link;
    next.at = now;
    next.heads = heads_with_hashes(tx);
    if (const auto line = tx.one<std::string>(last_sql)) {
        const auto last = audit::read_checkpoint(*line);
        next.number = last.number + 1;
        next.previous = audit::digest(last);
        if (last.root == audit::merkle_root(next.heads)) {
            return std::nullopt;
        }
    } else if (next.heads.empty()) {
        return std::nullopt;
    }
    audit::sign(next, key);
    tx.run(insert_sql, next.number, audit::to_json(next));
    return next;
}

int write_checkpoints(store::Database& db, const std::filesystem::path& to) {
    std::filesystem::create_directories(to.parent_path());
    const auto last = last_line(to);
    const auto from = last.empty() ? 0 : audit::read_checkpoint(last).number;
    constexpr store::Sql sql{"app.checkpoints_after", R"(
        SELECT line FROM store_checkpoint WHERE county = 0 AND number > $1 ORDER BY number LIMIT 10000)"};
    std::string text;
    int count = 0;
    for (const auto& line :
         db.read_now([&](store::Tx& tx) { return tx.all<std::string>(sql, from); })) {
        text += line + "\n";
        ++count;
    }
    if (count > 0) {
        append_durably(to, text);
    }
    return count;
}

int take_checkpoint(
    store::Database& db, const std::string& key, Instant now, const std::filesystem::path& to
) {
    try {
        db.write_now([&](store::Tx& tx) { make_checkpoint(tx, key, now); });
    } catch (const store::ConstraintError&) {
        // another process has just taken this one
    }
    return write_checkpoints(db, to);
}

std::int64_t export_lines(
    store::Tx& tx, std::optional<Instant> from, std::optional<Instant> to, std::ostream& out
) {
    constexpr store::Sql first_sql{"app.first_position", R"(
        SELECT COALESCE(MIN(position), 0) FROM store_change
         WHERE county = $1 AND position IS NOT NULL AND at >= $2)"};
    constexpr store::Sql last_sql{"app.last_position", R"(
        SELECT COALESCE(MAX(position), 0) FROM store_change
         WHERE county = $1 AND position IS NOT NULL AND at < $2)"};
    out << "{\"export\":\"linli 1\"}\n";
    std::int64_t lines = 0;
    for (const auto& [county, head] : store::heads(tx)) {
        const auto first = from ? tx.one<std::int64_t>(first_sql, county, *from).value_or(0) : 1;
        const auto last = to ? tx.one<std::int64_t>(last_sql, county, *to).value_or(0) : head;
        if (first > 0 && first <= last) {
            lines += export_county(tx, county, first - 1, last, out);
        }
    }
    out << "{\"lines\":" << lines << "}\n";
    return lines;
}

int audit_export(
    const Settings& settings, const std::string& from, const std::string& to, const std::string& out
) {
    SystemTime time;
    SystemRandom random;
    const auto first = day(from, "--from"), last = day(to, "--to");
    const auto database = open_database(settings, time, random);
    std::ofstream file;
    if (!out.empty()) {
        file.open(out, std::ios::binary);
    }
    std::ostream& stream = out.empty() ? std::cout : file;
    const auto lines =
        database->read_now([&](store::Tx& tx) { return export_lines(tx, first, last, stream); });
    stream.flush();
    if (!stream) {
        throw std::runtime_error(
            "the lines cannot be written to " + (out.empty() ? "stdout" : out)
        );
    }
    std::fprintf(stderr, "%lld lines\n", static_cast<long long>(lines));
    return 0;
}

int audit_checkpoint(const Settings& settings) {
    SystemTime time;
    SystemRandom random;
    const auto database = open_database(settings, time, random);
    const auto to = checkpoint_file(settings);
    const int count = take_checkpoint(*database, audit_key(settings.data, random), time.now(), to);
    std::fprintf(stderr, "%d new checkpoints in %s\n", count, to.c_str());
    return 0;
}

}  // namespace linli::app
