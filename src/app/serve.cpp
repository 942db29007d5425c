// SPDX-License-Identifier: Apache-2.0
#include <pthread.h>
#include <signal.h>

#include <cstdio>

#include "app/backup.hpp"
#include "app/commands.hpp"
#include "app/demo.hpp"
#include "app/harden.hpp"
#include "base/log.hpp"

namespace linli::app {

namespace {

/// The system's time, or that of a later day for rehearsals.
class ShiftedTime final : public TimeSource {
 public:
    explicit ShiftedTime(std::int64_t ahead_ms) : m_ahead_ms(ahead_ms) {}
    Instant now() override { return m_system.now() + m_ahead_ms; }

 private:
    SystemTime m_system;
    std::int64_t m_ahead_ms;
};

/// Blocks the stop signals for all threads made from here on, so that one place can wait for them.
sigset_t block_stop_signals() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    signal(SIGPIPE, SIG_IGN);
    return set;
}

void say_how_to_sign_in(Application& application, const Settings& settings, Instant now) {
    std::printf(
        "linli serves http://%s:%d\n", settings.http.address.c_str(), application.server().port()
    );
    const auto token = application.identity().first_token(now);
    if (!token.empty()) {
        std::printf(
            "There is no account yet. Make the first administrator within an hour at\n"
            "  http://%s:%d/setup?token=%s\n",
            settings.http.address.c_str(), application.server().port(), token.c_str()
        );
    } else if (application.identity().only_demo_accounts()) {
        std::printf(
            "All accounts are those of the demo, which sign in with --demo alone. Choose another "
            "--data folder or --db for a system of your own.\n"
        );
    } else if (settings.demo) {
        std::printf(
            "Demo: choose an account on the sign-in page; the password of all is %s\n",
            demo_password
        );
    }
    std::fflush(stdout);
}

}  // namespace

int serve(Settings settings) {
    const auto stop_signals = block_stop_signals();
    ShiftedTime time(settings.ahead_ms);
    SystemRandom random;
    forbid_core_dumps();
    snapshot_before_upgrade(settings, time, random);
    if (settings.demo) {
        fill_demo_if_empty(settings, 1, {}, SystemTime().now());
    }
    Application application(settings, time, random);
    application.start();
    if (!forbid_programs()) {
        log::warning("programs_not_forbidden");
    }
    say_how_to_sign_in(application, settings, time.now());
    int received = 0;
    sigwait(&stop_signals, &received);
    log::info("stopping", obj({{"signal", received}}));
    application.stop();
    return 0;
}

}  // namespace linli::app
