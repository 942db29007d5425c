// SPDX-License-Identifier: Apache-2.0
#include "app/harden.hpp"

#include <doctest/doctest.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <functional>
#include <thread>

using namespace linli::app;

namespace {

/// The exit code of a process of its own that runs `f`.
int exit_code(const std::function<int()>& f) {
    const auto child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        ::_exit(f());
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int run_true() {
    ::execl("/bin/true", "true", nullptr);
    return errno == EPERM ? 10 : 11;
}

}  // namespace

TEST_CASE("a process that serves leaves no core file") {
    CHECK(exit_code([] {
              forbid_core_dumps();
              rlimit limit{1, 1};
              ::getrlimit(RLIMIT_CORE, &limit);
              return limit.rlim_max == 0 && ::prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0 ? 10 : 11;
          }) == 10);
}

TEST_CASE("no thread of a process that serves can run a program or trace another process") {
    if (exit_code([] { return forbid_programs() ? 10 : 11; }) != 10) {
        MESSAGE("this build or kernel has no such filter");
        return;
    }
    CHECK(exit_code(run_true) == 0);  // the control: without the filter it runs
    CHECK(exit_code([] {
              forbid_programs();
              return run_true();
          }) == 10);
    CHECK(exit_code([] {
              forbid_programs();
              return ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) == -1 && errno == EPERM ? 10
                                                                                           : 11;
          }) == 10);
    CHECK(exit_code([] {
              int code = 0;
              bool ready = false;
              std::jthread other([&] {  // there before the filter
                  while (!__atomic_load_n(&ready, __ATOMIC_ACQUIRE)) {
                  }
                  code = run_true();
              });
              forbid_programs();
              __atomic_store_n(&ready, true, __ATOMIC_RELEASE);
              other.join();
              return code;
          }) == 10);
}
