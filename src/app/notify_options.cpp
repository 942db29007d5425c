// SPDX-License-Identifier: Apache-2.0
#include "app/command_line.hpp"

namespace linli::app {

namespace {

void add_mail(CLI::App& serve, notify::MailSettings& mail) {
    serve.add_option("--smtp-host", mail.host, "Server that sends mail (default: no mail)");
    serve.add_option("--smtp-port", mail.port, "Its port")
        ->check(CLI::Range(1, 65535))
        ->capture_default_str();
    serve.add_option("--smtp-tls", mail.tls, "starttls, tls or none")
        ->check(CLI::IsMember({"starttls", "tls", "none"}))
        ->capture_default_str();
    serve.add_option("--smtp-user", mail.user, "Who signs in there");
    serve.add_option(
        "--smtp-password-file", mail.password_file, "File whose first line is the password"
    );
    serve.add_option("--smtp-authority", mail.authority, "PEM file of who signed its certificate");
    serve.add_option("--mail-from", mail.from, "Address that mail is sent from");
    serve.add_option("--mails-per-minute", mail.per_minute, "At most so many")
        ->check(CLI::Range(1, 10'000))
        ->capture_default_str();
}

void add_sms(CLI::App& serve, notify::SmsSettings& sms) {
    serve.add_option(
        "--sms-url", sms.url,
        "Gateway for SMS, called once per message; {phone}, {text} and {secret} are filled in "
        "(default: no SMS)"
    );
    serve.add_option("--sms-method", sms.method, "GET, POST or PUT")
        ->check(CLI::IsMember({"GET", "POST", "PUT"}))
        ->capture_default_str();
    serve.add_option("--sms-header", sms.headers, "\"Name: value\"; may be given several times");
    serve.add_option("--sms-body", sms.body, "With {phone} and {text}, encoded by Content-Type");
    serve.add_option("--sms-secret-file", sms.secret_file, "File whose first line is {secret}");
    serve.add_option("--sms-expect", sms.expect, "Words that the answer of a success holds");
    serve.add_flag(
        "--sms-private", sms.private_address,
        "The gateway may lie in a private network, and speak http"
    );
    serve.add_option("--sms-authority", sms.authority, "PEM file of who signed its certificate");
    serve.add_option("--sms-per-minute", sms.per_minute, "At most so many")
        ->check(CLI::Range(1, 10'000))
        ->capture_default_str();
}

}  // namespace

void add_notify_options(CLI::App& serve, notify::Settings& settings) {
    serve.add_option(
        "--public-url", settings.public_url, "What links in messages begin with: https://..."
    );
    add_mail(serve, settings.mail);
    add_sms(serve, settings.sms);
}

}  // namespace linli::app
