// SPDX-License-Identifier: Apache-2.0
#include "base/error.hpp"

namespace linli {

Refused malformed(std::string code, std::string detail) {
    return {400, std::move(code), std::move(detail)};
}
Refused unauthenticated(std::string code, std::string detail) {
    return {401, std::move(code), std::move(detail)};
}
Refused forbidden(std::string code, std::string detail) {
    return {403, std::move(code), std::move(detail)};
}
Refused not_found(const std::string& what) {
    return {404, what + "_not_found", "there is no such " + what + ", or it is out of your scope"};
}
Refused conflict(std::string code, std::string detail) {
    return {409, std::move(code), std::move(detail)};
}
Refused stale() {
    return {412, "version_stale", "it was changed meanwhile; read it again and repeat the change"};
}
Refused too_large(std::string code, std::string detail) {
    return {413, std::move(code), std::move(detail)};
}
Refused invalid(std::vector<Problem> problems) {
    return {422, "invalid", "see the list of problems", std::move(problems)};
}
Refused invalid(std::string pointer, std::string code, std::string detail) {
    return invalid({Problem{std::move(pointer), std::move(code), std::move(detail)}});
}
Refused version_missing() {
    return {428, "version_missing", "send the version you have read in the header If-Match"};
}
Refused too_many(std::string code, int retry_after_seconds) {
    Refused refused(429, std::move(code), "too many attempts; try again later");
    refused.retry_after = retry_after_seconds;
    return refused;
}
Refused unavailable(std::string code, int retry_after_seconds) {
    Refused refused(503, std::move(code), "not available now; try again later");
    refused.retry_after = retry_after_seconds;
    return refused;
}
Refused storage_full() {
    return {507, "storage_full", "the disk is full; nothing was stored, reading goes on"};
}

}  // namespace linli
