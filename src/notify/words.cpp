// SPDX-License-Identifier: Apache-2.0
#include "notify/words.hpp"

#include <algorithm>

namespace linli::notify {

namespace {

constexpr std::size_t lines_most = 30;

std::string in(const catalogue::Title& title, Language language) {
    return language == Language::en && !title.en.empty() ? title.en : title.zh;
}

/// What residents read of a state, where it says so; of any version of the flow.
std::string stage_title(const catalogue::Kind* kind, const Message& message, Language language) {
    const auto* flow = kind && kind->flow ? &*kind->flow : nullptr;
    const auto* state = flow ? flow->state(message.stage) : nullptr;
    if (!state) {
        return message.stage;
    }
    const auto plain = message.what == "moved" ? in(state->plain, language) : std::string();
    return plain.empty() ? in(state->title, language) : plain;
}

std::string what_of(const std::string& what, Language language) {
    const bool zh = language == Language::zh;
    if (what == "remind") {
        return zh ? "提醒" : "Reminder";
    }
    if (what == "urge") {
        return zh ? "催办" : "Urgent reminder";
    }
    if (what == "raise") {
        return zh ? "升级" : "Raised to you";
    }
    return zh ? "进展" : "Progress";
}

std::string due_words(const Message& message, Language language, Instant now) {
    if (message.due_at >= never) {
        return {};
    }
    const auto day = official_text(message.due_at);
    const bool past = message.due_at < now;
    if (language == Language::zh) {
        return past ? "，已过期限 " + day : "，期限 " + day;
    }
    return (past ? ", was due " : ", due by ") + day + " (Beijing time)";
}

}  // namespace

std::string official_text(Instant at) {
    const auto day = start_of(official_date(at));
    const auto minutes = (at - day) / minute_ms;
    const auto two = [](std::int64_t n) { return (n < 10 ? "0" : "") + std::to_string(n); };
    return to_text(official_date(at)) + " " + two(minutes / 60) + ":" + two(minutes % 60);
}

std::string sentence(
    const catalogue::Catalogue& catalogue, const Message& message, Language language, Instant now
) {
    const auto* kind = catalogue.kind(message.kind);
    const auto stage = stage_title(kind, message, language);
    auto name = kind ? in(kind->title, language) : message.kind;
    if (!message.number.empty()) {
        name += " " + message.number;
    }
    const auto due = due_words(message, language, now);
    if (language == Language::zh) {
        return what_of(message.what, language) + "：" + name + "（" + stage + "）" + due + "。";
    }
    return what_of(message.what, language) + ": " + name + " (" + stage + ")" + due + ".";
}

std::string link(
    const catalogue::Catalogue& catalogue, const http::Caller& caller, const Message& message,
    const std::string& public_url
) {
    const auto works_at = [&](const char* face) {
        return std::any_of(caller.grants.begin(), caller.grants.end(), [&](const auto& grant) {
            const auto* role = catalogue.role(grant.role);
            return role && role->staff && role->face == face;
        });
    };
    const auto id = message.kind + "/" + std::to_string(message.record.value);
    if (message.what == "moved") {
        return public_url + "/records/" + id;
    }
    const bool field = works_at("field") && !works_at("desk") && !works_at("board");
    return public_url + (field ? "/field/records/" : "/desk/r/") + id;
}

Words letter(
    const catalogue::Catalogue& catalogue, const http::Caller& caller,
    const std::vector<Message>& messages, Language language, const std::string& public_url,
    Instant now
) {
    const bool zh = language == Language::zh;
    Words words;
    const auto count = std::to_string(messages.size());
    words.subject = messages.size() == 1
                        ? sentence(catalogue, messages.front(), language, now)
                        : (zh ? "您有 " + count + " 条通知" : "You have " + count + " notices");
    const auto shown = std::min(messages.size(), lines_most);
    for (std::size_t i = 0; i < shown; ++i) {
        words.body += sentence(catalogue, messages[i], language, now) + "\r\n" +
                      link(catalogue, caller, messages[i], public_url) + "\r\n\r\n";
    }
    if (messages.size() > shown) {
        const auto rest = std::to_string(messages.size() - shown);
        words.body += (zh ? "还有 " + rest + " 条，请登录查看：" : "And " + rest + " more: ") +
                      public_url + "\r\n\r\n";
    }
    words.body +=
        zh ? "在“我的账户”中可以更改接收哪些通知。本邮件由系统发出，请勿回复。\r\n"
           : "What is sent to you can be changed under \"My account\". This was sent by a "
             "machine; please do not reply.\r\n";
    return words;
}

std::string short_text(
    const catalogue::Catalogue& catalogue, const http::Caller& caller,
    const std::vector<Message>& messages, Language language, const std::string& public_url,
    Instant now
) {
    const auto& first = messages.front();
    auto text = sentence(catalogue, first, language, now);
    if (messages.size() > 1) {
        const auto rest = std::to_string(messages.size() - 1);
        text += language == Language::zh ? "另有 " + rest + " 条。" : " And " + rest + " more.";
    }
    return text + " " + link(catalogue, caller, first, public_url);
}

Words code_letter(const std::string& code, Language language) {
    if (language == Language::zh) {
        return {
            "验证码", "您的验证码是 " + code + "，30 分钟内有效。如果不是您本人操作，请不必理会。"};
    }
    return {
        "Your code",
        "Your code is " + code +
            ". It holds for 30 minutes. If you did not ask for it, you need not do anything."};
}

}  // namespace linli::notify
