// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Saying no in one way: a refusal is thrown by its helper and turned into an answer once, in
/// http/.
#include <exception>
#include <optional>
#include <string>
#include <vector>

namespace linli {

/// One thing that is wrong with the input: where (JSON pointer, or "row 3, column phone"), which
/// stable word, and what to do about it in English (the web translates by code).
struct Problem {
    std::string pointer;
    std::string code;
    std::string detail;
};

/// A request that cannot go on. `code` is a stable snake_case word, translated by the web.
class Refused : public std::exception {
 public:
    Refused(int answer, std::string word, std::string text, std::vector<Problem> list = {})
        : status(answer),
          code(std::move(word)),
          detail(std::move(text)),
          problems(std::move(list)) {}
    const char* what() const noexcept override { return code.c_str(); }

    int status;  ///< HTTP status (architecture §7)
    std::string code;
    std::string detail;
    std::vector<Problem> problems;
    std::optional<int> retry_after;  ///< seconds
};

Refused malformed(std::string code, std::string detail);             ///< 400
Refused unauthenticated(std::string code, std::string detail = {});  ///< 401
Refused forbidden(std::string code, std::string detail = {});        ///< 403
Refused not_found(const std::string& what);                          ///< 404 `<what>_not_found`
Refused conflict(std::string code, std::string detail = {});         ///< 409
Refused stale();                                                     ///< 412 `version_stale`
Refused too_large(std::string code, std::string detail);             ///< 413
Refused invalid(std::vector<Problem> problems);                      ///< 422 `invalid`
Refused invalid(
    std::string pointer, std::string code, std::string detail = {}
);                                                               ///< 422, one problem
Refused version_missing();                                       ///< 428 `version_missing`
Refused too_many(std::string code, int retry_after_seconds);     ///< 429
Refused unavailable(std::string code, int retry_after_seconds);  ///< 503
Refused storage_full();                                          ///< 507 `storage_full`

}  // namespace linli
