// SPDX-License-Identifier: Apache-2.0
#include "store/snapshot_postgres.hpp"

#include <fcntl.h>
#include <libpq-fe.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <memory>
#include <system_error>
#include <thread>

#include "store/postgres.hpp"
#include "store/program.hpp"
#include "store/snapshot.hpp"

namespace linli::store {

namespace {

/// The parts of the URL as environment variables: an argument could be read by everybody.
std::vector<std::string> environment_of(const std::string& url) {
    char* why = nullptr;
    const std::unique_ptr<PQconninfoOption, void (*)(PQconninfoOption*)> options(
        PQconninfoParse(url.c_str(), &why), PQconninfoFree
    );
    if (!options) {
        const std::string text = why ? why : "";
        PQfreemem(why);
        throw std::runtime_error("the URL of PostgreSQL is wrong: " + text);
    }
    std::vector<std::string> all;
    for (const auto* one = options.get(); one->keyword; ++one) {
        if (one->val && one->envvar) {
            all.push_back(std::string(one->envvar) + "=" + one->val);
        }
    }
    return all;
}

std::string one_text(PgConnection& connection, std::string_view sql) {
    connection.queue({"store.one_text", sql}, {}, 0);
    std::string text;
    each_row(connection.collect(), [&](const Row& row) {
        text = row.text(0);
        return false;
    });
    return text;
}

std::string quote_name(const std::string& name) {
    std::string text = "\"";
    for (const char c : name) {
        text += c == '"' ? "\"\"" : std::string(1, c);
    }
    return text + "\"";
}

/// The schema that was dumped: the one whose name the list of contents gives its tables.
std::string schema_in(const std::filesystem::path& dump) {
    Program list({"pg_restore", "--list", dump.string()}, {}, Program::Pipe::from_it);
    std::string text;
    for (auto more = list.read(); !more.empty(); more = list.read()) {
        text += more;
    }
    list.finish();
    const std::string word = " TABLE ", tail = " store_schema_step ";
    const auto end = text.find(tail);
    const auto begin = text.rfind(word, end);
    if (end == std::string::npos || begin == std::string::npos) {
        throw std::runtime_error(dump.string() + " holds no database of linli");
    }
    return text.substr(begin + word.size(), end - begin - word.size());
}

/// One transaction from the first statement to the last: without its COMMIT nothing has happened.
void run_restored(
    const std::filesystem::path& from, const std::string& url, const std::string& schema,
    const std::string& before
) {
    Program script(
        {"pg_restore", "--no-owner", "--no-privileges", "--schema", schema, "--file=-",
         from.string()},
        {}, Program::Pipe::from_it
    );
    Program psql(
        {"psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--file=-"},
        environment_of(url), Program::Pipe::to_it
    );
    bool taken = psql.write("BEGIN;\nSET client_min_messages = warning;\n" + before + "\n");
    for (auto more = script.read(); taken && !more.empty(); more = script.read()) {
        taken = psql.write(more);
    }
    if (taken) {
        script.finish();
        psql.write("\nCOMMIT;\n");
    }
    psql.finish();
}

/// Sessions of a server that was just stopped may take a moment to go.
void refuse_in_use(PgConnection& connection) {
    constexpr int attempts = 20;
    constexpr auto pause = std::chrono::milliseconds(100);
    for (int i = 0; i < attempts; ++i) {
        const auto others = one_text(
            connection,
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND "
            "application_name = 'linli' AND pid <> pg_backend_pid()"
        );
        if (others == "0") {
            return;
        }
        std::this_thread::sleep_for(pause);
    }
    throw std::runtime_error("another process uses the database: stop the server first");
}

/// The database's name comes last in the URL and so counts.
std::string with_database(const std::string& url, const std::string& name) {
    return url + (url.find('?') == std::string::npos ? "?" : "&") + "dbname=" + name;
}

}  // namespace

bool postgres_programs_found() {
    return Program::found("pg_dump") && Program::found("pg_restore") && Program::found("psql");
}

void dump_postgres(Tx& tx, const std::string& url, const std::filesystem::path& to) {
    if (!postgres_programs_found()) {
        throw std::runtime_error(
            "pg_dump, pg_restore and psql are needed: install the package postgresql-client"
        );
    }
    constexpr Sql ask{"store.export_snapshot", R"(
        SELECT pg_export_snapshot(), current_schema())"};
    std::string moment, schema;
    tx.each(ask, [&](const Row& row) {
        moment = row.text(0);
        schema = row.text(1);
        return false;
    });
    const int file = ::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0 || ::close(file) != 0) {
        throw std::system_error(errno, std::generic_category(), "cannot make " + to.string());
    }
    Program dump(
        {"pg_dump", "--format=custom", "--no-owner", "--no-privileges", "--snapshot=" + moment,
         "--schema=" + quote_name(schema), "--file=" + to.string()},
        environment_of(url), Program::Pipe::none
    );
    dump.finish();
}

void restore_postgres(
    const std::filesystem::path& from, const std::string& url, const std::string& before
) {
    PgConnection connection(url);
    const auto schema = schema_in(from);
    const auto here = one_text(connection, "SELECT coalesce(current_schema(), '')");
    if (!here.empty() && here != schema) {
        throw std::runtime_error(
            "the snapshot is of the schema " + schema + ", the URL leads to the schema " + here +
            ": name the former in the URL, as in ?options=-csearch_path%3D" + schema
        );
    }
    if (before.empty()) {
        const auto tables = one_text(
            connection, "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()"
        );
        if (tables != "0") {
            throw std::runtime_error("the database has tables already: nothing is overwritten");
        }
    }
    const auto make =
        here.empty() && before.empty() ? "CREATE SCHEMA " + quote_name(schema) + ";" : "";
    run_restored(from, url, schema, before + make);
}

std::string restore_postgres_in_place(
    const std::filesystem::path& from, const std::string& url, const std::string& mark
) {
    PgConnection connection(url);
    refuse_in_use(connection);
    const auto schema = schema_in(from);
    const auto kept = schema + "_" + mark;
    restore_postgres(
        from, url,
        "ALTER SCHEMA " + quote_name(schema) + " RENAME TO " + quote_name(kept) +
            ";\nCREATE SCHEMA " + quote_name(schema) + ";"
    );
    return "the schema " + kept;
}

TrialDatabase::TrialDatabase(const std::string& url) : m_server(url) {
    static std::atomic<int> made{0};
    m_name = "linli_trial_" + std::to_string(::getpid()) + "_" + std::to_string(++made);
    PgConnection connection(url);
    try {
        connection.script("CREATE DATABASE " + m_name + " TEMPLATE template0 ENCODING 'UTF8'", 0);
    } catch (const PgFailed& failed) {
        throw std::runtime_error(
            std::string("cannot make a database to try the restore in: ") + failed.what()
        );
    }
    m_url = with_database(url, m_name);
}

TrialDatabase::~TrialDatabase() {
    try {
        PgConnection(m_server).script("DROP DATABASE " + m_name + " WITH (FORCE)", 0);
    } catch (const std::exception&) {
        // a trial database that is left does no harm; its name says what it is
    }
}

}  // namespace linli::store
