// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "flow/board_cache.hpp"
#include "flow/followers.hpp"
#include "flow/inbox.hpp"
#include "flow/notices.hpp"
#include "flow/why.hpp"
#include "identity/scope.hpp"

namespace linli::flow {
namespace {

constexpr int counted_most = 1000;  ///< a badge says "1000" for more

struct AreaName {
    AreaId id;
    std::string name;
    static constexpr auto fields =
        std::tuple{field("id", &AreaName::id), field("name", &AreaName::name)};
};
struct InboxItem {
    std::string kind;
    catalogue::Title kind_title;
    RecordId id;
    std::string number, title, state;
    catalogue::Title state_title;
    AreaName area;
    std::optional<UnitBrief> unit;
    std::optional<Instant> due_at;
    std::string clock;
    catalogue::Title clock_title;
    bool overdue = false, urgent = false, raised = false;
    Instant since;
    static constexpr auto fields = std::tuple{
        field("kind", &InboxItem::kind),
        field("kind_title", &InboxItem::kind_title),
        field("id", &InboxItem::id),
        field("number", &InboxItem::number),
        field("title", &InboxItem::title),
        field("state", &InboxItem::state),
        field("state_title", &InboxItem::state_title),
        field("area", &InboxItem::area),
        field("unit", &InboxItem::unit),
        field("due_at", &InboxItem::due_at),
        field("clock", &InboxItem::clock),
        field("clock_title", &InboxItem::clock_title),
        field("overdue", &InboxItem::overdue),
        field("urgent", &InboxItem::urgent),
        field("raised", &InboxItem::raised),
        field("since", &InboxItem::since)};
};
struct InboxPage {
    std::vector<InboxItem> items;
    std::optional<std::string> next;
    static constexpr auto fields =
        std::tuple{field("items", &InboxPage::items), field("next", &InboxPage::next)};
};
struct InboxCounts {
    std::int64_t mine = 0, unit = 0, raised = 0, overdue = 0, urgent = 0, notices = 0;
    static constexpr auto fields =
        std::tuple{field("mine", &InboxCounts::mine),     field("unit", &InboxCounts::unit),
                   field("raised", &InboxCounts::raised), field("overdue", &InboxCounts::overdue),
                   field("urgent", &InboxCounts::urgent), field("notices", &InboxCounts::notices)};
};
struct NoticeItem {
    std::string id, what, kind;
    RecordId record;
    std::string number, title, clock;
    catalogue::Title state;  ///< of a followed record that moved
    Instant at;
    std::optional<Instant> read_at;
    static constexpr auto fields =
        std::tuple{field("id", &NoticeItem::id),         field("what", &NoticeItem::what),
                   field("kind", &NoticeItem::kind),     field("record", &NoticeItem::record),
                   field("number", &NoticeItem::number), field("title", &NoticeItem::title),
                   field("clock", &NoticeItem::clock),   field("state", &NoticeItem::state),
                   field("at", &NoticeItem::at),         field("read_at", &NoticeItem::read_at)};
};
struct NoticePage {
    std::vector<NoticeItem> notices;
    static constexpr auto fields = std::tuple{field("notices", &NoticePage::notices)};
};

/// Draws rows of the inbox; names of units are looked up once each.
class Drawing {
 public:
    Drawing(store::Tx& tx, const Ground& ground, const Flow& flow, Instant now)
        : m_tx(tx), m_ground(ground), m_flow(flow), m_now(now) {}

    InboxItem item(const Work& work) {
        InboxItem item;
        item.kind = work.kind;
        item.id = work.id;
        item.number = work.number;
        item.title = work.title;
        item.state = work.state;
        item.area = {work.area, area_name(work.area)};
        if (work.unit) {
            item.unit = UnitBrief{work.unit, unit_name(work.unit)};
        }
        if (work.due_at < never) {
            item.due_at = work.due_at;
        }
        item.clock = work.clock;
        item.overdue = work.due_at < m_now;
        item.urgent = work.urgent();
        item.raised = bool(work.raised_to);
        item.since = work.since;
        add_titles(item, work);
        return item;
    }

