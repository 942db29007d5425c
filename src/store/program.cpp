// SPDX-License-Identifier: Apache-2.0
#include "store/program.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "base/text.hpp"

namespace linli::store {

namespace {

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> all;
    for (auto& text : texts) {
        all.push_back(text.data());
    }
    all.push_back(nullptr);
    return all;
}

/// The program starts with the usual signals, whatever this process has blocked.
void give_usual_signals(posix_spawnattr_t& attributes) {
    sigset_t none, usual;
    sigemptyset(&none);
    sigemptyset(&usual);
    sigaddset(&usual, SIGPIPE);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &usual);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
}

std::vector<std::string> with_ours(const std::vector<std::string>& more) {
    std::vector<std::string> all = more;
    for (char** one = environ; *one; ++one) {
        all.emplace_back(*one);
    }
    return all;
}

}  // namespace

Program::Program(
    const std::vector<std::string>& command, const std::vector<std::string>& environment, Pipe pipe
)
    : m_name(command.front()), m_errors(::memfd_create("stderr", MFD_CLOEXEC)) {
    std::array<int, 2> ends{-1, -1};
    if (pipe != Pipe::none && ::pipe2(ends.data(), O_CLOEXEC) != 0) {
        throw std::system_error(errno, std::generic_category(), "cannot make a pipe");
    }
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, m_errors, STDERR_FILENO);
    const bool to_it = pipe == Pipe::to_it;
    if (pipe != Pipe::from_it) {
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    }
    if (pipe != Pipe::none) {
        posix_spawn_file_actions_adddup2(
            &actions, ends[to_it ? 0 : 1], to_it ? STDIN_FILENO : STDOUT_FILENO
        );
    }
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    give_usual_signals(attributes);
    auto words = command;
    auto variables = with_ours(environment);
    const int code = ::posix_spawnp(
        &m_pid, m_name.c_str(), &actions, &attributes, pointers(words).data(),
        pointers(variables).data()
    );
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    if (pipe != Pipe::none) {
        ::close(ends[to_it ? 0 : 1]);
        m_pipe = ends[to_it ? 1 : 0];
    }
    if (code != 0) {
        m_pid = -1;
        throw std::system_error(code, std::generic_category(), "cannot run " + m_name);
    }
}

Program::~Program() {
    if (m_pid > 0) {
        ::kill(m_pid, SIGTERM);
        ::waitpid(m_pid, nullptr, 0);
    }
    for (const int file : {m_pipe, m_errors}) {
        if (file >= 0) {
            ::close(file);
        }
    }
}

bool Program::write(std::string_view bytes) const {
    while (!bytes.empty()) {
        const auto written = ::write(m_pipe, bytes.data(), bytes.size());
        if (written < 0 && errno != EINTR) {
            return false;
        }
        bytes.remove_prefix(written > 0 ? static_cast<std::size_t>(written) : 0);
    }
    return true;
}

std::string Program::read() const {
    std::string bytes(64 * 1024, '\0');
    ssize_t size = 0;
    do {
        size = ::read(m_pipe, bytes.data(), bytes.size());
    } while (size < 0 && errno == EINTR);
    bytes.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
    return bytes;
}

std::string Program::said() const {
    std::string text(2000, '\0');
    const auto size = ::pread(m_errors, text.data(), text.size(), 0);
    text.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
    return tidy(text, true);
}

void Program::finish() {
    if (m_pipe >= 0) {
        ::close(m_pipe);
        m_pipe = -1;
    }
    int status = 0;
    ::waitpid(m_pid, &status, 0);
    m_pid = -1;
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        throw std::runtime_error(m_name + " failed: " + said());
    }
}

bool Program::found(const std::string& name) {
    const char* path = std::getenv("PATH");
    for (const auto folder : split(path ? path : "/usr/bin:/bin", ':')) {
        if (::access((std::filesystem::path(folder) / name).c_str(), X_OK) == 0) {
            return true;
        }
    }
    return false;
}

}  // namespace linli::store
