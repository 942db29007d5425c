// SPDX-License-Identifier: Apache-2.0
#include "notify/post.hpp"

#include <curl/curl.h>

#include <stdexcept>

namespace linli::notify {

namespace {

constexpr long connect_seconds = 10, whole_seconds = 60;

int ask_whether_to_go_on(void* stopped, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return (*static_cast<const Stopped*>(stopped))() ? 1 : 0;
}

}  // namespace

Connection::Connection() {
    static const auto ready = curl_global_init(CURL_GLOBAL_DEFAULT);
    m_handle = ready == CURLE_OK ? curl_easy_init() : nullptr;
    if (!m_handle) {
        throw std::runtime_error("libcurl cannot be used");
    }
}

Connection::~Connection() {
    curl_easy_cleanup(m_handle);
}

void* Connection::fresh(const Stopped& stopped) {
    m_stopped = stopped;
    curl_easy_reset(m_handle);
    curl_easy_setopt(m_handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(m_handle, CURLOPT_PROXY, "");
    curl_easy_setopt(m_handle, CURLOPT_CONNECTTIMEOUT, connect_seconds);
    curl_easy_setopt(m_handle, CURLOPT_TIMEOUT, whole_seconds);
    curl_easy_setopt(m_handle, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(m_handle, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    curl_easy_setopt(m_handle, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(m_handle, CURLOPT_XFERINFOFUNCTION, ask_whether_to_go_on);
    curl_easy_setopt(m_handle, CURLOPT_XFERINFODATA, &m_stopped);
    return m_handle;
}

}  // namespace linli::notify
