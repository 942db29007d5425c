// SPDX-License-Identifier: Apache-2.0
#pragma once
/// The table of routes. Every route says its right and its scope, or the server does not start
/// (C15). A handler is
///     Result handler(Call&)   or   Result handler(Call&, const Body&)
/// where Body is a struct with fields or `Value`, and Result is void (204), a struct with fields, a
/// vector of such, an optional of such (404 if empty), `Json` or `Answer`.
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/fields.hpp"
#include "http/call.hpp"
#include "http/lane.hpp"

namespace linli::http {

/// Who may reach what: the rule that the handler's queries apply, tested for every route by the
/// scope-leak test.
enum class Scope {
    open,      ///< anybody, signed in or not
    self,      ///< any signed-in caller, about himself
    area,      ///< rows within the areas of the caller's grants
    record,    ///< one record, by the rights of its kind
    platform,  ///< the whole installation: administrators
};
constexpr auto names(Scope) {
    return std::array{"open", "self", "area", "record", "platform"};
}

enum class Transaction { automatic, none };

using Run = std::function<Answer(Call&)>;

struct Route {
    std::string method, path;  ///< "/api/records/{kind}/{id}"
    std::string right;         ///< kernel right; "" = none beyond what the scope says
    Scope scope;
    std::string summary;
    Transaction transaction = Transaction::automatic;
    Lane lane = Lane::ordinary;
    std::size_t body_limit = 1 << 20;
    bool idempotent_key = false;   ///< honours Idempotency-Key (C47); such a POST runs at most once
                                   ///< per key and account
    bool csrf = true;              ///< needs CSRF proof if the caller has a cookie session
    bool raw_body = false;         ///< the body is no JSON (upload)
    std::vector<std::string> ids;  ///< id-bearing fields: "path:id", "body:lead_unit", "query:area"
    std::vector<std::pair<std::string, std::string>>
        queries;  ///< name -> what it is; "f.*" = by prefix; others are refused (400)
    /// Reads the body on a worker (throws `invalid`) and gives what runs in the transaction; that
    /// may run more than once.
    std::function<Run(Value&& body)> prepare;
    std::string request_schema,
        response_schema;  ///< JSON Schema texts; "" = none, or no JSON; "{}" = any
    int success = 200;
    std::size_t number = 0;               ///< place in the table
    std::vector<std::string> parameters;  ///< names in the path, from left to right

    /// Long work on many rows: waits behind the rest, and is rationed (C78, C79).
    Route& bulk() {
        lane = Lane::bulk;
        return *this;
    }
    Route& no_transaction() {
        transaction = Transaction::none;
        return *this;
    }
    Route& limit(std::size_t bytes) {
        body_limit = bytes;
        return *this;
    }
    /// With no_transaction(), the handler calls answered_before() and once() (idempotency.hpp).
    Route& once_per_key() {
        idempotent_key = true;
        return *this;
    }
    Route& no_csrf() {
        csrf = false;
        return *this;
    }
    Route& raw() {
        raw_body = true;
        return *this;
    }
    Route& id_fields(std::vector<std::string> fields) {
        ids = std::move(fields);
        return *this;
    }
    Route& query(std::string name, std::string about) {
        queries.emplace_back(std::move(name), std::move(about));
        return *this;
    }
    Route& created() {
        success = 201;
        return *this;
    }
};

/// Schema of a type by its field list, as JSON text.
template <class T>
std::string schema_of();

class Router {
 public:
    template <class H>
    Route& get(std::string path, H handler, std::string right, Scope scope, std::string summary) {
        return add(
            "GET", std::move(path), std::move(handler), std::move(right), scope, std::move(summary)
        );
    }
    template <class H>
    Route& post(std::string path, H handler, std::string right, Scope scope, std::string summary) {
        return add(
            "POST", std::move(path), std::move(handler), std::move(right), scope, std::move(summary)
        );
    }
    template <class H>
    Route& patch(std::string path, H handler, std::string right, Scope scope, std::string summary) {
        return add(
            "PATCH", std::move(path), std::move(handler), std::move(right), scope,
            std::move(summary)
        );
    }
    template <class H>
    Route& put(std::string path, H handler, std::string right, Scope scope, std::string summary) {
        return add(
            "PUT", std::move(path), std::move(handler), std::move(right), scope, std::move(summary)
        );
    }
    template <class H>
    Route& remove(
        std::string path, H handler, std::string right, Scope scope, std::string summary
    ) {
        return add(
            "DELETE", std::move(path), std::move(handler), std::move(right), scope,
            std::move(summary)
        );
    }

    struct Match {
        const Route* route =
            nullptr;  ///< null: no such path (404) or, with `path_known`, no such method (405)
        bool path_known = false;
        std::vector<std::pair<std::string, std::string>> params;
        std::vector<std::string> allow;  ///< methods of the path, if only the method is wrong
    };
    Match find(std::string_view method, std::string_view path) const;
    const std::vector<std::unique_ptr<Route>>& routes() const { return m_routes; }
    /// Throws std::runtime_error for a route without summary, with a right that no role knows, or
    /// that changes things in a scope without saying which of its fields bear ids (C15). A doubled
    /// route is refused when it is added.
    void check(const std::vector<std::string>& known_rights) const;

 private:
    template <class H>
    Route& add(
        std::string method, std::string path, H handler, std::string right, Scope scope,
        std::string summary
    );
    Route& insert(Route route);
    std::vector<std::unique_ptr<Route>> m_routes;
    /// Literal segments before parameters; built by insert.
    struct Node;
    std::shared_ptr<Node> m_root;
};

/// OpenAPI 3.1 of the table; `extra_paths` and `extra_schemas` (JSON objects) come from the kinds.
std::string openapi(
    const Router&, const std::string& title, const std::string& version,
    const Value& extra_paths = {}, const Value& extra_schemas = {}
);

}  // namespace linli::http

#include "http/router_impl.hpp"
