// SPDX-License-Identifier: Apache-2.0
// From files to a catalogue: what needs nothing first, then what names it, then the checks across.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "catalogue/pack.hpp"

namespace linli::catalogue {
namespace fs = std::filesystem;

namespace {

constexpr std::uintmax_t file_limit = 2 << 20;

/// Keys by which a file says what it is, and where such files may stand.
struct FileKind {
    const char* key;
    const char* folder;
};
constexpr FileKind file_kinds[] = {
    {"kind", "core"},          {"flow", "core"},     {"roles", "core"}, {"city", "cities"},
    {"calendar", "calendars"}, {"plan", "cities"},   {"lists", "core"}, {"counters", "core"},
    {"indicators", "core"},    {"passwords", "core"}};

}  // namespace

/// Fills one Catalogue; lives for one load.
class Builder {
 public:
    Loaded build(const std::map<std::string, std::string>& files);

 private:
    void parse(const std::map<std::string, std::string>& files);
    std::vector<const PackFile*> with(const std::string& key) const;
    void read_roles();
    void read_passwords();
    void read_calendars();
    void read_lists();
    void read_kinds();
    void read_measures();
    void read_cities();
    void check();
    void unique(const std::string& what, const std::string& name, const Place& place);

    std::shared_ptr<Catalogue> m_catalogue = std::make_shared<Catalogue>();
    std::vector<PackFile> m_files;
    Mistakes m_mistakes;
    std::map<std::string, Place> m_seen;  ///< "kind request" -> where
};

Loaded Builder::build(const std::map<std::string, std::string>& files) {
    parse(files);
    read_roles();
    read_passwords();
    read_calendars();
    read_lists();
    read_kinds();
    read_measures();
    read_cities();
    check();
    std::stable_sort(m_mistakes.begin(), m_mistakes.end(), [](const Mistake& a, const Mistake& b) {
        return std::tie(a.place.file, a.place.line) < std::tie(b.place.file, b.place.line);
    });
    if (!m_mistakes.empty()) {
        return {nullptr, std::move(m_mistakes)};
    }
    return {m_catalogue, {}};
}

void Builder::parse(const std::map<std::string, std::string>& files) {
    std::string all;
    for (const auto& [path, text] : files) {
        all += path + '\0' + std::to_string(text.size()) + '\0' + text;
        auto root = parse_yaml(text, path, m_mistakes);
        if (!root) {
            continue;
        }
        const auto parts = split(path, '/');
        const auto folder = std::string(parts[0]);
        const auto* found =
            std::find_if(std::begin(file_kinds), std::end(file_kinds), [&](const FileKind& one) {
                return root->find(one.key) != nullptr;
            });
        if (root->shape != Yaml::Shape::map || found == std::end(file_kinds)) {
            m_mistakes.push_back(
                {{path, 1},
                 "the file does not say what it is",
                 "begin with kind:, flow:, roles:, passwords:, lists:, counters:, indicators:, "
                 "calendar:, city: or plan:"}
            );
            continue;
        }
        if (folder != found->folder) {
            m_mistakes.push_back(
                {{path, 1},
                 std::string("a file with '") + found->key + ":' does not belong here",
                 std::string("move it below ") + found->folder + "/"}
            );
            continue;
        }
        m_files.push_back(
            {path, folder == "core" && parts.size() > 2 ? std::string(parts[1]) : "",
             std::move(*root)}
        );
    }
    m_catalogue->m_digest = to_hex(sha256(all));
}

std::vector<const PackFile*> Builder::with(const std::string& key) const {
    std::vector<const PackFile*> found;
    for (const auto& file : m_files) {
        if (file.root.find(key)) {
            found.push_back(&file);
        }
    }
    return found;
}

void Builder::unique(const std::string& what, const std::string& name, const Place& place) {
    const auto [found, fresh] = m_seen.emplace(what + " " + name, place);
    if (!fresh) {
        m_mistakes.push_back(
            {place,
             what + " '" + name + "' is declared twice (also in " + found->second.file + ":" +
                 std::to_string(found->second.line) + ")",
             "rename one or take it out"}
        );
    }
}

void Builder::read_roles() {
    for (const PackFile* file : with("roles")) {
        Reader reader(file->root, file->path, "roles file", m_mistakes);
        reader.each("roles", true, [&](const Yaml::Member& member) {
            auto role = read_role(member, file->path, m_mistakes);
            unique("role", role.name, role.place);
            m_catalogue->m_roles.push_back(std::move(role));
        });
        reader.finish();
    }
    check_roles(*m_catalogue, m_mistakes);
    for (auto& role : m_catalogue->m_roles) {  // excluding goes both ways
        for (const auto& other : m_catalogue->m_roles) {
            if (contains(other.excludes, role.name) && !contains(role.excludes, other.name)) {
                role.excludes.push_back(other.name);
            }
        }
    }
}

void Builder::read_passwords() {
    auto& profiles = m_catalogue->m_password_profiles;
    Place chosen;
    for (const PackFile* file : with("passwords")) {
        Reader reader(file->root, file->path, "passwords file", m_mistakes);
        m_catalogue->m_password_choice = reader.text("passwords", true);
        chosen = reader.place();
        reader.each("profiles", true, [&](const Yaml::Member& member) {
            auto profile = read_password_profile(member, file->path, m_mistakes);
            unique("password profile", profile.name, profile.place);
            profiles.push_back(std::move(profile));
        });
        reader.finish();
    }
    if (profiles.empty()) {  // a pack that says nothing has the rules that are good without a word
        profiles.push_back({});
        profiles.back().name = m_catalogue->m_password_choice = "default";
    }
    if (!m_catalogue->password_profile()) {
        std::vector<std::string> known;
        for (const auto& one : profiles) {
            known.push_back(one.name);
        }
        m_mistakes.push_back(
            {chosen, "there is no password profile '" + m_catalogue->m_password_choice + "'",
             suggest(m_catalogue->m_password_choice, known)}
        );
    }
}

void Builder::read_calendars() {
    bool national = false;
    for (const PackFile* file : with("calendar")) {
        if (file->root.find("city")) {
            continue;  // names one
        }
        if (auto calendar = read_calendar(*file, m_mistakes)) {
            unique("calendar", calendar->name(), {file->path, 1});
            national = national || calendar->name() == "national";
            m_catalogue->m_calendars.push_back(std::move(calendar));
        }
    }
    if (!national) {
        m_mistakes.push_back(
            {{"calendars/national.yaml", 0},
             "there is no calendar 'national'",
             "every pack needs it"}
        );
    }
    if (m_catalogue->m_calendars.empty()) {  // so that the checks that follow can go on
        m_catalogue->m_calendars.push_back(std::make_unique<Calendar>(
            "national", std::vector<std::vector<Hours>>(7, {{0, 24 * 60}}),
            std::map<Date, std::vector<Hours>>{}
        ));
    }
}

void Builder::read_lists() {
    for (const PackFile* file : with("lists")) {
        if (file->root.find("city")) {
            continue;  // overlays, not lists
        }
        const bool own = !file->root.find("kind");
        Reader reader(file->root, file->path, "lists file", m_mistakes);
        reader.each("lists", true, [&](const Yaml::Member& member) {
            auto list = read_list(member, file->path, m_mistakes);
            unique("list", list.name, list.place);
            m_catalogue->m_list_index.emplace(list.name, m_catalogue->m_lists.size());
            m_catalogue->m_lists.push_back(std::move(list));
        });
        if (own) {
            reader.finish();
        }
    }
}

void Builder::read_kinds() {
    std::map<std::string, std::vector<const PackFile*>> flows;
    std::vector<std::string> names;
    for (const PackFile* file : with("kind")) {
        names.push_back(file->root.find("kind")->text);
    }
    for (const PackFile* file : with("flow")) {
        if (file->root.find("kind")) {
            continue;
        }
        const Yaml& of = *file->root.find("flow");
        if (!contains(names, of.text)) {
            m_mistakes.push_back(
                {{file->path, of.line},
                 "this flow is for unknown kind '" + of.text + "'",
                 suggest(of.text, names)}
            );
        }
        flows[of.text].push_back(file);
    }
    for (const PackFile* file : with("kind")) {
        auto kind =
            read_kind(*m_catalogue, *file, flows[file->root.find("kind")->text], m_mistakes);
        unique("kind", kind.name, kind.place);
        m_catalogue->m_kind_index.emplace(kind.name, m_catalogue->m_kinds.size());
        m_catalogue->m_kinds.push_back(std::move(kind));
    }
}

void Builder::read_measures() {
    std::vector<Counter> counters;
    for (const PackFile* file : with("counters")) {
        read_counters(*m_catalogue, *file, counters, m_mistakes);
    }
    m_catalogue->m_counters = std::move(counters);
    for (const PackFile* file : with("indicators")) {
        read_indicators(*m_catalogue, *file, m_catalogue->m_indicators, m_mistakes);
    }
    for (const auto& file : m_files) {
        const bool measures = file.root.find("counters") || file.root.find("indicators");
        if (measures && !file.root.find("kind") && !file.root.find("plan")) {
            Reader reader(file.root, file.path, "measures file", m_mistakes);
            reader.take("counters");
            reader.take("indicators");
            reader.finish();
        }
    }
}

void Builder::read_cities() {
    for (const PackFile* file : with("plan")) {
        m_catalogue->m_plans.push_back(read_plan(*m_catalogue, *file, m_mistakes));
    }
    std::vector<City> cities;
    for (const PackFile* file : with("city")) {
        cities.push_back(read_city(*m_catalogue, *file, m_mistakes));
    }
    m_catalogue->m_cities = std::move(cities);
}

void Builder::check() {
    const Catalogue& catalogue = *m_catalogue;
    if (catalogue.roles().empty()) {
        m_mistakes.push_back(
            {{"core/roles.yaml", 0}, "there are no roles", "say who works in the system"}
        );
    }
    check_lists(catalogue, catalogue.lists(), m_mistakes);
    for (const auto& kind : catalogue.kinds()) {
        check_kind(catalogue, kind, m_mistakes);
        if (kind.flow) {
            check_flow(catalogue, kind, *kind.flow, m_mistakes);
        }
        for (const auto& [version, flow] : kind.old_flows) {
            check_flow(catalogue, kind, flow, m_mistakes);
        }
    }
    check_plans(catalogue, m_mistakes);
    for (const auto& city : catalogue.cities()) {
        check_city(catalogue, city, m_mistakes);
    }
}

Loaded load_files(const std::map<std::string, std::string>& files) {
    return Builder().build(files);
}

Loaded load(const std::string& folder) {
    std::map<std::string, std::string> files;
    Mistakes unreadable;
    std::error_code error;
    if (!fs::is_directory(fs::path(folder) / "core", error)) {
        return {
            nullptr,
            {{{folder, 0},
              "this is no catalogue: it has no folder 'core'",
              "give the folder that holds core/"}}};
    }
    for (const char* part : {"core", "calendars", "cities"}) {
        for (fs::recursive_directory_iterator it(fs::path(folder) / part, error), end;
             !error && it != end; it.increment(error)) {
            const auto& path = it->path();
            const auto name = path.lexically_relative(folder).generic_string();
            if (path.extension() == ".yml") {
                unreadable.push_back(
                    {{name, 0}, "the file is left out for its ending", "name it .yaml"}
                );
            }
            if (!it->is_regular_file(error) || path.extension() != ".yaml") {
                continue;
            }
            std::ifstream stream(path, std::ios::binary);
            std::ostringstream text;
            text << stream.rdbuf();
            if (!stream || it->file_size(error) > file_limit) {
                unreadable.push_back(
                    {{name, 0}, "the file cannot be read or is larger than 2 MiB", "check it"}
                );
                continue;
            }
            files.emplace(name, text.str());
        }
    }
    auto loaded = load_files(files);
    if (!unreadable.empty()) {
        loaded.catalogue = nullptr;
        loaded.mistakes.insert(loaded.mistakes.begin(), unreadable.begin(), unreadable.end());
    }
    return loaded;
}

}  // namespace linli::catalogue
