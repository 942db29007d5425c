// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Addresses that a program on the open internet may be asked at (C43).
#include <sys/socket.h>

namespace linli::notify {

/// False for loopback, private, link-local (where clouds keep their metadata), shared, multicast
/// and reserved addresses, also where IPv6 wraps them; and for what is no internet address.
bool outside(const sockaddr&);

}  // namespace linli::notify
