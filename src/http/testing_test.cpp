// SPDX-License-Identifier: Apache-2.0
#include "http/testing.hpp"

#include "http/target.hpp"

namespace linli::http {

namespace {

Caller identify(const Request& request, store::Database&, Instant) {
    Caller caller;
    const auto* who = request.header("x-who");
    if (!who || who->empty()) {
        return caller;
    }
    const bool writes = *who == "writer" || *who == "program";
    caller.name = *who;
    caller.account.value = *who == "reader" ? 1 : *who == "writer" ? 2 : 3;
    caller.csrf = *who == "program" ? "" : "w";
    caller.rights = writes ? std::vector<std::string>{"note.write"} : std::vector<std::string>{};
    return caller;
}

}  // namespace

TestServer::TestServer(Settings settings) {
    store::Options options;
    options.url = ":memory:";
    options.unsafe_durability = true;
    db = store::Database::open(options, time, random);
    auto steps = store::schema();
    for (auto& step : http::schema()) {
        steps.push_back(std::move(step));
    }
    db->migrate(steps);
    server = std::make_unique<Server>(std::move(settings), router, *db, time, identify, streams);
}

TestServer::~TestServer() {
    server.reset();
    db->close();
}

TestServer::As TestServer::As::header(const std::string& name, const std::string& value) const {
    As other = *this;
    other.m_headers.emplace_back(lower_case(name), value);
    return other;
}

TestServer::As TestServer::As::peer(const std::string& address) const {
    As other = *this;
    other.m_peer = address;
    return other;
}

Answer TestServer::As::send(
    const std::string& method, const std::string& target, const std::string& body
) const {
    Request request;
    request.method = method;
    request.path = target;
    request.body = body;
    request.peer = m_peer;
    auto headers = m_headers;
    headers.insert(
        headers.end(), {{"x-who", m_who}, {"x-csrf", "w"}, {"content-type", "application/json"}}
    );
    for (auto& [name, value] : headers) {
        if (!request.header(name)) {
            request.headers.emplace_back(name, value);
        }
    }
    std::erase_if(request.headers, [](const auto& header) { return header.second.empty(); });
    return m_on.server->serve(std::move(request));
}

}  // namespace linli::http
