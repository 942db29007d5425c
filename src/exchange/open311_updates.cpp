// SPDX-License-Identifier: Apache-2.0
// The extension for updates of requests: what happened to them, and what a client has to add.
#include <algorithm>

#include "exchange/open311_impl.hpp"
#include "flow/steps.hpp"
#include "http/target.hpp"
#include "record/write.hpp"

namespace linli::exchange {

namespace {

constexpr int most = 1000;

/// Steps of one county, oldest first, as far as the public may know of the record.
class CountyUpdates {
 public:
    CountyUpdates(const Open311& open311, const record::Context& c, AreaId area, bool english)
        : m_open311(open311), m_context(c), m_area(area), m_english(english) {}

    void read(County county, const Period& period, std::vector<std::pair<Instant, Value>>& to) {
        flow::PastStep after;
        const auto& kind = *m_open311.mapping().kind;
        for (int found = most, told = 0; found == most && told < most;) {
            const auto steps = flow::steps_between(
                m_context.tx, county, kind.name, period.from, period.to, after, most
            );
            found = static_cast<int>(steps.size());
            for (const auto& step : steps) {
                after = step;
                if (const auto* record = public_record(step.record); record && told < most) {
                    to.emplace_back(step.at, draw(step, *record));
                    ++told;
                }
            }
        }
    }

 private:
    const record::Record* public_record(RecordId id) {
        const auto [at, fresh] = m_records.try_emplace(id);
        if (fresh) {
            at->second = record::find(m_context.tx, m_open311.table(), id);
        }
        const auto& record = at->second;
        const bool there =
            record && shown(m_open311, *record) &&
            (!m_area ||
             identity::covers(m_area, record::filing_of(m_context, *record), *m_context.tree));
        return there ? &*record : nullptr;
    }

    Value draw(const flow::PastStep& step, const record::Record& record) const {
        const auto& flow =
            m_open311.core->parts.flow.spec(*m_open311.mapping().kind, record.flow_version);
        const auto* state = flow.state(step.state_after);
        return obj(
            {{"update_id", std::to_string(step.id)},
             {"service_request_id", std::to_string(step.record.value)},
             {"status", m_open311.mapping().status_of(step.state_after)},
             {"updated_datetime", to_text(step.at)},
             {"description", text_in(
                                 !state                    ? catalogue::Title{}
                                 : state->plain.zh.empty() ? state->title
                                                           : state->plain,
                                 m_english
                             )},
             {"media_url", Value()}}
        );
    }

    const Open311& m_open311;
    const record::Context& m_context;
    AreaId m_area;
    bool m_english;
    std::map<RecordId, std::optional<record::Record>> m_records;
};

/// The action that brings a record to the status that a client sends, if its owner may take it and
/// it asks for words alone.
std::string action_for(
    const Open311& open311, const record::Context& c, RecordId id, const std::string& status
) {
    const auto& mapping = open311.mapping();
    const auto found = record::load(c, open311.table(), id);
    const auto action = mapping.updates.find(status);
    if (action == mapping.updates.end() || status == mapping.status_of(found.record.state)) {
        return {};
    }
    const auto subject = record::subject_of(c, open311.table(), found.record);
    for (const auto& allowed :
         c.core.parts.flow.allowed(c.tx, *mapping.kind, subject, {c.caller, c.now})) {
        const auto& needs = allowed.spec->needs;
        const bool words = std::all_of(needs.begin(), needs.end(), [](const std::string& need) {
            return need == "reason" || need == "result" || need == "evidence";
        });
        if (allowed.spec->name == action->second && words) {
            return action->second;
        }
    }
    return {};
}

bool takes(const catalogue::ActionSpec& spec, const char* word) {
    return std::count(spec.needs.begin(), spec.needs.end(), word) > 0 ||
           std::count(spec.may.begin(), spec.may.end(), word) > 0;
}

}  // namespace

Value list_updates(const Open311& open311, const http::Call& call) {
    const record::Context c(*open311.core, call.tx(), nullptr, call.now, call.request.id);
    const auto asked = [&](const char* name) { return call.query(name).value_or(""); };
    const auto area = jurisdiction_of(open311, *c.tree, asked("jurisdiction_id"));
    const auto period = period_of(asked("start_date"), asked("end_date"), call.now);
    std::vector<std::pair<Instant, Value>> updates;
    CountyUpdates reading(open311, c, area, in_english(call.request));
    std::set<County> counties;
    for (const auto& root : area ? std::vector<AreaId>{area} : [&] {
             std::vector<AreaId> roots;
             for (const auto* node : c.tree->children({})) {
                 roots.push_back(node->id);
             }
             return roots;
         }()) {
        const auto under = c.tree->counties_under(root);
        counties.insert(under.begin(), under.end());
    }
    for (const auto county : counties) {
        reading.read(county, period, updates);
    }
    std::stable_sort(updates.begin(), updates.end(), [](const auto& a, const auto& b) {
        return a.first < b.first;
    });
    updates.resize(std::min<std::size_t>(updates.size(), most));
    Value::List list;
    for (auto& [at, update] : updates) {
        list.push_back(std::move(update));
    }
    return list;
}

Value file_update(const Open311& open311, http::Call& call) {
    const auto form = read_form(call.request);
    const auto caller = key_holder(open311, call, form);
    const auto id = request_id(form.value("service_request_id"));
    const auto status = http::lower_case(form.value("status"));
    if (!status.empty() && status != "open" && status != "closed") {
        throw wrong("status", "expected open or closed");
    }
    time_of("updated_datetime", form.value("updated_datetime"));
    auto text = form.value("description");
    if (const auto media = form.value("media_url"); !media.empty()) {
        text += "\n" + media;
    }
    const auto& kind = *open311.mapping().kind;
    const auto line = call.db.write_now([&](store::Tx& tx) {
        const record::Context c(*open311.core, tx, &caller, call.now, call.request.id);
        const auto action = action_for(open311, c, id, status);
        if (action.empty()) {
            return record::add_note(c, open311.table(), id, text, "open311");
        }
        auto body = obj({});
        const auto found = record::load(c, open311.table(), id);
        const auto* spec =
            open311.core->parts.flow.spec(kind, found.record.flow_version).action(action);
        for (const char* word : {"reason", "result"}) {
            if (takes(*spec, word)) {
                body.set(word, text);
            }
        }
        if (takes(*spec, "evidence")) {
            body.set("evidence", obj({{"word", text}}));  // the client answers for it
        }
        return open311.engine
            .act(tx, caller, kind.name, id, std::nullopt, action, body, call.now, call.request.id)
            .change;
    });
    return Value::List{obj({{"update_id", std::to_string(line)}})};
}

}  // namespace linli::exchange
