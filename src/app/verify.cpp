// SPDX-License-Identifier: Apache-2.0
#include "app/verify.hpp"

#include <atomic>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <mutex>

#include "base/json.hpp"
#include "flow/verify.hpp"
#include "record/verify.hpp"

namespace linli::app {

namespace {

using Look = std::function<void(store::Tx&, store::Check&)>;

/// The key as it is; none is made.
std::shared_ptr<const FieldCipher> find_cipher(const std::filesystem::path& data) {
    std::string line;
    std::ifstream file(data / "keys" / "field.key", std::ios::binary);
    std::getline(file, line);
    const auto key = from_hex(line);
    constexpr std::size_t key_bytes = 32;
    return key.size() == key_bytes ? std::make_shared<const FieldCipher>(key) : nullptr;
}

void run(store::Database& db, const Look& look, store::Check& check) {
    try {
        db.read([&](store::Tx& tx) { look(tx, check); });
    } catch (const std::exception& error) {
        check.add("database", std::string("cannot be read: ") + error.what());
    }
}

}  // namespace

std::int64_t VerifyReport::wrong() const {
    std::int64_t sum = 0;
    for (const auto& check : checks) {
        sum += check.wrong;
    }
    return sum;
}

std::string to_json(const VerifyReport& report) {
    std::string text;
    JsonWriter out(text);
    out.begin_object();
    out.key("ok");
    out.boolean(report.wrong() == 0);
    out.key("checks");
    out.begin_list();
    for (const auto& check : report.checks) {
        out.begin_object();
        out.key("name");
        out.text(check.name);
        out.key("examined");
        out.integer(check.examined);
        out.key("wrong");
        out.integer(check.wrong);
        out.key("findings");
        out.begin_list();
        for (const auto& finding : check.findings) {
            out.begin_object();
            out.key("where");
            out.text(finding.where);
            out.key("what");
            out.text(finding.what);
            out.end_object();
        }
        out.end_list();
        out.end_object();
    }
    out.end_list();
    out.end_object();
    return text;
}

namespace {

/// The tree of areas, or a finding: without it only the storage can be looked at.
std::unique_ptr<area::Areas> find_areas(
    store::Database& db, TimeSource& time, std::vector<store::Check>& checks
) {
    try {
        return std::make_unique<area::Areas>(db, time);
    } catch (const std::exception& error) {
        checks.resize(2);
        checks[0].name = "storage";
        run(db, store::check_storage, checks[0]);
        checks[1].name = "areas";
        checks[1].add("database", std::string("the areas cannot be read: ") + error.what());
        return nullptr;
    }
}

}  // namespace

VerifyReport verify(
    const Settings& settings, const std::function<void(const store::Check&, double)>& say
) {
    auto options = settings.store;
    options.url = settings.db.empty() ? (settings.data / "linli.db").string() : settings.db;
    if (!options.url.starts_with("postgres") && !std::filesystem::exists(options.url)) {
        throw std::runtime_error("there is no database " + options.url);
    }
    options.silence_ms = 0;  // whole tables are read: a statement takes as long as it takes
    SystemTime time;
    SystemRandom random;
    const auto catalogue = load_catalogue(settings.catalogue);
    const auto database = store::Database::open(options, time, random);
    VerifyReport report;
    const auto areas = find_areas(*database, time, report.checks);
    if (!areas) {
        return report;
    }
    const flow::Flow flow(catalogue, *areas);
    store::Blobs blobs(settings.data / "blobs");
    const auto cipher = find_cipher(settings.data);
    const record::Verify records({catalogue, *areas, flow, blobs, cipher});
    const std::vector<std::pair<const char*, Look>> looks{
        {"storage", store::check_storage},
        {"records", [&](auto& tx, auto& check) { records.records(tx, check); }},
        {"chain", store::check_chain},
        {"files", [&](auto& tx, auto& check) { records.files(tx, check); }},
        {"work", flow::check_work},
        {"timers", [&](auto& tx, auto& check) { flow::check_timers(tx, flow, check); }},
        {"keys", [&](auto& tx, auto& check) {
             cipher ? records.keys(tx, check) : check.add("keys/field.key", "is missing or no key");
         }}};
    report.checks.resize(looks.size());
    std::atomic<std::size_t> next{0};
    std::mutex saying;
    const auto work = [&] {
        for (std::size_t i = next++; i < looks.size(); i = next++) {
            const auto start = std::chrono::steady_clock::now();
            auto& check = report.checks[i];
            check.name = looks[i].first;
            run(*database, looks[i].second, check);
            const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
            const std::lock_guard lock(saying);
            say(check, took.count());
        }
    };
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < std::min(options.readers, 3); ++i) {
            threads.emplace_back(work);
        }
    }
    database->close();
    return report;
}

int verify_command(const Settings& settings, bool json) {
    VerifyReport report;
    try {
        report = verify(settings, [](const store::Check& check, double seconds) {
            std::fprintf(
                stderr, "%-8s %12lld examined %6lld wrong %8.1f s\n", check.name.c_str(),
                static_cast<long long>(check.examined), static_cast<long long>(check.wrong), seconds
            );
        });
    } catch (const std::exception& error) {
        std::fprintf(stderr, "linli: %s\n", error.what());
        return 2;
    }
    if (json) {
        std::printf("%s\n", to_json(report).c_str());
        return report.wrong() == 0 ? 0 : 1;
    }
    for (const auto& check : report.checks) {
        for (const auto& finding : check.findings) {
            std::printf(
                "%s: %s: %s\n", check.name.c_str(), finding.where.c_str(), finding.what.c_str()
            );
        }
    }
    std::printf("%lld wrong\n", static_cast<long long>(report.wrong()));
    return report.wrong() == 0 ? 0 : 1;
}

}  // namespace linli::app
