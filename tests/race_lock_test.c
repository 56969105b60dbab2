/*
 * race_lock_test.c - which locks order two goroutines, and which not.
 *
 * Each primitive with and without: every schedule of the body with it has no
 * race, and one in which it is the wrong one has.
 */
#include "tests/told.h"

#include "runtime/sched/sanitize.h"

#ifndef RT_TSAN /* its own library has these names there */

static struct go_mutex m, n;
static struct go_rwmutex rw;

static void locked(void)
{
    go_mutex_lock(&m);
    told_write();
    go_mutex_unlock(&m);
}

static void tried(void)
{
    if (go_mutex_trylock(&m)) {
        told_write();
        go_mutex_unlock(&m);
    }
}

static void locked_otherwise(void)
{
    go_mutex_lock(&n);
    told_write();
    go_mutex_unlock(&n);
}

static void by_mutex(void)
{
    m = n = (struct go_mutex){0};
    told_both(locked, locked);
}

static void by_try(void)
{
    m = n = (struct go_mutex){0};
    told_both(locked, tried);
}

static void by_two_mutexes(void)
{
    m = n = (struct go_mutex){0};
    told_both(locked, locked_otherwise);
}

Test(race_lock, a_mutex_orders)
{
    TOLD_NONE(by_mutex);
    TOLD_NONE(by_try);
    TOLD_SOME(by_two_mutexes);
}

static void tries_in_vain(void)
{
    if (!go_mutex_trylock(&m))
        told_write();
    else
        go_mutex_unlock(&m);
}

static void writes_first(void)
{
    told_write();
    go_mutex_lock(&m);
    go_mutex_unlock(&m);
}

static void by_failed_try(void)
{
    m = (struct go_mutex){0};
    told_both(writes_first, tries_in_vain);
}

Test(race_lock, a_try_that_fails_orders_nothing)
{
    TOLD_SOME(by_failed_try);
}

static void tells_and_unlocks(chan(uint64_t) who)
{
    chan_send(who, go_self());
    go_sleep(GO_SECOND); /* which orders nothing */
    go_mutex_unlock(&m);
}

/* Who unlocks what was handed over comes after who did it. */
static void by_hand_over(void)
{
    chan(uint64_t) who = chan_make(uint64_t, 0);
    uint64_t id = 0;

    m = (struct go_mutex){0};
    told_wg = (struct go_waitgroup){0};
    go_waitgroup_go(&told_wg, locked);
    go(tells_and_unlocks, who);
    id = chan_recv(who);
    go_mutex_lock(&m);
    told_write();
    go_mutex_hand_over(&m, id);
    go_waitgroup_wait(&told_wg);
}

Test(race_lock, a_hand_over_orders)
{
    TOLD_NONE(by_hand_over);
}

static void tells_and_runlocks(chan(uint64_t) who)
{
    chan_send(who, go_self());
    go_sleep(GO_SECOND); /* which orders nothing */
    go_rwmutex_runlock(&rw);
    told_write();
}

static void by_read_hand_over(void)
{
    chan(uint64_t) who = chan_make(uint64_t, 0);
    uint64_t id = 0;

    rw = (struct go_rwmutex){0};
    told_wg = (struct go_waitgroup){0};
    go_waitgroup_go(&told_wg, tells_and_runlocks, who);
    id = chan_recv(who);
    go_rwmutex_rlock(&rw);
    told_write();
    go_rwmutex_rhand_over(&rw, id);
    go_waitgroup_wait(&told_wg);
}

Test(race_lock, a_hand_over_of_a_read_lock_orders)
{
    TOLD_NONE(by_read_hand_over);
}

static void write_locked(void)
{
    go_rwmutex_lock(&rw);
    told_write();
    go_rwmutex_unlock(&rw);
}

static void read_locked(void)
{
    go_rwmutex_rlock(&rw);
    told_read();
    go_rwmutex_runlock(&rw);
}

static void writes_read_locked(void)
{
    go_rwmutex_rlock(&rw);
    told_write();
    go_rwmutex_runlock(&rw);
}

static void by_writers(void)
{
    rw = (struct go_rwmutex){0};
    told_both(write_locked, write_locked);
}

static void by_reader_and_writer(void)
{
    rw = (struct go_rwmutex){0};
    told_both(read_locked, write_locked);
}

static void by_readers(void)
{
    rw = (struct go_rwmutex){0};
    told_both(writes_read_locked, read_locked);
}

Test(race_lock, a_rwmutex_orders_all_but_its_readers)
{
    TOLD_NONE(by_writers);
    TOLD_NONE(by_reader_and_writer);
    TOLD_SOME(by_readers);
}

#endif
