/* self_test.c - what a goroutine asks and says of itself, and of the run. */
#define _GNU_SOURCE
#include <unistd.h>

#include "tests/inside.h"

INSIDE_TEST(self, main_is_goroutine_1)
{
    CHECK_EQ(go_self(), 1);
}

static void tell_self(chan(uint64_t) to)
{
    chan_send(to, go_self());
}

INSIDE_TEST(self, ids_are_never_used_twice)
{
    chan(uint64_t) ids = chan_make(uint64_t, 0);
    uint64_t last = 1;

    for (int i = 0; i < 100; i++) { /* one after the other: one slot */
        uint64_t id;

        go(tell_self, ids);
        id = chan_recv(ids);
        CHECK(id > last);
        last = id;
    }
}

INSIDE_TEST(self, count_is_of_those_that_exist)
{
    chan(uint64_t) never = chan_make(uint64_t, 0);

    CHECK_EQ(go_count(), 1);
    go(tell_self, never);
    go(tell_self, never);
    CHECK_EQ(go_count(), 3);
    chan_recv(never);
    chan_recv(never);
    let_all_park();
    CHECK_EQ(go_count(), 1);
}

Test(self, outside_of_a_run_there_is_no_goroutine)
{
    cr_assert_eq(go_self(), 0);
}

Test(self, a_call_outside_of_a_run_is_the_programs_panic, .exit_code = 2)
{
    go_yield();
}

static void spoil_errno(chan(int) done)
{
    errno = EBADF;
    go_yield();
    chan_send(done, errno);
}

static void errno_stays(int procs)
{
    chan(int) done = chan_make(int, 0);

    go_set_procs(procs);
    for (int i = 0; i < 50; i++) {
        go(spoil_errno, done);
        errno = ENOENT;
        CHECK_EQ(chan_recv(done), EBADF);
        CHECK_EQ(errno, ENOENT);
    }
}

INSIDE_TEST(self, errno_is_the_goroutine_s_own)
{
    errno_stays(1);
    errno_stays(4);
}

static int fail_in_call(void)
{
    return close(-1);
}

INSIDE_TEST(self, errno_of_a_blocking_call_comes_along)
{
    errno = 0;
    CHECK_EQ(go_blocking(fail_in_call), -1);
    CHECK_EQ(errno, EBADF);
}

static void choose(int n)
{
    go_choose(n);
}

INSIDE_TEST(self, choose_draws_each_of_n)
{
    unsigned seen = 0;

    for (int i = 0; i < 1000; i++) {
        int k = go_choose(7);

        CHECK(k >= 0 && k < 7);
        seen |= 1u << k;
    }
    CHECK_EQ(seen, 0x7f);
    CHECK_PANIC(go_try(choose, 0), "go_choose: 0 is not at least 1");
}

INSIDE_TEST(self, set_procs_tells_the_old_number)
{
    CHECK_EQ(go_set_procs(0), 1);
    CHECK_EQ(go_set_procs(3), 1);
    CHECK_EQ(go_set_procs(1), 3);
    CHECK_EQ(go_set_procs(0), 1);
}

static void take_turns(struct go_waitgroup *wg)
{
    for (int i = 0; i < 20; i++)
        go_yield();
    go_waitgroup_done(wg);
}

/* A stop takes workers from queues that are full: none may be forgotten. */
static void shrink_at_work(void)
{
    struct go_waitgroup wg = {0};

    for (int round = 0; round < 100; round++) {
        go_set_procs(4);
        go_waitgroup_add(&wg, 40);
        for (int i = 0; i < 40; i++)
            go(take_turns, &wg);
        for (int i = 0; i < 20; i++)
            go_yield();
        go_set_procs(1);
        go_waitgroup_wait(&wg);
    }
}

/* A goroutine that computes cannot be stopped there: dump_test.c. */
#ifndef __SANITIZE_THREAD__
enum {
    LONG = 100000000
};

static bool computing, woken; /* [atomic] */

static void computes(void)
{
    long n = 0;

    __atomic_store_n(&computing, true, __ATOMIC_RELEASE);
    while (n < LONG && !rt_load(woken))
        n++;
    CHECK_EQ(n, LONG);
}

/* Who computes beyond the procs that there are is no rest: no clock jumps. */
static void shrink_beside_one(void)
{
    struct go_waitgroup wg = {0};

    go_set_procs(2);
    go_waitgroup_go(&wg, computes);
    while (!__atomic_load_n(&computing, __ATOMIC_ACQUIRE))
        ; /* on the other worker */
    go_set_procs(1);
    go_sleep(GO_HOUR);
    rt_store(woken, true);
    go_waitgroup_wait(&wg);
}

Test(self, nobody_jumps_over_who_still_computes_beyond_the_procs)
{
    INSIDE(shrink_beside_one);
}
#endif

Test(self, fewer_procs_leave_no_goroutine_behind)
{
    INSIDE_REAL(shrink_at_work, 1);
}
