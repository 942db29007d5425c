// SPDX-License-Identifier: Apache-2.0
#include "http/problem.hpp"

#include <new>

#include "base/json.hpp"
#include "base/log.hpp"

namespace linli::http {

const char* reason_phrase(int status) {
    switch (status) {
        case 100:
            return "Continue";
        case 200:
            return "OK";
        case 201:
            return "Created";
        case 202:
            return "Accepted";
        case 204:
            return "No Content";
        case 206:
            return "Partial Content";
        case 301:
            return "Moved Permanently";
        case 302:
            return "Found";
        case 303:
            return "See Other";
        case 304:
            return "Not Modified";
        case 307:
            return "Temporary Redirect";
        case 308:
            return "Permanent Redirect";
        case 400:
            return "Bad Request";
        case 401:
            return "Unauthorized";
        case 403:
            return "Forbidden";
        case 404:
            return "Not Found";
        case 405:
            return "Method Not Allowed";
        case 406:
            return "Not Acceptable";
        case 408:
            return "Request Timeout";
        case 409:
            return "Conflict";
        case 410:
            return "Gone";
        case 412:
            return "Precondition Failed";
        case 413:
            return "Content Too Large";
        case 414:
            return "URI Too Long";
        case 415:
            return "Unsupported Media Type";
        case 416:
            return "Range Not Satisfiable";
        case 417:
            return "Expectation Failed";
        case 422:
            return "Unprocessable Content";
        case 428:
            return "Precondition Required";
        case 429:
            return "Too Many Requests";
        case 431:
            return "Request Header Fields Too Large";
        case 500:
            return "Internal Server Error";
        case 503:
            return "Service Unavailable";
        case 507:
            return "Insufficient Storage";
        default:
            return status < 400 ? "OK" : "Refused";
    }
}

Answer problem_document(const Refused& refused, const std::string& request_id) {
    Answer answer;
    answer.status = refused.status;
    answer.type = "application/problem+json";
    JsonWriter out(answer.body);
    out.begin_object();
    out.key("type"), out.text("urn:linli:problem:" + refused.code);
    out.key("title"), out.text(reason_phrase(refused.status));
    out.key("status"), out.integer(refused.status);
    out.key("code"), out.text(refused.code);
    if (!refused.detail.empty()) {
        out.key("detail"), out.text(refused.detail);
    }
    out.key("problems"), out.begin_list();
    for (const auto& problem : refused.problems) {
        out.begin_object();
        out.key("pointer"), out.text(problem.pointer);
        out.key("code"), out.text(problem.code);
        out.key("detail"), out.text(problem.detail);
        out.end_object();
    }
    out.end_list();
    out.key("request_id"), out.text(request_id);
    out.end_object();
    if (refused.retry_after) {
        answer.headers.emplace_back("Retry-After", std::to_string(*refused.retry_after));
    }
    if (refused.status == 401) {
        answer.headers.emplace_back("WWW-Authenticate", "Bearer");
    }
    return answer;
}

namespace {

Answer internal_failure(const Request& request, const char* what) {
    log::error(
        "request_failed", obj(
                              {{"request", request.id},
                               {"method", request.method},
                               {"path", request.path},
                               {"error", what}}
                          )
    );
    return problem_document(
        Refused(500, "internal", "something went wrong here; the request id helps to find it"),
        request.id
    );
}

}  // namespace

Answer answer_of(std::exception_ptr failure, const Request& request) {
    try {
        std::rethrow_exception(failure);
    } catch (const Refused& refused) {
        return problem_document(refused, request.id);
    } catch (const store::DiskFull& full) {
        log::error("disk_full", obj({{"request", request.id}, {"error", full.what()}}));
        return problem_document(storage_full(), request.id);
    } catch (const store::Unreachable& away) {
        log::error("database_unreachable", obj({{"request", request.id}, {"error", away.what()}}));
        return problem_document(unavailable("database_unreachable", 2), request.id);
    } catch (const store::ConstraintError& broken) {
        if (broken.kind == store::ConstraintError::Kind::unique) {
            return problem_document(conflict("not_unique", "this exists already"), request.id);
        }
        return internal_failure(request, broken.what());
    } catch (const std::bad_alloc&) {
        return problem_document(unavailable("memory_short", 2), request.id);
    } catch (const std::exception& error) {
        return internal_failure(request, error.what());
    } catch (...) {
        return internal_failure(request, "unknown");
    }
}

}  // namespace linli::http