 private:
    void add_titles(InboxItem& item, const Work& work) const {
        const auto* kind = m_ground.catalogue.kind(work.kind);
        if (!kind) {
            return;
        }
        item.kind_title = kind->title;
        const auto& flow = m_flow.spec(*kind, work.flow_version);
        if (const auto* state = flow.state(work.state)) {
            item.state_title = state->title;
        }
        if (const auto* clock = flow.clock(work.clock)) {
            item.clock_title = clock->title;
        }
    }
    std::string area_name(AreaId id) const {
        const auto* node = m_ground.tree->find(id);
        return node ? std::string(node->name) : std::string();
    }
    const std::string& unit_name(UnitId id) {
        const auto [at, fresh] = m_units.try_emplace(id);
        if (fresh) {
            const auto row = identity::find_unit(m_tx, id);
            at->second = row ? row->name : "";
        }
        return at->second;
    }

    store::Tx& m_tx;
    const Ground& m_ground;
    const Flow& m_flow;
    Instant m_now;
    std::map<UnitId, std::string> m_units;
};

/// The area that a query names; 404 if there is none, so that nobody learns which ids exist.
std::optional<AreaId> asked_area(const http::Call& call, const area::Tree& tree) {
    const auto text = call.query("area");
    if (!text) {
        return std::nullopt;
    }
    std::int64_t id = 0;
    if (!parse_id(*text, id) || !tree.find(AreaId{id})) {
        throw not_found("area");
    }
    return AreaId{id};
}

InboxPage list_inbox(http::Call& call, const Flow& flow) {
    const auto ground = flow.ground();
    InboxQuery query;
    const auto tab = parse_name<Tab>(call.query("tab").value_or("mine"));
    if (!tab) {
        throw malformed("tab_unknown", "tab is mine, unit, raised or all");
    }
    query.tab = *tab;
    query.area = asked_area(call, *ground.tree);
    const int limit = call.query_int("limit", 50, 1, 200);
    query.limit = limit + 1;
    if (const auto cursor = call.query("cursor")) {
        const auto at = parse_position(*cursor);
        if (!at) {
            throw malformed("cursor_malformed", "send the cursor as it was given in `next`");
        }
        query.after = *at;
    }
    auto rows = waiting(call.tx(), ground, call.caller, query);
    InboxPage page;
    if (rows.size() > static_cast<std::size_t>(limit)) {
        rows.pop_back();
        const auto& last = rows.back();
        page.next = to_text(Position{last.rank, last.due_at.ms, last.id.value});
    }
    Drawing drawing(call.tx(), ground, flow, call.now);
    for (const auto& row : rows) {
        page.items.push_back(drawing.item(row));
    }
    return page;
}

InboxCounts count_inbox(http::Call& call, const Flow& flow) {
    const auto ground = flow.ground();
    InboxCounts counts;
    std::set<RecordId> seen;
    const auto count = [&](Tab tab) {
        InboxQuery query;
        query.tab = tab;
        query.limit = counted_most;
        query.brief = true;
        const auto rows = waiting(call.tx(), ground, call.caller, query);
        for (const auto& row : rows) {
            if (seen.insert(row.id).second) {
                counts.overdue += row.due_at < call.now ? 1 : 0;
                counts.urgent += row.urgent() ? 1 : 0;
            }
        }
        return static_cast<std::int64_t>(rows.size());
    };
    counts.mine = count(Tab::mine);
    counts.unit = count(Tab::unit);
    counts.raised = count(Tab::raised);
    const auto unread = notices_for(call.tx(), ground, call.caller, true, counted_most, call.now);
    counts.notices = static_cast<std::int64_t>(unread.size());
    return counts;
}

catalogue::Title state_title(const Ground& ground, const Notice& notice) {
    const auto* kind = notice.what == "moved" ? ground.catalogue.kind(notice.kind) : nullptr;
    const auto* state = kind && kind->flow ? kind->flow->state(notice.clock) : nullptr;
    return state ? state->title : catalogue::Title{};
}

NoticePage list_notices(http::Call& call, const Flow& flow) {
    const bool unread = call.query_int("unread", 0, 0, 1) == 1;
    const int limit = call.query_int("limit", 50, 1, 200);
    const auto ground = flow.ground();
    NoticePage page;
    for (auto& n : notices_for(call.tx(), ground, call.caller, unread, limit, call.now)) {
        page.notices.push_back(
            {std::to_string(n.id), n.what, n.kind, n.record, n.number, n.title, n.clock,
             state_title(ground, n), n.at, n.read_at}
        );
    }
    return page;
}

void read_notice(http::Call& call, const Flow& flow) {
    const auto id = call.id<Notice>().value;
    const auto notice = find_notice(call.tx(), id, call.caller.account);
    const bool mine = notice ? addressed(flow.ground(), call.caller, *notice)
                             : find_move(call.tx(), id, call.caller.account).has_value();
    if (!mine) {
        throw not_found("notice");
    }
    mark_read(call.tx(), id, call.caller.account, call.now);
}

/// Areas over which the caller holds a role with a right.
std::vector<AreaId> areas_with(
    const Ground& ground, const http::Caller& caller, const std::string& right
) {
    std::vector<AreaId> found;
    for (const auto& grant : caller.grants) {
        const auto* role = ground.catalogue.role(grant.role);
        if (role &&
            std::find(role->rights.begin(), role->rights.end(), right) != role->rights.end()) {
            found.push_back(grant.area);
        }
    }
    return found;
}

/// The tree on whose map figures are asked for; none: by the areas as filed.
std::shared_ptr<const area::Tree> asked_map(const http::Call& call, const Ground& ground) {
    const auto text = call.query("map").value_or("then");
    if (text == "then") {
        return nullptr;
    }
    const auto date = text == "now" ? official_date(call.now) : parse_date(text);
    if (!date) {
        throw malformed("query_malformed", "map is then, now or a date such as 2025-05-08");
    }
    return ground.areas.on(*date);
}

Board show_board(http::Call& call, const Flow& flow) {
    const auto ground = flow.ground();
    const auto* kind = ground.catalogue.kind(call.query("kind").value_or("request"));
    if (!kind || !kind->flow) {
        throw not_found("kind");
    }
    const auto granted = areas_with(ground, call.caller, "board.read");
    const auto map = asked_map(call, ground);
    auto area = asked_area(call, map ? *map : *ground.tree);
    if (!area && !granted.empty()) {
        area = granted.front();
    }
    const auto* node = area ? (map ? *map : *ground.tree).find(*area) : nullptr;
    // An area of the past belongs to whoever sees today what was filed there.
    const auto here = !node || ground.tree->find(node->id) ? area : ground.tree->heir(node->id);
    const bool within = node && std::any_of(granted.begin(), granted.end(), [&](AreaId one) {
                            return ground.tree->within(*here, one);
                        });
    if (!within) {
        throw not_found("area");
    }
    const int days = call.query_int("days", 30, 1, 366);
    const bool lineage = map && call.query("map") == "now";
    if (lineage && node->level <= area::Level::grid) {
        return board_now(call.tx(), ground, *kind, *node, days, call.now);
    }
    if (map && !lineage) {
        return restated_board(call.tx(), ground, *kind, *map, *node, days, call.now);
    }
    const BoardCache::Key key{
        kind->name, node->id, days, newest_changes(call.tx(), *ground.tree, node->id)};
    return flow.boards().get(key, call.now, [&] {
        return board_of(call.tx(), ground, *kind, *node, days, call.now);
    });
}

/// What is known of a record for deciding who may read it, open or over.
struct Standing {
    AreaId area;
    AccountId filed_by;
    RecordId about;
    std::string state;
};
std::optional<Standing> standing(store::Tx& tx, const RecordRef& record) {
    if (const auto work = find_work(tx, record.id); work && work->kind == record.kind) {
        return Standing{work->area, work->filed_by, work->about, work->state};
    }
    if (const auto done = find_done(tx, record)) {
        return Standing{
            done->area, done->filed_by, done->about, done->withdrawn ? "withdrawn" : done->state};
    }
    return std::nullopt;
}

bool readable(
    store::Tx& tx, const Ground& ground, const Flow& flow, const http::Caller& caller,
    const catalogue::Kind& kind, const RecordRef& record
) {
    const auto found = standing(tx, record);
    if (!found) {
        return false;
    }
    identity::Facts facts;
    facts.filing.area = found->area;
    if (ground.tree->find(found->area)) {
        facts.filing = ground.tree->filing(found->area);
    }
    facts.own = (caller.account && caller.account == found->filed_by) ||
                (caller.person && caller.person == found->about);
    facts.parties = flow.parties(tx, record);
    facts.state = found->state;
    return !identity::grants_for(caller, kind, identity::Operation::read, facts, *ground.tree)
                .empty();
}

Why explain_clock(http::Call& call, const Flow& flow) {
    const auto ground = flow.ground();
    const auto* kind = ground.catalogue.kind(call.query("kind").value_or(""));
    RecordRef record{kind ? kind->name : "", {}};
    const bool named = parse_id(call.query("id").value_or(""), record.id.value);
    if (!kind || !named || !readable(call.tx(), ground, flow, call.caller, *kind, record)) {
        throw not_found("record");
    }
    const auto name = call.query("clock").value_or("");
    for (const auto& clock : find_clocks(call.tx(), record.id)) {
        if (clock.name == name) {
            const auto pauses = find_pauses(call.tx(), record.id, clock.id);
            return why(clock, rate_of(clock, ground.catalogue), pauses, call.now);
        }
    }
    throw not_found("clock");
}

}  // namespace

void routes(
    http::Router& r, std::shared_ptr<const catalogue::Catalogue>, area::Areas&, const Flow& flow
) {
    using http::Call;
    using http::Scope;
    const auto* f = &flow;
    r.get(
         "/api/inbox", [f](Call& call) { return list_inbox(call, *f); }, "", Scope::area,
         "What waits for me, by urgency"
    )
        .query("tab", "mine (default), unit, raised or all")
        .query("area", "only under this area")
        .query("limit", "1 to 200, default 50")
        .query("cursor", "`next` of the page before")
        .id_fields({"query:area"});
    r.get(
        "/api/inbox/counts", [f](Call& call) { return count_inbox(call, *f); }, "", Scope::area,
        "Numbers of the inbox, up to 1000 each"
    );
    r.get(
         "/api/notices", [f](Call& call) { return list_notices(call, *f); }, "", Scope::self,
         "Reminders and escalations for me, newest first"
    )
        .query("unread", "1 = only what I have not read")
        .query("limit", "1 to 200, default 50");
    r.post(
         "/api/notices/{id}/read", [f](Call& call) { read_notice(call, *f); }, "", Scope::self,
         "Mark a notice as read by me"
    )
        .id_fields({"path:id"});
    r.get(
         "/api/board", [f](Call& call) { return show_board(call, *f); }, "board.read", Scope::area,
         "Figures of a kind under an area"
    )
        .query("kind", "a kind with a flow, default request")
        .query("area", "default: the area of my first grant")
        .query("days", "1 to 366, default 30")
        .query(
            "map",
            "then (as filed, default), now (each record whole, through lineage), or a date: "
            "restated on "
            "that day's map, divided by households"
        )
        .id_fields({"query:area"});
    r.get(
         "/api/clocks/why", [f](Call& call) { return explain_clock(call, *f); }, "", Scope::record,
         "How a deadline came about, day by day"
    )
        .query("kind", "kind of the record")
        .query("id", "the record")
        .query("clock", "name of the clock")
        .id_fields({"query:id"});
}

}  // namespace linli::flow
