// SPDX-License-Identifier: Apache-2.0
#pragma once
/// What the files of the Open311 interface share.
#include "exchange/open311.hpp"
#include "exchange/open311_answer.hpp"
#include "exchange/open311_form.hpp"
#include "exchange/open311_mapping.hpp"
#include "record/engine.hpp"

namespace linli::exchange {

/// Immutable after construction; kept alive by the routes.
struct Open311 {
    std::shared_ptr<const catalogue::Catalogue> catalogue;
    const record::Engine& engine;
    std::shared_ptr<const record::Core> core;
    http::Identify identify;
    Instant started;
    std::optional<Mapping> mapped;

    const Mapping& mapping() const;  ///< throws not_found("service") if no kind offers anything
    const record::KindTable& table() const { return core->table(mapping().kind->name); }
    /// The services as they are called in an area; none = as core calls them.
    const catalogue::ChoiceList& list_in(AreaId) const;
};

/// A parameter that cannot be what it is.
Refused wrong(const std::string& name, const std::string& why);
/// The area of `jurisdiction_id` or `address_id`: an official code, or the name of a city's pack.
/// Throws not_found("jurisdiction") for what is none.
const area::Node& area_of(const Open311&, const area::Tree&, const std::string& code);
/// The same of a parameter that may be left out.
AreaId jurisdiction_of(const Open311&, const area::Tree&, const std::string& code);
/// Whether the client asks for English words.
bool in_english(const http::Request&);
inline const std::string& text_in(const catalogue::Title& title, bool english) {
    return english && !title.en.empty() ? title.en : title.zh;
}
/// "2025-05-08T08:00:00Z" or with an offset; a date alone is its midnight. Throws invalid.
std::optional<Instant> time_of(const std::string& name, const std::string& text);

struct Period {
    Instant from, to;
};
/// At most 90 days; the last 90 if nothing is said. Throws invalid.
Period period_of(const std::string& start, const std::string& end, Instant now);

/// Whether a record may be shown to the public at all.
bool shown(const Open311&, const record::Record&);
/// Who asks by `api_key` or as a bearer token; throws forbidden.
http::Caller key_holder(const Open311&, const http::Call&, const Form&);
/// 404 for what is no id.
RecordId request_id(const std::string& text);

Value discovery(const Open311&, const http::Request&);
Value list_services(const Open311&, const http::Call&);
Value define_service(const Open311&, const http::Call&);
Value list_requests(const Open311&, const http::Call&);
Value one_request(const Open311&, const http::Call&);
Value token(const Open311&, const http::Call&);
Value list_updates(const Open311&, const http::Call&);
Value file_request(const Open311&, http::Call&);
Value file_update(const Open311&, http::Call&);

}  // namespace linli::exchange
