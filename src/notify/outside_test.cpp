// SPDX-License-Identifier: Apache-2.0
#include <arpa/inet.h>
#include <doctest/doctest.h>

#include <cstring>
#include <string>

#include "notify/outside.hpp"

using namespace linli::notify;

namespace {

bool outside(const std::string& text) {
    sockaddr_storage storage{};
    auto& four = reinterpret_cast<sockaddr_in&>(storage);
    auto& six = reinterpret_cast<sockaddr_in6&>(storage);
    if (::inet_pton(AF_INET, text.c_str(), &four.sin_addr) == 1) {
        four.sin_family = AF_INET;
    } else {
        REQUIRE(::inet_pton(AF_INET6, text.c_str(), &six.sin6_addr) == 1);
        six.sin6_family = AF_INET6;
    }
    return linli::notify::outside(reinterpret_cast<const sockaddr&>(storage));
}

}  // namespace

TEST_CASE("inner addresses are told from outer ones, also where IPv6 wraps them (C43)") {
    for (const auto* text :
         {"127.0.0.1",
          "127.255.255.254",
          "0.0.0.0",
          "10.0.0.1",
          "172.16.0.1",
          "172.31.255.255",
          "192.168.1.1",
          "169.254.169.254",
          "100.64.0.1",
          "100.100.100.200",
          "192.0.0.8",
          "198.18.0.1",
          "224.0.0.1",
          "255.255.255.255",
          "::",
          "::1",
          "fe80::1",
          "fc00::1",
          "fd00:ec2::254",
          "ff02::1",
          "::ffff:127.0.0.1",
          "::ffff:10.0.0.1",
          "::7f00:1",
          "64:ff9b::7f00:1",
          "2002:7f00:1::",
          "2001::1",
          "2001:db8::1"}) {
        CAPTURE(text);
        CHECK_FALSE(outside(text));
    }
    for (const auto* text :
         {"1.1.1.1", "8.8.8.8", "172.32.0.1", "192.169.0.1", "100.128.0.1", "223.255.255.1",
          "2400:3200::1", "2606:4700::1111", "64:ff9b::808:808"}) {
        CAPTURE(text);
        CHECK(outside(text));
    }
}
