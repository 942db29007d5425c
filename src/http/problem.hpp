// SPDX-License-Identifier: Apache-2.0
#pragma once
/// The one place where a refusal becomes an answer: an RFC 9457 problem document (architecture §7).
#include <exception>
#include <string>

#include "base/error.hpp"
#include "http/call.hpp"

namespace linli::http {

/// `type title status code detail problems[] request`; Retry-After and WWW-Authenticate where they
/// belong.
Answer problem_document(const Refused&, const std::string& request_id);
/// What a failure tells the caller: refusals as they are, a full disk as 507, an unreachable
/// database as 503; anything else is logged with the request id and told as 500 `internal`.
Answer answer_of(std::exception_ptr, const Request&);
/// "Not Found" for 404.
const char* reason_phrase(int status);

}  // namespace linli::http
