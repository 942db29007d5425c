// SPDX-License-Identifier: Apache-2.0
#include "http/pool.hpp"

#include <doctest/doctest.h>

#include <future>
#include <string>

using namespace linli::http;

namespace {

/// One thread that is held up until `go`, so that what waits is known.
struct Held {
    explicit Held(std::size_t queue) : pool(1, queue) {
        std::promise<void> began;
        pool.post(
            Lane::urgent, {[this, &began] {
                               began.set_value();
                               gate.get_future().wait();
                           },
                           [] {}}
        );
        began.get_future().wait();
    }
    bool post(Lane lane, char name) {
        return pool.post(
            lane, {[this, name] { add(ran, name); }, [this, name] { add(refused, name); }}
        );
    }
    std::string all_that_ran() {
        gate.set_value();
        std::promise<void> last;
        while (pool.waiting() > 0) {
            std::this_thread::yield();
        }
        pool.post(Lane::bulk, {[&last] { last.set_value(); }, [] {}});
        last.get_future().wait();
        return ran;
    }
    void add(std::string& to, char name) {
        const std::lock_guard lock(mutex);
        to += name;
    }
    std::mutex mutex;
    std::string ran, refused;
    std::promise<void> gate;
    Pool pool;
};

}  // namespace

TEST_CASE("C78: urgent orders go first, long work last") {
    Held held(100);
    held.post(Lane::bulk, 'b');
    held.post(Lane::ordinary, 'o');
    held.post(Lane::urgent, 'u');
    held.post(Lane::ordinary, 'p');
    CHECK(held.all_that_ran() == "uopb");
}

TEST_CASE("C78: in a full queue the youngest of the lowest lane gives way to what is more urgent") {
    Held held(3);
    CHECK(held.post(Lane::bulk, 'b'));
    CHECK(held.post(Lane::ordinary, 'o'));
    CHECK(held.post(Lane::ordinary, 'p'));
    CHECK_FALSE(held.post(Lane::bulk, 'x'));
    CHECK(held.post(Lane::urgent, 'u'));
    CHECK(held.post(Lane::urgent, 'v'));
    CHECK(held.refused == "bp");
    CHECK_FALSE(held.post(Lane::ordinary, 'y'));
    CHECK(held.post(Lane::urgent, 'w'));
    CHECK_FALSE(held.post(Lane::urgent, 'z'));
    CHECK(held.refused == "bpo");
    CHECK(held.all_that_ran() == "uvw");
}

TEST_CASE("C78: long work is not starved by ordinary work") {
    Held held(100);
    held.post(Lane::bulk, 'b');
    for (int i = 0; i < 20; ++i) {
        held.post(Lane::ordinary, 'o');
    }
    CHECK(held.all_that_ran().find('b') < 10);
}

TEST_CASE("a piece of a long answer is let in though the queue is full, and never gives way") {
    Held held(1);
    held.post(Lane::ordinary, 'o');
    CHECK(held.pool.post_piece([&] { held.add(held.ran, 'x'); }));
    CHECK(held.post(Lane::urgent, 'u'));
    CHECK(held.refused == "o");
    CHECK(held.all_that_ran() == "ux");
}
