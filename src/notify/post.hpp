// SPDX-License-Identifier: Apache-2.0
#pragma once
/// What becomes of one try to send, and the handle by which libcurl keeps its connection.
#include <functional>
#include <memory>
#include <string>

namespace linli::notify {

struct Outcome {
    enum class Result {
        sent,
        later,   ///< try this message again
        never,   ///< the other side will not take it, now or later
        nobody,  ///< the other side is not there at all: nothing else need be tried now
    };
    Result result = Result::sent;
    std::string reason;  ///< a word and a number; never an address or what the other side wrote
};

using Stopped = std::function<bool()>;

/// One connection, kept from message to message. Used by one thread.
class Connection {
 public:
    Connection();
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    /// A fresh easy handle (CURL*) with the limits that hold for every try.
    void* fresh(const Stopped&);

 private:
    void* m_handle;
    Stopped m_stopped;
};

}  // namespace linli::notify
