// SPDX-License-Identifier: Apache-2.0
/// Requests of the demo: each is a little story whose steps are taken by the accounts that would
/// take them, at the times at which they would, while timers and escalations run as they do in
/// service.
#include <functional>

#include "app/demo.hpp"
#include "base/log.hpp"

namespace linli::app {

namespace {

struct Topic {
    std::string category, description, result;
    Value answers;  ///< to the category's own questions
};

/// One request on its way.
struct Story {
    const DemoPlace* place = nullptr;
    const DemoCommunity* community = nullptr;
    const Topic* topic = nullptr;
    AccountId reporter;
    bool by_resident = false;
    RecordId id;
    const DemoPlace::Department* department = nullptr;
    int reopened = 0, returned = 0;
};

class Simulation {
 public:
    Simulation(Application& application, Dice& dice, DemoClock& clock)
        : m_app(application),
          m_dice(dice),
          m_clock(clock),
          m_calendar(application.catalogue().calendar()) {}

    void at(Instant when, std::function<void()> step) { m_clock.at(when, std::move(step)); }
    void file(std::shared_ptr<Story> story);

 private:
    Instant working(double mean_hours) {
        const auto ms =
            static_cast<std::int64_t>(m_dice.waiting(mean_hours) * static_cast<double>(hour_ms));
        return m_calendar.after(m_clock.now(), ms + 5 * minute_ms);
    }
    Instant later(double mean_hours) {
        return m_clock.now() +
               static_cast<std::int64_t>(
                   m_dice.waiting(mean_hours) * static_cast<double>(hour_ms)
               ) +
               minute_ms;
    }
    /// True if the action was taken; false if the flow does not allow it any more (closed by the
    /// timer meanwhile).
    bool act(const Story& story, AccountId as, const char* action, const Value& body) {
        return act("request", story.id, as, action, body);
    }
    bool act(const char* kind, RecordId id, AccountId as, const char* action, const Value& body) {
        return m_app.database().write_now([&](store::Tx& tx) {
            const auto caller = m_app.identity().caller_of(tx, as);
            try {
                m_app.records().act(tx, caller, kind, id, {}, action, body, m_clock.now());
                return true;
            } catch (const Refused& refused) {
                if (refused.status == 409) {
                    return false;
                }
                throw;
            }
        });
    }

    void accept(const std::shared_ptr<Story>& story);
    void decide(const std::shared_ptr<Story>& story);
    void assign(const std::shared_ptr<Story>& story);
    void work(const std::shared_ptr<Story>& story);
    void give_back(const std::shared_ptr<Story>& story);
    void supervise(const std::shared_ptr<Story>& story);
    void visit(const std::shared_ptr<Story>& story);
    void resolve(const std::shared_ptr<Story>& story, AccountId as);
    void answer(const std::shared_ptr<Story>& story);

