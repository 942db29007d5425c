// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/text.hpp"
#include "catalogue/pack.hpp"

namespace linli::catalogue {
namespace {

Reach read_reach(Reader& reader, const Yaml& node, const std::string& key) {
    const auto word = reader.scalar(node, key);
    const auto reach = word ? parse_name<Reach>(*word) : std::nullopt;
    if (word && !reach) {
        reader.mistake(
            node, reader.what() + ": '" + key + ": " + *word + "' is not possible",
            suggest(*word, {"none", "own", "assigned", "scope", "path", "any"})
        );
    }
    return reach.value_or(Reach::none);
}

Reach read_reach(Reader& reader, const std::string& key) {
    const Yaml* node = reader.take(key);
    return node ? read_reach(reader, *node, key) : Reach::none;
}

/// `change: scope`, or `change: {scope: [category, place]}`.
void read_change(Reader& reader, KindRight& right) {
    const Yaml* node = reader.take("change");
    if (!node) {
        return;
    }
    if (node->shape != Yaml::Shape::map) {
        right.change = read_reach(reader, *node, "change");
        return;
    }
    if (node->members.size() != 1) {
        reader.mistake(
            *node, reader.what() + ": 'change' names one reach", "like {scope: [category, place]}"
        );
        return;
    }
    const auto& [key, line, fields] = node->members.front();
    Yaml word;
    word.shape = Yaml::Shape::scalar;
    word.text = key;
    word.line = line;
    right.change = read_reach(reader, word, "change");
    right.change_fields = reader.word_list(fields, key);
    if (right.change_fields.empty()) {
        reader.mistake(
            *node, reader.what() + ": 'change' names no field",
            "name fields or write 'change: " + key + "'"
        );
    }
}

KindRight read_right(const Yaml::Member& member, const std::string& file, Mistakes& mistakes) {
    Reader reader(member.value, file, "rights of '" + member.key + "'", mistakes);
    KindRight right;
    right.place = {file, member.line};
    right.create = read_reach(reader, "create");
    right.read = read_reach(reader, "read");
    right.withdraw = read_reach(reader, "withdraw");
    right.export_ = read_reach(reader, "export");
    right.import = read_reach(reader, "import");
    read_change(reader, right);
    right.hidden_fields = reader.words("hide");
    right.unmasked_fields = reader.words("unmasked");
    right.unmask_fields = reader.words("unmask");
    if (const Yaml* states = reader.take("states")) {
        right.states = reader.word_list(*states, "states");
        if (right.states.empty()) {
            reader.mistake(*states, reader.what() + ": 'states' names no state", "take it out");
        }
    }
    reader.finish();
    return right;
}

View read_view(
    const Symbols& symbols, const Yaml::Member& member, const std::string& file, Mistakes& mistakes
) {
    Reader reader(member.value, file, "view '" + member.key + "'", mistakes);
    View view;
    view.name = member.key;
    view.place = {file, member.line};
    view.title = reader.title("title", humanised(member.key));
    view.states = reader.words("states");
    view.overdue = reader.flag("overdue");
    view.sort = reader.text("sort");
    if (const Yaml* where = reader.take("where")) {
        view.where = read_expression(reader, *where, symbols, Type::boolean, true);
    }
    reader.finish();
    return view;
}

void read_fields(Reader& reader, Kind& kind, std::vector<std::string>& whens, Mistakes& mistakes) {
    reader.each("fields", true, [&](const Yaml::Member& member) {
        std::string when;
        kind.fields.push_back(read_field(member, reader.file(), false, mistakes, &when));
        whens.push_back(std::move(when));
    });
    kind.title_fields = reader.words("title_fields");
    kind.list_fields = reader.words("list_fields");
}

bool shown_in_list(const FieldSpec& field) {
    return field.data_class != Class::sensitive && field.type != FieldType::extra &&
           field.type != FieldType::file && field.type != FieldType::point && !field.multiline;
}

void fill_defaults(Kind& kind) {
    if (kind.levels.empty()) {
        kind.levels = {"community", "grid"};
    }
    if (kind.title_fields.empty()) {
        for (const auto& field : kind.fields) {
            if (field.type == FieldType::text && field.data_class != Class::sensitive) {
                kind.title_fields = {field.name};
                break;
            }
        }
    }
    if (kind.list_fields.empty()) {
        kind.list_fields = kind.title_fields;
        for (const auto& field : kind.fields) {
            if (kind.list_fields.size() < 5 && shown_in_list(field) &&
                !contains(kind.list_fields, field.name)) {
                kind.list_fields.push_back(field.name);
            }
        }
    }
}

void compile_whens(
    const Symbols& symbols, Reader& reader, const Yaml& root, Kind& kind,
    const std::vector<std::string>& whens
) {
    const Yaml* fields = root.find("fields");
    for (std::size_t i = 0; i < whens.size(); ++i) {
        if (whens[i].empty()) {
            continue;
        }
        const Yaml& node = *fields->find(kind.fields[i].name)->find("when");
        kind.fields[i].when = read_expression(reader, node, symbols, Type::boolean, false);
    }
}

}  // namespace

std::optional<Expression> read_expression(
    Reader& reader, const Yaml& node, const Symbols& symbols, Type expected, bool needs_sql
) {
    const auto text = reader.scalar(node, "expression");
    if (!text) {
        return std::nullopt;
    }
    ExpressionError error;
    auto expression = Expression::parse(*text, symbols, error);
    if (!expression) {
        reader.mistake(
            node,
            reader.what() + ": expression, character " + std::to_string(error.at + 1) + ": " +
                error.message,
            error.suggestion
        );
        return std::nullopt;
    }
    if (expression->type() != expected) {
        reader.mistake(
            node,
            reader.what() + ": the expression gives a " + name_of(expression->type()) + ", not a " +
                name_of(expected),
            expected == Type::boolean ? "write a condition such as \"state = 'open'\"" : ""
        );
        return std::nullopt;
    }
    if (const auto obstacle = needs_sql ? expression->sql_obstacle() : ""; !obstacle.empty()) {
        reader.mistake(node, reader.what() + ": " + obstacle, "use another field");
        return std::nullopt;
    }
    return expression;
}

namespace {

/// The kind's own flow and those beside it; the highest version is the one that new records take.
void read_flows(
    const Catalogue& so_far, const std::vector<const PackFile*>& beside, const std::string& path,
    const Yaml* own, Kind& kind, Mistakes& mistakes
) {
    std::map<int, FlowSpec> flows;
    const auto add = [&](FlowSpec flow) {
        const auto [found, fresh] = flows.emplace(flow.version, flow);
        if (!fresh) {
            mistakes.push_back(
                {flow.place,
                 "flow version " + std::to_string(flow.version) + " of '" + kind.name +
                     "' stands also in " + found->second.place.file,
                 "give the newer one the next number"}
            );
        }
    };
    if (own) {
        add(read_flow(so_far, kind, *own, path, false, mistakes));
    }
    for (const PackFile* file : beside) {
        add(read_flow(so_far, kind, file->root, file->path, true, mistakes));
    }
    if (!flows.empty()) {
        kind.flow = std::move(flows.rbegin()->second);
        flows.erase(std::prev(flows.end()));
        kind.old_flows = std::move(flows);
    }
}

RouteSpec read_route(
    const Symbols& symbols, const Yaml& node, const std::string& file, Mistakes& mistakes
) {
    RouteSpec rule;
    rule.place = {file, node.line};
    Reader reader(node, file, "routing", mistakes);
    rule.id = reader.text("id", true);
    rule.title = reader.title("title", humanised(rule.id));
    if (const Yaml* when = reader.take("when")) {
        rule.when = read_expression(reader, *when, symbols, Type::boolean, false);
    }
    rule.words = reader.words("words");
    rule.trial = reader.flag("trial");
    reader.each("set", true, [&](const Yaml::Member& member) {
        const auto value = to_value(member.value);
        rule.set[member.key] = value.as_bool() ? Value(*value.as_bool() ? 1 : 0) : value;
    });
    reader.finish();
    return rule;
}

}  // namespace

Kind read_kind(
    const Catalogue& so_far, const PackFile& file, const std::vector<const PackFile*>& flows,
    Mistakes& mistakes
) {
    Kind kind;
    kind.name = file.root.find("kind")->text;
    kind.subject = file.subject;
    kind.place = {file.path, file.root.line};
    Reader reader(file.root, file.path, "kind '" + kind.name + "'", mistakes);
    reader.text("kind", true);
    kind.title = reader.title("title", humanised(kind.name));
    kind.icon = reader.text("icon");
    kind.number = reader.text("number");
    kind.levels = reader.words("levels");
    std::vector<std::string> whens;
    read_fields(reader, kind, whens, mistakes);
    fill_defaults(kind);
    reader.each("rights", true, [&](const Yaml::Member& member) {
        kind.rights.emplace(member.key, read_right(member, file.path, mistakes));
    });
    if (const Yaml* open311 = reader.take("open311")) {
        kind.open311 = to_value(*open311);
    }
    read_flows(so_far, flows, file.path, reader.take("flow"), kind, mistakes);
    const auto symbols = symbols_of(so_far, kind);
    compile_whens(symbols, reader, file.root, kind, whens);
    reader.each("views", false, [&](const Yaml::Member& member) {
        kind.views.push_back(read_view(symbols, member, file.path, mistakes));
    });
    if (const Yaml* rules = reader.take("routing")) {
        for (const auto& rule : rules->items) {
            kind.routing.push_back(read_route(symbols, rule, file.path, mistakes));
        }
    }
    for (const char* beside : {"lists", "counters", "indicators"}) {
        reader.take(beside);  // read on their own
    }
    reader.finish();
    return kind;
}

}  // namespace linli::catalogue
