// SPDX-License-Identifier: Apache-2.0
#pragma once
/// What is behind Server, shared by its two sources: requests without sockets, and the listening
/// side.
#include <atomic>

#include "http/transport.hpp"
#include "http/web_files.hpp"

namespace linli::http {

struct Server::Impl {
    Impl(Settings, Router&, store::Database&, TimeSource&, Identify, Streams&);

    void add_routes();
    Answer health(Call&) const;
    Answer ready(Call&) const;
    Answer metrics_page(Call&) const;
    std::string metrics_text() const;

    Settings settings;
    Router& router;
    store::Database& db;
    TimeSource& time;
    Streams& streams;
    Metrics metrics;
    std::function<std::string()> figures;
    Dispatcher dispatcher;
    std::unique_ptr<WebFiles> pages;  ///< null = no web
    std::atomic<bool> stopping = false;
    std::unique_ptr<Pool> pool;  ///< null until start
    std::unique_ptr<Transport> transport;
};

std::string new_request_id(
);  ///< 16 hex digits, unique in this process and hard to confuse with another's

}  // namespace linli::http