    Application& m_app;
    Dice& m_dice;
    DemoClock& m_clock;
    const Calendar& m_calendar;
};

void Simulation::file(std::shared_ptr<Story> story) {
    const auto& compound = m_dice.pick(story->community->compounds);
    const auto* node = m_app.areas().today()->find(compound);
    const auto house = std::to_string(m_dice.below(24) + 1) + "号楼" +
                       std::to_string(m_dice.below(4) + 1) + "单元";
    auto fields = obj({
        {"category", story->topic->category},
        {"description", story->topic->description},
        {"address", std::string(node->name) + house},
        {"compound", std::to_string(compound.value)},
    });
    if (!story->topic->answers.is_null()) {
        fields.set("answers", story->topic->answers);
    }
    if (m_dice.chance(0.8)) {
        fields.set("phone", "138" + std::to_string(10000000 + m_dice.below(89999999)));
    }
    const auto& grids = story->community->grids;
    const bool patrol = story->reporter == story->community->grid_worker;
    const auto area = patrol               ? grids.front()
                      : m_dice.chance(0.5) ? m_dice.pick(grids)
                                           : story->community->area;
    const auto body = obj({{"area", std::to_string(area.value)}, {"fields", fields}});
    story->id = m_app.database().write_now([&](store::Tx& tx) {
        const auto caller = m_app.identity().caller_of(tx, story->reporter);
        return m_app.records().create(tx, caller, "request", body, m_clock.now()).id;
    });
    if (m_dice.chance(0.9)) {  // of what is not urgent it is refused
        at(later(0.05), [this, story] {
            act(*story, story->place->duty_officer, "acknowledge",
                obj({{"reason", "已电话核实，通知就近力量先到场"}}));
        });
    }
    const bool slow = m_dice.chance(0.08);
    at(working(slow ? 9.0 : 0.9), [this, story] { accept(story); });
}

void Simulation::accept(const std::shared_ptr<Story>& story) {
    static const std::vector<std::string> classes{
        "immediate", "time_limited", "time_limited", "time_limited", "tracked"};
    const auto handling = m_dice.pick(classes);
    const auto desk = story->community->desk;
    if (act(*story, desk, "accept", obj({{"fields", obj({{"handling", handling}})}}))) {
        at(working(0.6), [this, story] { decide(story); });
    }
}

void Simulation::decide(const std::shared_ptr<Story>& story) {
    if (m_dice.chance(0.35)) {
        at(working(5.0), [this, story] { resolve(story, story->community->desk); });
    } else {
        assign(story);
    }
}

/// To the department whose matter it is, if it works in the demo, else to any that does.
void Simulation::assign(const std::shared_ptr<Story>& story) {
    const auto* list = m_app.catalogue().list("request_category");
    const auto* choice = list->find(story->topic->category);
    const auto wanted = choice ? choice->attributes.text_or("lead_unit_kind") : std::string();
    std::vector<const DemoPlace::Department*> able;
    for (const auto& department : story->place->departments) {
        if (department.account && (department.kind == wanted || story->department != nullptr)) {
            able.push_back(&department);
        }
    }
    if (able.empty()) {
        for (const auto& department : story->place->departments) {
            if (department.account) {
                able.push_back(&department);
            }
        }
    }
    story->department = m_dice.pick(able);
    auto body = obj({{"lead_unit", std::to_string(story->department->unit.value)}});
    if (m_dice.chance(0.4)) {
        body.set("reason", "超出社区权限，请派员到场处置");
        if (act(*story, story->community->desk, "call", body)) {
            at(working(1.5), [this, story] {
                if (m_dice.chance(0.15)) {
                    give_back(story);
                } else if (act(*story, story->department->account, "take_on", obj({}))) {
                    work(story);
                }
            });
        }
    } else if (act(*story, story->community->desk, "assign", body)) {
        at(working(2.0), [this, story] { work(story); });
    }
}

/// Once or twice; then the grid centre decides who does it.
void Simulation::give_back(const std::shared_ptr<Story>& story) {
    const auto why = obj({{"reason", "不属于本部门职责，请转交主管单位"}});
    if (!act(*story, story->department->account, "return", why)) {
        return;
    }
    if (++story->returned < 2) {
        at(working(1.5), [this, story] { assign(story); });
        return;
    }
    const auto dispute = obj({{"reason", "两个单位均退回，请裁定承办单位"}});
    if (act(*story, story->community->desk, "refer", dispute)) {
        at(working(6.0), [this, story] {
            const auto lead = std::to_string(story->department->unit.value);
            const auto ruling = obj({{"lead_unit", lead}, {"reason", "按权责清单由该单位牵头"}});
            if (act(*story, story->place->grid_centre, "arbitrate", ruling)) {
                work(story);
            }
        });
    }
}

void Simulation::supervise(const std::shared_ptr<Story>& story) {
    act(*story, story->place->county_supervisor, "supervise",
        obj({{"reason", "已逾期，请三个工作日内办结并反馈"}}));
}

void Simulation::work(const std::shared_ptr<Story>& story) {
    const auto as = story->department->account;
    if (m_dice.chance(0.07) && story->returned < 2) {
        give_back(story);
    } else if (m_dice.chance(0.12)) {
        if (act(*story, as, "wait", obj({{"reason", "等待配件到货，预计三个工作日"}}))) {
            at(working(20.0), [this, story] {
                if (act(*story, story->department->account, "continue", obj({}))) {
                    at(working(6.0), [this, story] { resolve(story, story->department->account); });
                }
            });
        }
    } else {
        const bool slow = m_dice.chance(0.15);
        if (slow && m_dice.chance(0.5)) {
            at(working(55.0), [this, story] { supervise(story); });
        }
        at(working(slow ? 60.0 : 9.0),
           [this, story] { resolve(story, story->department->account); });
    }
}

/// The grid centre asks the reporter of some closed requests whether it is truly solved.
void Simulation::visit(const std::shared_ptr<Story>& story) {
    static const std::vector<std::string> answers{"solved", "solved",   "solved",     "solved",
                                                  "partly", "unsolved", "unreachable"};
    const auto fields = obj({
        {"request", std::to_string(story->id.value)},
        {"visited_unit", std::to_string(story->department->unit.value)},
    });
    const auto body =
        obj({{"area", std::to_string(story->community->area.value)}, {"fields", fields}});
    const auto id = m_app.database().write_now([&](store::Tx& tx) {
        const auto caller = m_app.identity().caller_of(tx, story->place->grid_centre);
        return m_app.records().create(tx, caller, "return_visit", body, m_clock.now()).id;
    });
    at(working(8.0), [this, story, id] {
        act("return_visit", id, story->place->grid_centre, "answer",
            obj({{"fields", obj({{"solved", m_dice.pick(answers)}})}}));
    });
}

void Simulation::resolve(const std::shared_ptr<Story>& story, AccountId as) {
    const auto body = obj({
        {"result", story->topic->result},
        {"evidence",
         obj({{"word", story->by_resident ? "反映人电话确认已解决" : "现场住户确认已恢复正常"}})},
    });
    if (act(*story, as, "resolve", body)) {
        at(later(20.0), [this, story] { answer(story); });
    }
}

/// The reporter rates, says that it is not solved, or says nothing: then it closes by itself.
void Simulation::answer(const std::shared_ptr<Story>& story) {
    if (m_dice.chance(0.07) && story->reopened == 0) {
        if (act(*story, story->reporter, "reopen", obj({{"reason", "过了两天又出现同样的问题"}}))) {
            story->reopened = 1;
            at(working(2.0), [this, story] { decide(story); });
        }
    } else if (m_dice.chance(0.65)) {
        static const std::vector<int> stars{5, 5, 5, 5, 4, 4, 4, 3, 5, 2};
        const auto rating = obj({{"fields", obj({{"satisfaction", m_dice.pick(stars)}})}});
        if (act(*story, story->reporter, "rate", rating) && story->department &&
            m_dice.chance(0.3)) {
            at(working(20.0), [this, story] { visit(story); });
        }
    }
}

/// "people_trapped=true" -> {"people_trapped": true}; nothing for an empty cell.
Value answers_of(const std::string& cell) {
    Value answers;
    const auto at = cell.find('=');
    if (at != std::string::npos) {
        const auto value = cell.substr(at + 1);
        answers.set(cell.substr(0, at), value == "true" ? Value(true) : Value(value));
    }
    return answers;
}

/// An instant on a random day, mostly in the waking hours.
Instant some_time(Dice& dice, Instant from, Instant until) {
    const auto days = static_cast<int>((until - from) / day_ms);
    const auto day = start_of(official_date(from) + dice.below(days + 1));
    const auto hour = dice.chance(0.9) ? 7.0 + 14.0 * dice.unit() : 24.0 * dice.unit();
    return day + static_cast<std::int64_t>(hour * static_cast<double>(hour_ms));
}

}  // namespace

struct DemoRequests::Impl {
    std::vector<Topic> topics;
    Simulation simulation;
};

DemoRequests::DemoRequests(
    Application& application, const std::filesystem::path& folder,
    const std::vector<DemoPlace>& places, Dice& dice, DemoClock& clock, int requests
)
    : m_impl(std::make_unique<Impl>(Impl{{}, Simulation(application, dice, clock)})) {
    auto& topics = m_impl->topics;
    for (const auto& row : demo_rows(folder / "demo" / "requests.csv")) {
        topics.push_back({row.at(0), row.at(1), row.at(2), answers_of(row.at(3))});
    }
    auto& simulation = m_impl->simulation;
    for (int i = 0; i < requests; ++i) {
        auto story = std::make_shared<Story>();
        story->place = &places[static_cast<std::size_t>(i) % places.size()];
        story->community = &story->place->communities[static_cast<std::size_t>(dice.below(2))];
        story->topic = &dice.pick(topics);
        story->by_resident = dice.chance(0.7);
        story->reporter = story->by_resident ? dice.pick(story->place->residents)
                          : dice.chance(0.6) ? story->community->grid_worker
                                             : story->community->desk;
        clock.at(some_time(dice, clock.now() + day_ms, clock.until()), [&simulation, story] {
            simulation.file(story);
        });
    }
}

DemoRequests::~DemoRequests() = default;

}  // namespace linli::app
