// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/text.hpp"
#include "catalogue/pack.hpp"

namespace linli::catalogue {
namespace {

const std::vector<std::string> days{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
using Day = std::vector<Hours>;

std::optional<int> minute_of(std::string_view text) {
    if (text.size() != 5 || text[2] != ':') {
        return std::nullopt;
    }
    for (const std::size_t i : {0, 1, 3, 4}) {
        if (text[i] < '0' || text[i] > '9') {
            return std::nullopt;
        }
    }
    const int hour = (text[0] - '0') * 10 + text[1] - '0',
              minute = (text[3] - '0') * 10 + text[4] - '0';
    return minute < 60 && hour * 60 + minute <= 24 * 60 ? std::optional(hour * 60 + minute)
                                                        : std::nullopt;
}

/// "08:30-12:00", ascending.
Day read_hours(Reader& reader, const Yaml& node) {
    Day day;
    for (const auto& word : reader.word_list(node, "hours")) {
        const auto dash = word.find('-');
        const auto from = minute_of(std::string_view(word).substr(0, dash));
        const auto to = dash == std::string::npos
                            ? std::nullopt
                            : minute_of(std::string_view(word).substr(dash + 1));
        if (!from || !to || *from >= *to || (!day.empty() && day.back().to > *from)) {
            reader.mistake(
                node, reader.what() + ": '" + word + "' are no hours",
                "write 08:30-12:00, one after the other, at most 24:00"
            );
            return {};
        }
        day.push_back({*from, *to});
    }
    return day;
}

/// "mon-fri" or "sat" as numbers of weekdays.
std::vector<std::size_t> weekdays(Reader& reader, const Yaml::Member& member) {
    const auto dash = member.key.find('-');
    const auto number = [](const std::string& word) {
        return static_cast<std::size_t>(std::find(days.begin(), days.end(), word) - days.begin());
    };
    const auto first = number(member.key.substr(0, dash));
    const auto last = dash == std::string::npos ? first : number(member.key.substr(dash + 1));
    std::vector<std::size_t> found;
    if (first >= days.size() || last >= days.size() || first > last) {
        reader.mistake(
            member.value, reader.what() + ": '" + member.key + "' are no weekdays",
            "write mon, tue, ... sun, or mon-fri"
        );
        return found;
    }
    for (auto day = first; day <= last; ++day) {
        found.push_back(day);
    }
    return found;
}

/// "01-28" or "01-28..02-04" of a year.
std::vector<Date> dates_of(
    Reader& reader, const Yaml& node, const std::string& year, const std::string& word
) {
    const auto dots = word.find("..");
    const auto first = parse_date(year + "-" + word.substr(0, dots));
    const auto last =
        dots == std::string::npos ? first : parse_date(year + "-" + word.substr(dots + 2));
    std::vector<Date> found;
    if (!first || !last || *last < *first) {
        reader.mistake(
            node, reader.what() + ": '" + word + "' is no date of " + year,
            "write \"05-01\" or \"05-01..05-05\""
        );
        return found;
    }
    for (auto date = *first; date <= *last; date = date + 1) {
        found.push_back(date);
    }
    return found;
}

class YearReader {
 public:
    YearReader(
        const Yaml::Member& member, const std::string& file, Mistakes& mistakes,
        std::map<Date, Day>& exceptions
    )
        : m_year(member.key),
          m_reader(member.value, file, "year " + member.key, mistakes),
          m_exceptions(exceptions) {}

    void read(const Day& working_day) {
        const auto year = to_integer(m_year);
        if (!year || *year < 2000 || *year > 2100) {
            m_reader.mistake("'" + m_year + "' is no year of a calendar", "2000 to 2100");
            return;
        }
        dates("off", {});
        dates("work", working_day);
        m_reader.each("hours", false, [&](const Yaml::Member& one) {
            const auto day = read_hours(m_reader, one.value);
            for (const auto date : dates_of(m_reader, one.value, m_year, one.key)) {
                set(one.value, date, day);
            }
        });
        m_reader.finish();
    }

 private:
    void dates(const std::string& key, const Day& day) {
        const Yaml* node = m_reader.take(key);
        if (!node) {
            return;
        }
        for (const auto& word : m_reader.word_list(*node, key)) {
            for (const auto date : dates_of(m_reader, *node, m_year, word)) {
                set(*node, date, day);
            }
        }
    }
    void set(const Yaml& node, Date date, const Day& day) {
        if (!m_exceptions.emplace(date, day).second) {
            m_reader.mistake(
                node, m_reader.what() + ": " + to_text(date) + " is named twice", "keep one"
            );
        }
    }

    std::string m_year;
    Reader m_reader;
    std::map<Date, Day>& m_exceptions;
};

}  // namespace

std::unique_ptr<Calendar> read_calendar(const PackFile& file, Mistakes& mistakes) {
    Reader reader(file.root, file.path, "calendar", mistakes);
    const auto name = reader.text("calendar", true);
    std::vector<Day> week(days.size());
    reader.each("week", true, [&](const Yaml::Member& member) {
        const auto hours = read_hours(reader, member.value);
        for (const auto day : weekdays(reader, member)) {
            week[day] = hours;
        }
    });
    const Day& longest =
        *std::max_element(week.begin(), week.end(), [](const Day& a, const Day& b) {
            const auto minutes = [](const Day& day) {
                int sum = 0;
                for (const auto& hours : day) {
                    sum += hours.to - hours.from;
                }
                return sum;
            };
            return minutes(a) < minutes(b);
        });
    if (longest.empty() && reader.readable()) {
        reader.mistake(
            "calendar '" + name + "' has no working hours", "say when people work under 'week'"
        );
    }
    std::map<Date, Day> exceptions;
    reader.each("years", false, [&](const Yaml::Member& member) {
        YearReader(member, file.path, mistakes, exceptions).read(longest);
    });
    reader.finish();
    if (!plain_name(name) || longest.empty()) {
        return nullptr;
    }
    return std::make_unique<Calendar>(name, std::move(week), std::move(exceptions));
}

}  // namespace linli::catalogue
