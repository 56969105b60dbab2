/*
 * conformance_sync_test.c - what Go promises of package sync, and what vigil
 * adds to it: owners, hand-overs, threads that are no goroutines.
 */
#include <pthread.h>

#include "runtime/sched/ended.h"
#include "runtime/sync/mutex.h"
#include "tests/parked.h"

static struct go_mutex mu;
static struct go_rwmutex rw;
static struct go_waitgroup wg;
static struct go_cond cond;
static struct go_semaphore sema;
static int step;

/* -- mutex -------------------------------------------------------------- */

static int rounds;
static bool enough;
static void hogs(void)
{
    while (!enough) {
        go_mutex_lock(&mu);
        rounds++;
        go_sleep(GO_SECOND);
        go_mutex_unlock(&mu);
    }
}
/* A lock that is unlocked only to be locked again at once. */
static void not_starved(void)
{
    go(hogs);
    while (!rounds)
        go_yield();
    for (int i = 0; i < 10; i++) {
        int before = rounds;

        go_mutex_lock(&mu);
        CHECK(rounds - before <= 2);
        go_mutex_unlock(&mu);
        go_sleep(GO_SECOND / 2);
    }
    enough = true;
}
Test(conformance_sync, no_waiter_starves_on_a_virtual_clock)
{
    INSIDE(not_starved);
}

/* -- rwmutex ------------------------------------------------------------ */

static void write_lock(void)
{
    go_rwmutex_lock(&rw);
    go_rwmutex_unlock(&rw);
}
static void recursive_read(void)
{
    go_rwmutex_rlock(&rw);
    go(write_lock);
    until_parked(1, GO_WAIT_RWMUTEX_LOCK);
    go_rwmutex_rlock(&rw);
}
Test(conformance_sync, recursive_rlock_with_a_pending_writer_deadlocks)
{
    expect_deadlock(recursive_read);
}

static void recursive_alone(void)
{
    go_rwmutex_rlock(&rw);
    go_rwmutex_rlock(&rw);
    go_rwmutex_runlock(&rw);
    go_rwmutex_runlock(&rw);
}
Test(conformance_sync, recursive_rlock_without_a_writer_is_allowed)
{
    INSIDE(recursive_alone);
}

static void read_then_step(void)
{
    go_rwmutex_rlock(&rw);
    step++;
    go_rwmutex_runlock(&rw);
}
/* A reader that comes after the unlock queues behind the next writer. */
static void late_reader(void)
{
    go_rwmutex_lock(&rw);
    go(write_lock);
    until_parked(1, GO_WAIT_RWMUTEX_LOCK);
    go(read_then_step);
    until_parked(1, GO_WAIT_RWMUTEX_RLOCK);
    go_rwmutex_unlock(&rw);
    CHECK(!go_rwmutex_tryrlock(&rw));
    CHECK_EQ(step, 0);
    go_rwmutex_rlock(&rw);
    CHECK_EQ(step, 1);
    go_rwmutex_runlock(&rw);
}
Test(conformance_sync, only_readers_queued_before_the_unlock_are_let_in)
{
    INSIDE(late_reader);
}

/* -- hand-over ------------------------------------------------------------ */

static uint64_t worker;
static chan(int) go_on;

static void unlocks_when_told(void)
{
    worker = go_self();
    chan_recv(go_on);
    go_mutex_unlock(&mu);
    step++;
}
static void hand_to_idle(void)
{
    go_on = chan_make(int, 0);
    go_mutex_lock(&mu);
    go(unlocks_when_told);
    until_parked(1, GO_WAIT_CHAN_RECV);
    go_mutex_hand_over(&mu, worker);
    CHECK_PANIC(go_try(go_mutex_unlock_at, &mu, NULL),
                "sync: unlock of mutex owned by goroutine 2");
    chan_send(go_on, 1);
    go_mutex_lock(&mu);
    go_mutex_unlock(&mu);
    CHECK_EQ(step, 1);
}
Test(conformance_sync, a_mutex_is_handed_to_who_does_not_wait)
{
    INSIDE(hand_to_idle);
}

static void locks(void)
{
    worker = go_self();
    go_mutex_lock(&mu);
    step = step * 10 + (int)go_self();
    go_mutex_unlock(&mu);
}
/* Goroutine 3 is second in the queue, and gets it first. */
static void hand_to_waiter(void)
{
    go_mutex_lock(&mu);
    go(locks);
    until_parked(1, GO_WAIT_MUTEX);
    go(locks);
    until_parked(2, GO_WAIT_MUTEX);
    go_mutex_hand_over(&mu, worker);
    CHECK(!go_mutex_trylock(&mu));
    while (step < 10)
        go_yield();
    CHECK_EQ(step, 32);
    CHECK_EQ(mu.owner, 0);
}
Test(conformance_sync, a_mutex_is_handed_to_a_chosen_waiter)
{
    INSIDE(hand_to_waiter);
}

/* The one on its way to a mutex that was free for it is handed it then. */
static void hand_to_woken(void)
{
    go_mutex_lock(&mu);
    go(locks);
    until_parked(1, GO_WAIT_MUTEX);
    go_mutex_unlock(&mu);
    CHECK(go_mutex_trylock(&mu));
    go_mutex_hand_over(&mu, worker);
    while (!step)
        go_yield();
    CHECK_EQ(step, 2);
    CHECK_EQ(mu.owner, 0);
    CHECK_EQ(mu.handoff, 0);
}
Test(conformance_sync, a_mutex_is_handed_to_who_was_woken_for_it)
{
    INSIDE(hand_to_woken);
}

