// SPDX-License-Identifier: Apache-2.0
#pragma once
/// The record engine: a kind of the catalogue becomes a table, and its records are created, read,
/// changed, listed, searched, imported and exported under the rights of the kind.
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "area/decision.hpp"
#include "base/crypto.hpp"
#include "catalogue/catalogue.hpp"
#include "flow/flow.hpp"
#include "http/router.hpp"
#include "identity/scope.hpp"
#include "store/blob.hpp"
#include "store/change.hpp"

namespace linli::record {

struct Core;

struct Parts {
    std::shared_ptr<const catalogue::Catalogue> catalogue;
    area::Areas& areas;
    const flow::Flow& flow;
    store::Blobs& blobs;
    std::shared_ptr<const FieldCipher> cipher;  ///< for sensitive fields
    int filings_per_hour = 0;  ///< of an account without a role of staff; 0 = no limit
};

/// Makes and extends the tables and indexes of all kinds; only adds. Returns what was done, a line
/// each.
std::vector<std::string> apply(store::Tx&, const catalogue::Catalogue&);

/// Whether a record names the file of that name: as it is at the call.
std::function<bool(const std::string&)> named_blobs(store::Database&);

/// What a caller gets of one record: fields already masked or left out.
struct View {
    RecordId id;
    std::int64_t version = 0;
    std::int64_t change = 0;  ///< id of the change line; 0 if nothing was written
    std::string json;         ///< contract of GET /api/records/{kind}/{id}
};

/// Open records of a kind that a decision about areas files anew.
struct Refiled {
    std::string kind;
    AreaId from, to;
    std::int64_t records = 0;
};
/// Records of a kind that are over and stay under an area that ends.
struct Staying {
    std::string kind;
    AreaId area;
    std::int64_t records = 0;
};
/// Whether to file, and to keep where they were so that it can be undone.
enum class Refiling { count, keep, for_good };

/// Immutable after construction; safe from any thread.
class Engine {
 public:
    explicit Engine(Parts);
    ~Engine();

    /// `body`: {"area": "id", "fields": {...}}. Throws invalid, forbidden, not_found.
    View create(
        store::Tx&, const http::Caller&, const std::string& kind, const Value& body, Instant now,
        const std::string& request_id = {}
    ) const;
    View read(store::Tx&, const http::Caller&, const std::string& kind, RecordId, Instant now)
        const;
    View change(
        store::Tx&, const http::Caller&, const std::string& kind, RecordId, std::int64_t version,
        const Value& body, Instant now, const std::string& request_id = {}
    ) const;
    View withdraw(
        store::Tx&, const http::Caller&, const std::string& kind, RecordId, std::int64_t version,
        const std::string& reason, Instant now, const std::string& request_id = {}
    ) const;
    /// `body`: {"reason": ..., "lead_unit": ..., "assist_units": [...], "result": ..., "evidence":
    /// {...}, "fields": {...}}.
    View act(
        store::Tx&, const http::Caller&, const std::string& kind, RecordId,
        std::optional<std::int64_t> version, const std::string& action, const Value& body,
        Instant now, const std::string& request_id = {}
    ) const;
    void act_by_timer(store::Tx&, const RecordRef&, const std::string& action, Instant now) const;

    /// Files open records anew as a decision about areas plans it: by the compound or grid that
    /// they name, else with their area. Throws invalid if they are more than one transaction should
    /// hold.
    std::vector<Refiled> refile(store::Tx&, const area::Plan&, const area::Hooks::Deed&, Refiling)
        const;
    /// Undoes it: what was not moved since goes back to where it was; what was filed meanwhile
    /// under areas that are no more goes with them.
    void file_back(store::Tx&, const area::Plan& back, const area::Hooks::Deed&) const;
    std::vector<Staying> staying(store::Tx&, const std::vector<area::Ending>&, const area::Tree&)
        const;

    /// The tables of the kinds, for rooms above that show many records in a way of their own.
    std::shared_ptr<const Core> core() const;

    void routes(http::Router&);
    /// Whether a request files something urgent, as far as its body says: for http::Urgent.
    bool sounds_urgent(const http::Request&, const http::Route&) const;
    /// Follower that keeps the full-text index; register with store::Follower under the name
    /// "search".
    store::Follower::Handle indexer() const;
    /// OpenAPI paths and schemas of the kinds, for http::openapi.
    Value openapi_paths() const;
    Value openapi_schemas() const;

 private:
    struct Impl;
    std::shared_ptr<Impl> m_impl;
};

std::vector<store::SchemaStep> schema();  ///< record_history, record_file, ...

}  // namespace linli::record
