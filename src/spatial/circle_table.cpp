// SPDX-License-Identifier: Apache-2.0
#include "spatial/circle_table.hpp"

#include <yaml-cpp/yaml.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "spatial/streets.hpp"

namespace linli::spatial {

namespace {

constexpr std::uint32_t most_minutes = 480, most_metres = 30'000;

class Reader {
 public:
    explicit Reader(std::string file) : m_file(std::move(file)) {}

    std::vector<PromisedCircle> read(const YAML::Node& root) const {
        std::vector<PromisedCircle> circles;
        for (const auto& part : map(root)) {
            if (word(part.first) != "circles") {
                throw unknown(part.first, {"circles"});
            }
            for (const auto& one : map(part.second)) {
                const auto id = word(one.first);
                if (std::any_of(circles.begin(), circles.end(), [&](const auto& c) {
                        return c.id == id;
                    })) {
                    throw refuse(one.first, "circle_twice", id + " is there twice");
                }
                circles.push_back(circle(id, one.first, one.second));
            }
        }
        if (circles.empty()) {
            throw refuse(root, "circle_incomplete", "there is no circle");
        }
        return circles;
    }

 private:
    PromisedCircle circle(const std::string& id, const YAML::Node& where, const YAML::Node& node)
        const {
        PromisedCircle circle;
        circle.id = id;
        for (const auto& entry : map(node)) {
            take(circle, word(entry.first), entry.first, entry.second);
        }
        const bool limited =
            std::any_of(circle.limit.begin(), circle.limit.end(), [](auto l) { return l > 0; });
        if (circle.title_zh.empty() || circle.kinds.empty() || !limited ||
            circle.document.empty()) {
            throw refuse(
                where, "circle_incomplete",
                "a circle has a title in Chinese, kinds, minutes or metres, and a source"
            );
        }
        return circle;
    }

    void take(
        PromisedCircle& circle, const std::string& key, const YAML::Node& where,
        const YAML::Node& value
    ) const {
        if (key == "title") {
            pair(value, {"zh", &circle.title_zh}, {"en", &circle.title_en});
        } else if (key == "source") {
            pair(value, {"document", &circle.document}, {"section", &circle.section});
        } else if (key == "kinds") {
            circle.kinds = list(value);
        } else if (key == "every") {
            circle.every_kind = value.as<bool>();
        } else if (key == "minutes" || key == "metres") {
            if (std::any_of(circle.limit.begin(), circle.limit.end(), [](auto l) {
                    return l > 0;
                })) {
                throw refuse(where, "circle_limit_twice", "either minutes or metres");
            }
            circle.in_metres = key == "metres";
            circle.limit = limits(value, circle.in_metres ? most_metres : most_minutes);
        } else if (key == "walker") {
            circle.walker = word(value);
        } else if (key == "priority") {
            for (const auto& one : map(value)) {
                circle.priority.emplace_back(word(one.first), number(one.second, 1'000));
            }
        } else {
            throw unknown(
                where,
                {"title", "kinds", "every", "minutes", "metres", "walker", "priority", "source"}
            );
        }
    }

    struct Named {
        const char* key;
        std::string* value;
    };
    void pair(const YAML::Node& node, Named one, Named other) const {
        for (const auto& entry : map(node)) {
            const auto key = word(entry.first);
            if (key != one.key && key != other.key) {
                throw unknown(entry.first, {one.key, other.key});
            }
            *(key == one.key ? one.value : other.value) = word(entry.second);
        }
    }

    std::array<std::uint32_t, area_classes> limits(const YAML::Node& node, std::uint32_t most)
        const {
        std::array<std::uint32_t, area_classes> out = {};
        if (node.IsScalar()) {
            out.fill(number(node, most));
            return out;
        }
        constexpr auto classes = names(AreaClass{});
        for (const auto& one : map(node)) {
            const auto found = std::find(classes.begin(), classes.end(), word(one.first));
            if (found == classes.end()) {
                throw unknown(one.first, {classes.begin(), classes.end()});
            }
            out[static_cast<std::size_t>(found - classes.begin())] = number(one.second, most);
        }
        return out;
    }

    const YAML::Node& map(const YAML::Node& node) const {
        if (!node.IsMap()) {
            throw refuse(node, "circle_malformed", "a list of `key: value` is needed");
        }
        return node;
    }
    std::vector<std::string> list(const YAML::Node& node) const {
        if (!node.IsSequence() || node.size() == 0 || node.size() > 50) {
            throw refuse(node, "circle_malformed", "a list of 1 to 50 words is needed");
        }
        std::vector<std::string> out;
        for (const auto& one : node) {
            out.push_back(word(one));
        }
        return out;
    }
    std::string word(const YAML::Node& node) const {
        if (!node.IsScalar() || node.Scalar().empty()) {
            throw refuse(node, "circle_malformed", "a word is needed");
        }
        return node.Scalar();
    }
    std::uint32_t number(const YAML::Node& node, std::uint32_t most) const {
        const auto value = node.as<std::int64_t>();
        if (value < 1 || value > most) {
            throw refuse(node, "number_out_of_range", "between 1 and " + std::to_string(most));
        }
        return static_cast<std::uint32_t>(value);
    }

    Refused refuse(const YAML::Node& where, const char* code, const std::string& detail) const {
        return invalid(
            m_file + ":" + std::to_string(std::max(where.Mark().line, 0) + 1), code, detail
        );
    }
    Refused unknown(const YAML::Node& where, const std::vector<std::string>& known) const {
        const auto key = word(where);
        const auto meant = nearest(key, known);
        return refuse(
            where, "unknown_key", key + (meant.empty() ? "" : ": did you mean " + meant + "?")
        );
    }

    std::string m_file;
};

}  // namespace

std::vector<PromisedCircle> read_circles(std::string_view yaml, const std::string& file) {
    try {
        return Reader(file).read(YAML::Load(std::string(yaml)));
    } catch (const YAML::Exception& wrong) {
        throw invalid(
            file + ":" + std::to_string(std::max(wrong.mark.line, 0) + 1), "circle_malformed",
            wrong.msg
        );
    }
}

std::vector<PromisedCircle> load_circles(const std::filesystem::path& file) {
    return read_circles(read_whole_file(file), file.string());
}

const PromisedCircle& circle_of(const std::vector<PromisedCircle>& circles, std::string_view id) {
    std::string known;
    for (const auto& circle : circles) {
        if (circle.id == id) {
            return circle;
        }
        known += (known.empty() ? "" : ", ") + circle.id;
    }
    throw invalid("circle", "unknown_circle", std::string(id) + " is none of " + known);
}

std::array<Ms, area_classes> limits_of(
    const PromisedCircle& circle, const Profile& profile, std::string_view walker
) {
    std::array<Ms, area_classes> out = {};
    for (std::size_t c = 0; c < out.size(); ++c) {
        out[c] = circle.in_metres
                     ? static_cast<Ms>(
                           std::uint64_t{circle.limit[c]} * 60'000 / profile.metres_per_minute
                       )
                     : limit_for(profile, walker.empty() ? circle.walker : walker, circle.limit[c]);
    }
    return out;
}

}  // namespace linli::spatial