static void hand_wrong(void)
{
    CHECK_PANIC(go_try(go_mutex_hand_over_at, &mu, (uint64_t)1, NULL),
                "sync: unlock of unlocked mutex");
    go_mutex_lock(&mu);
    CHECK_PANIC(go_try(go_mutex_hand_over_at, &mu, (uint64_t)99, NULL),
                "sync: hand over to goroutine 99, which does not exist");
    go_mutex_hand_over(&mu, 1);
    go_mutex_unlock(&mu);
    CHECK_PANIC(go_try(go_rwmutex_rhand_over_at, &rw, (uint64_t)1, NULL),
                "sync: RUnlock of unlocked RWMutex");
    CHECK_PANIC(go_try(go_rwmutex_hand_over_at, &rw, (uint64_t)1, NULL),
                "sync: Unlock of unlocked RWMutex");
}
Test(conformance_sync, only_the_owner_hands_over_and_only_to_somebody)
{
    INSIDE(hand_wrong);
}

static void unlocks_both(void)
{
    worker = go_self();
    chan_recv(go_on);
    go_rwmutex_runlock(&rw);
    chan_recv(go_on);
    go_rwmutex_unlock(&rw);
    step++;
}
static void hand_rw(void)
{
    go_on = chan_make(int, 0);
    go(unlocks_both);
    until_parked(1, GO_WAIT_CHAN_RECV);
    go_rwmutex_rlock(&rw);
    go_rwmutex_rhand_over(&rw, worker);
    CHECK_EQ(rw.readers, 1);
    chan_send(go_on, 1);
    go_rwmutex_lock(&rw);
    go_rwmutex_hand_over(&rw, worker);
    CHECK(!go_rwmutex_tryrlock(&rw));
    chan_send(go_on, 1);
    go_rwmutex_lock(&rw);
    go_rwmutex_unlock(&rw);
    CHECK_EQ(step, 1);
}
Test(conformance_sync, both_locks_of_a_rwmutex_are_handed_over)
{
    INSIDE(hand_rw);
}

static void ends_with_it(void)
{
    chan_recv(go_on);
}
/* What was handed to it is told of when it ends. */
static void hand_and_end(void)
{
    const struct rt_abandoned *left;

    go_on = chan_make(int, 0);
    go(ends_with_it);
    until_parked(1, GO_WAIT_CHAN_RECV);
    go_mutex_lock(&mu);
    go_mutex_hand_over(&mu, 2);
    chan_send(go_on, 1);
    while (go_count() > 1)
        go_yield();
    CHECK_EQ(rt_abandoned(&left), 1);
    CHECK(left[0].obj == &mu.obj && left[0].goroutine == 2);
}
Test(conformance_sync, a_lock_handed_to_one_that_ends_is_abandoned)
{
    INSIDE(hand_and_end);
}

/* -- threads that are no goroutines ----------------------------------------- */

static void *uses_all(void *arg)
{
    (void)arg;
    if (go_mutex_trylock(&mu) && !go_mutex_trylock(&mu)) {
        go_mutex_unlock(&mu);
        step++;
    }
    if (go_rwmutex_trylock(&rw)) {
        go_rwmutex_unlock(&rw);
        step++;
    }
    if (go_rwmutex_tryrlock(&rw)) {
        go_rwmutex_runlock(&rw);
        step++;
    }
    go_semaphore_release(&sema, 1);
    go_cond_signal(&cond);
    go_waitgroup_done(&wg);
    return NULL;
}
static void waits_for_signal(void)
{
    go_mutex_lock(&mu);
    go_cond_wait(&cond, &mu);
    go_mutex_unlock(&mu);
    step += 10;
}
static void from_a_thread(void)
{
    pthread_t thread;

    go_waitgroup_add(&wg, 1);
    go(waits_for_signal);
    until_parked(1, GO_WAIT_COND);
    CHECK_EQ(pthread_create(&thread, NULL, uses_all, NULL), 0);
    go_waitgroup_wait(&wg);
    go_semaphore_acquire(&sema, 1);
    pthread_join(thread, NULL);
    while (step < 13)
        go_yield();
    CHECK_EQ(step, 13);
    CHECK_EQ(mu.owner, 0);
}
Test(conformance_sync, a_thread_may_call_what_does_not_park)
{
    INSIDE_REAL(from_a_thread, 1);
}

/* -- go_blocking is outside, too -------------------------------------------- */

static void done_in_a_blocking_call(void)
{
    go_waitgroup_add(&wg, 1);
    go_blocking(go_waitgroup_done_at, &wg, NULL);
    go_waitgroup_wait(&wg);
}
Test(conformance_sync, a_blocking_call_may_count_down)
{
    INSIDE_REAL(done_in_a_blocking_call, 1);
}

/* -- memory ------------------------------------------------------------------ */

static void unlocks_and_says(struct go_mutex *m, struct go_waitgroup *said)
{
    go_mutex_lock(m);
    go_mutex_unlock(m);
    go_waitgroup_done(said);
}
/* Freed as soon as the wait has returned: under ASan, a use would be seen. */
static void freed_at_once(void)
{
    for (int i = 0; i < 2000; i++) {
        struct go_waitgroup *said = calloc(1, sizeof(*said));
        struct go_mutex *m = calloc(1, sizeof(*m));

        go_waitgroup_add(said, 1);
        go(unlocks_and_says, m, said);
        go_waitgroup_wait(said);
        free(said);
        free(m);
    }
}
Test(conformance_sync, an_object_may_be_freed_when_its_wait_has_returned)
{
    INSIDE_REAL(freed_at_once, 4);
}
