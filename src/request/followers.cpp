// SPDX-License-Identifier: Apache-2.0
// "Me too": following a record instead of filing it once more.
#include "flow/followers.hpp"

#include <algorithm>

#include "record/input.hpp"
#include "request/duplicates_impl.hpp"

namespace linli::request {

namespace {

using record::Context;
using Core = std::shared_ptr<const record::Core>;
using Kinds = std::shared_ptr<const Everything>;

constexpr int follows_most = 200;
constexpr std::int64_t moves_days = 90;

struct Standing {
    std::int64_t followers = 0;
    bool following = false;
    static constexpr auto fields = std::tuple{
        field("followers", &Standing::followers), field("following", &Standing::following)};
};
struct FollowedItem {
    std::string kind;
    RecordId id;
    catalogue::Title title, state;
    bool closed = false;
    std::string area;
    Date filed_on;
    Instant since;
    std::optional<Instant> moved_at;  ///< since it is followed
    bool news = false;                ///< not read yet
    std::int64_t followers = 0;
    static constexpr auto fields = std::tuple{
        field("kind", &FollowedItem::kind),          field("id", &FollowedItem::id),
        field("title", &FollowedItem::title),        field("state", &FollowedItem::state),
        field("closed", &FollowedItem::closed),      field("area", &FollowedItem::area),
        field("filed_on", &FollowedItem::filed_on),  field("since", &FollowedItem::since),
        field("moved_at", &FollowedItem::moved_at),  field("news", &FollowedItem::news),
        field("followers", &FollowedItem::followers)};
};
struct FollowedPage {
    std::vector<FollowedItem> follows;
    static constexpr auto fields = std::tuple{field("follows", &FollowedPage::follows)};
};

Context context_of(const Core& core, const http::Call& call) {
    return {*core, call.tx(), &call.caller, call.now, call.request.id};
}

Standing standing(const Context& c, RecordId id) {
    return {flow::count_followers(c.tx, id), flow::follows(c.tx, id, c.account())};
}

Standing start(const Context& c, const Everything& kinds, const std::string& kind, RecordId id) {
    const auto found = followable(c, kinds, kind, id);
    const auto& table = c.core.table(kind);
    if (record::over(table, found)) {
        throw conflict("record_over", "the record is over already");
    }
    if (!flow::follows(c.tx, id, c.account()) &&
        flow::count_followed(c.tx, c.account()) >= follows_most) {
        throw conflict("too_many_followed", "stop following something first");
    }
    flow::follow(c.tx, {kind, id, record::subject_of(c, table, found).title, c.now}, c.account());
    return standing(c, id);
}

/// Who follows may stop, whatever has become of the record.
Standing stop(const Context& c, RecordId id) {
    if (!flow::follows(c.tx, id, c.account())) {
        throw not_found("record");
    }
    flow::unfollow(c.tx, id, c.account());
    return standing(c, id);
}

FollowedItem item_of(
    const Context& c, const Everything& kinds, const flow::Followed& followed,
    const record::Record& record, const std::vector<flow::Move>& moves
) {
    const auto& table = c.core.table(followed.kind);
    FollowedItem item;
    item.kind = followed.kind;
    item.id = followed.record;
    const auto compared = kinds.find(followed.kind);
    item.title = compared == kinds.end() ? catalogue::Title{followed.title, followed.title}
                                         : choice_title(c, compared->second, record);
    item.state = plain_state(c, table, record);
    item.closed = record::over(table, record);
    item.area = community_name(c, record);
    item.filed_on = official_date(record.created_at);
    item.since = followed.at;
    for (const auto& move : moves) {
        if (move.record == followed.record) {
            item.moved_at = std::max(move.at, item.moved_at.value_or(move.at));
            item.news = item.news || !move.read_at;
        }
    }
    item.followers = flow::count_followers(c.tx, followed.record);
    return item;
}

FollowedPage list_followed(const Context& c, const Everything& kinds) {
    constexpr int moves_most = 1000;
    const auto moves =
        flow::moves_for(c.tx, c.account(), c.now - moves_days * day_ms, false, moves_most);
    FollowedPage page;
    for (const auto& followed : flow::followed_by(c.tx, c.account(), follows_most)) {
        const auto found = c.core.by_name.find(followed.kind);
        const auto record = found == c.core.by_name.end()
                                ? std::nullopt
                                : record::find(c.tx, *found->second, followed.record);
        if (record) {
            page.follows.push_back(item_of(c, kinds, followed, *record, moves));
        }
    }
    return page;
}

}  // namespace

record::Record followable(
    const Context& c, const Everything& kinds, const std::string& kind, RecordId id
) {
    const auto& table = c.core.table(kind);
    auto found = id ? record::find(c.tx, table, id) : std::nullopt;
    if (!found) {
        throw not_found("record");
    }
    const auto compared = kinds.find(kind);
    const bool shown =
        compared != kinds.end() && pointed_out(c, compared->second, *found) &&
        !identity::access(*c.caller, *table.kind, identity::Operation::create, *c.tree).none();
    const bool followed = table.kind->flow && (shown || record::visible(c, kind, id));
    if (!followed) {
        throw not_found("record");
    }
    return std::move(*found);
}

void follow_routes(http::Router& router, Core core, Kinds kinds) {
    const auto self = http::Scope::self;
    router.post(
        "/api/records/{kind}/{id}/follow",
        [core, kinds](http::Call& call) {
            return start(
                context_of(core, call), *kinds, call.param("kind"), call.id<linli::Record>()
            );
        },
        "", self, "Follow a record that one may read, or that may be pointed out (me too)"
    );
    router.remove(
        "/api/records/{kind}/{id}/follow",
        [core](http::Call& call) { return stop(context_of(core, call), call.id<linli::Record>()); },
        "", self, "Follow a record no longer"
    );
    router.post(
        "/api/records/{kind}/{id}/follow/read",
        [core](http::Call& call) {
            const auto c = context_of(core, call);
            const auto id = call.id<linli::Record>();
            if (!flow::follows(c.tx, id, c.account())) {
                throw not_found("record");
            }
            flow::read_moves(c.tx, id, c.account(), call.now);
        },
        "", self, "Mark what happened to a followed record as read"
    );
    router.get(
        "/api/follows",
        [core, kinds](http::Call& call) { return list_followed(context_of(core, call), *kinds); },
        "", self, "What I follow and how it stands, as much of it as everybody may know"
    );
}

}  // namespace linli::request
