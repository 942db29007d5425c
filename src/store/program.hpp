// SPDX-License-Identifier: Apache-2.0
#pragma once
/// Another program, run with pipes to it and from it. Internal to the store.
#include <sys/types.h>

#include <string>
#include <string_view>
#include <vector>

namespace linli::store {

class Program {
 public:
    enum class Pipe { none, to_it, from_it };
    /// `environment` ("NAME=value") is added to that of this process.
    Program(
        const std::vector<std::string>& command, const std::vector<std::string>& environment,
        Pipe pipe
    );
    ~Program();  ///< ends it if it still runs
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;
    /// False if it does not take any more.
    bool write(std::string_view bytes) const;
    std::string read() const;  ///< a piece; "" at the end
    /// Waits for its end; throws std::runtime_error with what it said if it failed.
    void finish();
    static bool found(const std::string& name);

 private:
    std::string said() const;
    std::string m_name;
    pid_t m_pid = -1;
    int m_pipe = -1, m_errors = -1;
};

}  // namespace linli::store
