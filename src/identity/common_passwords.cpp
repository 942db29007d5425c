// SPDX-License-Identifier: Apache-2.0
/// The list is made, not copied: whoever guesses combines the same few things in the same few ways.
#include <algorithm>

#include "identity/password.hpp"

namespace linli::identity {

namespace {

using Words = std::vector<std::string>;

const Words keyboard{
    "1234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "!@#$%^&*()",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/",
    "q1w2e3r4t5y6u7i8o9p0",
    "1q2w3e4r5t6y7u8i9o0p",
    "qazwsxedcrfvtgbyhnujmikolp",
    "147258369",
    "159753",
    "abcdefghijklmnopqrstuvwxyz",
    "qweasdzxc",
    "741852963",
    "zaq12wsx"};

/// What people call secrets, themselves, their work and what they like.
const Words stems{
    "password", "passwd",   "pass",      "admin",    "administrator", "root",     "user",
    "guest",    "login",    "welcome",   "hello",    "secret",        "letmein",  "master",
    "manager",  "system",   "server",    "test",     "demo",          "default",  "changeme",
    "office",   "computer", "internet",  "china",    "zhongguo",      "beijing",  "shanghai",
    "love",     "iloveyou", "lovely",    "sunshine", "princess",      "dragon",   "monkey",
    "football", "baseball", "superman",  "batman",   "flower",        "summer",   "winter",
    "spring",   "autumn",   "happy",     "lucky",    "money",         "friend",   "family",
    "mother",   "father",   "baby",      "angel",    "tiger",         "panda",    "michael",
    "jordan",   "woaini",   "woaiwojia", "aini",     "wodemima",      "mima",     "nihao",
    "xiaoxin",  "baobao",   "laopo",     "laogong",  "mama",          "baba",     "gege",
    "jiejie",   "tiantian", "kaixin",    "xingfu",   "pingan",        "jiankang", "facai",
    "gongxi",   "fudao",    "shequ",     "jiedao",   "wangge",        "zhengfu",  "minzheng",
    "gongan",   "dangyuan", "fuwu",      "renmin",   "qwer",          "qwert",    "qwerty",
    "asdf",     "asdfgh",   "zxcv",      "zxcvbn",   "abc",           "abcd",     "abcdef",
    "aaa",      "aaaa",     "xyz",       "qaz",      "wsx",           "qazwsx"};

const Words surnames{"wang", "li",   "zhang", "liu", "chen",  "yang", "zhao",  "huang",
                     "zhou", "wu",   "xu",    "sun", "hu",    "zhu",  "gao",   "lin",
                     "he",   "guo",  "ma",    "luo", "liang", "song", "zheng", "xie",
                     "han",  "tang", "feng",  "yu",  "dong",  "xiao"};
const Words given{"wei",     "fang",    "na",      "min",    "jing",    "li",   "qiang",
                  "lei",     "jun",     "yang",    "yong",   "yan",     "jie",  "juan",
                  "tao",     "ming",    "chao",    "xia",    "ping",    "gang", "xiuying",
                  "guiying", "jianguo", "jianhua", "haiyan", "xiaoming"};

const Words endings{
    "",          "1",     "12",     "123",  "1234",    "12345",   "123456", "1234567", "12345678",
    "123456789", "321",   "520",    "521",  "1314",    "5201314", "666",    "888",     "6666",
    "8888",      "999",   "000",    "111",  "168",     "001",     "2020",   "2021",    "2022",
    "2023",      "2024",  "2025",   "2026", "2027",    "!",       "@123",   "@1234",   "@123456",
    "123!",      "1234!", "#123",   "_123", ".123",    "@2024",   "@2025",  "@2026",   "888888",
    "666666",    "abc",   "abc123", "qwe",  "qwer1234"};

void add_digits(Words& all) {
    for (char c = '0'; c <= '9'; ++c) {
        for (std::size_t size = 8; size <= 12; ++size) {
            all.emplace_back(size, c);
        }
        for (char d = '0'; d <= '9'; ++d) {  // 12121212, 11112222
            const std::string pair{c, d};
            all.push_back(pair + pair + pair + pair);
            all.push_back(std::string(4, c) + std::string(4, d));
            for (const char* more : {"0", "1", "2", "5", "8"}) {  // 123123123 and the like
                all.push_back(pair + more + pair + more + pair + more);
            }
        }
    }
    for (int year = 1950; year <= 2030; ++year) {  // 20082008
        all.push_back(std::to_string(year) + std::to_string(year));
    }
}

void add_walks(Words& all) {
    for (const auto& row : keyboard) {
        const auto twice = row + row;
        for (std::size_t from = 0; from < row.size(); ++from) {
            for (std::size_t size = 4; size <= 12; ++size) {
                auto walk = twice.substr(from, std::min(size, row.size()));
                const std::string back(walk.rbegin(), walk.rend());
                all.push_back(walk);
                all.push_back(back);
                all.push_back(walk + walk);
                all.push_back(walk + back);
                all.push_back(walk + "123");
                all.push_back("a" + walk);
            }
        }
    }
}

void add_words(Words& all) {
    auto words = stems;
    for (const auto& surname : surnames) {
        words.push_back(surname);
        for (const auto& name : given) {
            words.push_back(surname + name);
        }
    }
    for (const auto& word : words) {
        for (const auto& ending : endings) {
            all.push_back(word + ending);
            all.push_back(ending + word);
        }
        all.push_back(word + word);
    }
}

char plain(char c) {
    constexpr std::string_view seen = "@$!01357|", meant = "asioiestl";
    if (c >= 'A' && c <= 'Z') {
        return static_cast<char>(c - 'A' + 'a');
    }
    const auto at = seen.find(c);
    return at == std::string_view::npos ? c : meant[at];
}

std::string without_look_alikes(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(), plain);
    return result;
}

Words sorted(Words all) {
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    return all;
}

}  // namespace

const Words& common_passwords() {
    static const auto list = [] {
        Words all;
        add_digits(all);
        add_walks(all);
        add_words(all);
        std::erase_if(all, [](const auto& one) { return one.size() < 8; });
        return sorted(std::move(all));
    }();
    return list;
}

bool common_password(std::string_view password) {
    static const auto look_alikes = [] {
        auto all = common_passwords();
        std::transform(all.begin(), all.end(), all.begin(), without_look_alikes);
        return sorted(std::move(all));
    }();
    return std::binary_search(
        look_alikes.begin(), look_alikes.end(), without_look_alikes(password)
    );
}

}  // namespace linli::identity
