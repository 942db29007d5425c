// SPDX-License-Identifier: Apache-2.0
/// Views of one's own: a list of a kind as it was narrowed, under a name. What the words mean is
/// the web's matter; they are kept sealed, for people search by names and numbers.
#include <algorithm>

#include "base/text.hpp"
#include "identity/impl.hpp"

namespace linli::identity {

namespace {

using Shared = std::shared_ptr<Identity::Impl>;
struct ViewTag;
using ViewId = Id<ViewTag>;
constexpr std::size_t views_most = 30;  ///< of one account and kind

struct SavedView {
    ViewId id;
    std::string name, query;
    static constexpr auto fields = std::tuple{
        field("id", &SavedView::id), field("name", &SavedView::name),
        field("query", &SavedView::query)};
};
struct SavedViews {
    std::vector<SavedView> views;
    static constexpr auto fields = std::tuple{field("views", &SavedViews::views)};
};
struct NewView {
    std::string kind, name, query;
    static constexpr auto fields = std::tuple{
        field("kind", &NewView::kind, {.max = 60}), field("name", &NewView::name, {.max = 40}),
        field("query", &NewView::query, {.max = 1000, .required = false})};
};

std::string context_of(AccountId account, const std::string& kind, const std::string& name) {
    return "identity_view/" + std::to_string(account.value) + "/" + kind + "/" + name;
}

/// In the order of their names.
std::vector<SavedView> views_of(
    const Identity::Impl& impl, store::Tx& tx, AccountId account, const std::string& kind
) {
    constexpr store::Sql sql{"identity.views", R"(
        SELECT id, name, query FROM identity_view WHERE account = $1 AND kind = $2 ORDER BY name LIMIT 100)"};
    auto views = tx.all<SavedView>(sql, account, kind);
    for (auto& view : views) {
        std::string sealed;
        from_base64url(view.query, sealed);
        view.query = impl.cipher->open(sealed, context_of(account, kind, view.name));
    }
    return views;
}

/// Under a name that is taken, it takes its place.
SavedViews save_view(const Shared& impl, http::Call& call, const NewView& body) {
    constexpr store::Sql sql{"identity.save_view", R"(
        INSERT INTO identity_view (account, kind, name, id, query) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (account, kind, name) DO UPDATE SET query = excluded.query)"};
    auto& tx = call.tx();
    const auto account = call.caller.account;
    const auto name = tidy(body.name);
    if (!impl->catalogue->kind(body.kind)) {
        throw invalid("/kind", "unknown_kind", "there is no kind " + body.kind);
    }
    if (name.empty()) {
        throw invalid("/name", "required", "a view has a name");
    }
    const auto known = views_of(*impl, tx, account, body.kind);
    const bool taken = std::any_of(known.begin(), known.end(), [&](const SavedView& one) {
        return one.name == name;
    });
    if (!taken && known.size() >= views_most) {
        throw conflict("too_many_views", "remove one of your views first");
    }
    const auto sealed =
        to_base64url(impl->cipher->seal(body.query, context_of(account, body.kind, name)));
    tx.post(sql, account, body.kind, name, tx.new_id(0), sealed);
    return {views_of(*impl, tx, account, body.kind)};
}

void remove_view(http::Call& call) {
    constexpr store::Sql sql{
        "identity.remove_view", "DELETE FROM identity_view WHERE account = $1 AND id = $2"};
    if (call.tx().run(sql, call.caller.account, call.id<ViewTag>()) == 0) {
        throw not_found("view");
    }
}

}  // namespace

void view_routes(http::Router& r, const Shared& impl) {
    const auto self = http::Scope::self;
    r.get(
         "/api/account/views",
         [impl](http::Call& call) {
             const auto kind = call.query("kind").value_or("");
             return SavedViews{views_of(*impl, call.tx(), call.caller.account, kind)};
         },
         "", self, "Own views of a kind's list"
    )
        .query("kind", "of records");
    r.post(
         "/api/account/views",
         [impl](http::Call& call, const NewView& body) { return save_view(impl, call, body); }, "",
         self, "Keep a narrowed list under a name; gives all views of the kind"
    )
        .once_per_key()
        .limit(8192);
    r.remove("/api/account/views/{id}", remove_view, "", self, "Forget an own view")
        .id_fields({"path:id"});
}

}  // namespace linli::identity
