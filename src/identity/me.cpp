// SPDX-License-Identifier: Apache-2.0
#include "identity/impl.hpp"
#include "identity/store.hpp"

namespace linli::identity {

namespace {

void write_path(JsonWriter& out, const area::Tree& tree, AreaId area) {
    out.key("path");
    out.begin_list();
    for (const auto* node : tree.path(area)) {
        out.begin_object();
        out.key("id");
        out.id(node->id.value);
        out.key("name");
        out.text(node->name);
        out.key("level");
        out.text(name_of(node->level));
        out.end_object();
    }
    out.end_list();
}

void write_area(JsonWriter& out, const area::Tree& tree, AreaId area) {
    const auto* node = tree.find(area);
    out.begin_object();
    out.key("id");
    out.id(area.value);
    out.key("code");
    out.text(node ? node->code : "");
    out.key("name");
    out.text(node ? node->name : "");
    out.key("level");
    node ? out.text(name_of(node->level)) : out.null();
    write_path(out, tree, area);
    out.end_object();
}

void write_unit(JsonWriter& out, store::Tx& tx, UnitId id) {
    const auto unit = id ? find_unit(tx, id) : std::nullopt;
    if (!unit) {
        return out.null();
    }
    out.begin_object();
    out.key("id");
    out.id(id.value);
    out.key("name");
    out.text(unit->name);
    out.key("kind");
    out.text(unit->kind);
    out.end_object();
}

void write_grant(
    JsonWriter& out, store::Tx& tx, const http::Grant& grant, const catalogue::Role& role,
    const area::Tree& tree
) {
    out.begin_object();
    out.key("id");
    out.id(grant.id);
    out.key("role");
    out.text(grant.role);
    out.key("role_title");
    write_json(out, role.title);
    out.key("face");
    out.text(role.face);
    out.key("area");
    write_area(out, tree, grant.area);
    out.key("unit");
    write_unit(out, tx, grant.unit);
    out.key("head");
    out.boolean(grant.head);
    out.end_object();
}

/// What the caller may do at all with records of each kind; which ones, the kind's routes say.
void write_kinds(
    JsonWriter& out, const http::Caller& caller, const catalogue::Catalogue& catalogue,
    const area::Tree& tree
) {
    constexpr std::pair<const char*, Operation> operations[] = {
        {"create", Operation::create},
        {"read", Operation::read},
        {"export", Operation::export_},
        {"import", Operation::import},
        {"change", Operation::change}};
    out.begin_object();
    for (const auto& kind : catalogue.kinds()) {
        out.key(kind.name);
        out.begin_object();
        for (const auto& [name, operation] : operations) {
            out.key(name);
            out.boolean(!access(caller, kind, operation, tree).none());
        }
        out.end_object();
    }
    out.end_object();
}

void write_account(JsonWriter& out, store::Tx& tx, const http::Caller& caller) {
    const auto account = find_account(tx, caller.account);
    out.begin_object();
    out.key("id");
    out.id(caller.account.value);
    out.key("login");
    out.text(account ? account->login : "");
    out.key("name");
    out.text(account ? account->name : caller.name);
    out.key("person");
    out.id(caller.person.value);
    out.end_object();
}

}  // namespace

http::Json Identity::Impl::me(store::Tx& tx, const http::Caller& caller) const {
    http::Json answer;
    JsonWriter out(answer.text);
    const auto tree = areas.today();
    out.begin_object();
    out.key("account");
    write_account(out, tx, caller);
    out.key("grants");
    out.begin_list();
    for (const auto& grant : caller.grants) {
        write_grant(out, tx, grant, *catalogue->role(grant.role), *tree);
    }
    out.end_list();
    out.key("rights");
    write_json(out, caller.rights);
    out.key("csrf");
    out.text(caller.csrf);
    out.key("stepped_up_until");
    caller.stepped_up_until.ms ? out.text(to_text(caller.stepped_up_until)) : out.null();
    out.key("demo");
    out.boolean(settings.demo);
    out.key("factor_needed");
    out.boolean(lacks_factor(tx, caller.account, grants_of(tx, caller.account)));
    out.key("kinds");
    write_kinds(out, caller, *catalogue, *tree);
    out.end_object();
    return answer;
}

}  // namespace linli::identity
