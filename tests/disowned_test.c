/*
 * disowned_test.c - locks that say that they are held: by one who has them, who
 * left them so, or nobody.
 */
#include "runtime/sched/ended.h"
#include "tests/shot.h"

static void locks(struct go_mutex *m)
{
    go_mutex_lock(m);
}

/* D1 */
INSIDE_TEST(disowned, a_copy_of_a_held_lock_is_held_by_nobody)
{
    struct go_mutex held = {0}, copy;

    go_mutex_lock(&held);
    copy = held;
    go(locks, &held);
    go(locks, &copy);
    let_all_park();
    take(false);
    CHECK(waited(2)->exact && !waited(2)->disowned);
    CHECK(!waited(3)->exact && waited(3)->disowned);
    CHECK_EQ(waited(3)->says, 1);
    CHECK(!shot.in.left_cut);
    mon_snapshot_free(&shot);
    go_mutex_unlock(&held);
}

static void reads(struct go_rwmutex *m)
{
    go_rwmutex_rlock(m);
}

static void writes(struct go_rwmutex *m)
{
    go_rwmutex_lock(m);
}

INSIDE_TEST(disowned, a_copy_of_a_held_rwmutex_is_held_by_nobody)
{
    struct go_rwmutex held = {0}, read, written;

    go_rwmutex_rlock(&held);
    read = held;
    go_rwmutex_runlock(&held);
    go_rwmutex_lock(&held);
    written = held;
    go_rwmutex_unlock(&held);
    go(writes, &read);
    go(reads, &written);
    let_all_park();
    take(false);
    CHECK(waited(3)->disowned && waited(3)->says == 1);
    CHECK(waited(2)->disowned && waited(2)->says == 0); /* readers, says it */
    mon_snapshot_free(&shot);
}

/* The bytes of another lock, where one was left locked. */
INSIDE_TEST(disowned, a_copy_in_the_place_of_a_lock_that_was_left_is_a_copy)
{
    static struct go_mutex left;
    struct go_mutex held = {0};

    go(locks, &left);
    let_all_park();
    go_mutex_lock(&held);
    left = held;
    go(locks, &left);
    let_all_park();
    take(false);
    CHECK_EQ(shot.in.nabandoned, 1);
    CHECK(waited(3)->disowned && waited(3)->says == 1);
    mon_snapshot_free(&shot);
    go_mutex_unlock(&held);
}

static void does_once(struct go_once *once, struct go_once *copy)
{
    *copy = *once;
}

static void runs(struct go_once *once)
{
    go_once_do(once, locks, NULL);
}

INSIDE_TEST(disowned, a_copy_of_a_running_once_is_run_by_nobody)
{
    struct go_once once = {0}, copy;

    go_once_do(&once, does_once, &once, &copy);
    go(runs, &copy);
    let_all_park();
    take(false);
    CHECK(waited(2)->disowned && waited(2)->says == 1);
    mon_snapshot_free(&shot);
}

/* It is held by nobody, and says so. */
INSIDE_TEST(disowned, a_lock_that_one_who_was_woken_will_take_is_not_disowned)
{
    static struct go_mutex left;

    go_mutex_lock(&left);
    go(locks, &left);
    let_all_park();
    go(locks, &left);
    let_all_park();
    go_mutex_unlock(&left);
    take(false);
    CHECK_EQ(by_id(2)->state, GO_STATE_RUNNABLE);
    CHECK(!waited(3)->exact && !waited(3)->disowned);
    mon_snapshot_free(&shot);
}

/* D2: as many as are kept, and one more: of that nobody knows who left it. */
INSIDE_TEST(disowned, a_lock_left_beyond_what_is_kept_is_not_said_to_be_a_copy)
{
    static struct go_mutex left[RT_ABANDONED_MAX + 1];
    uint64_t next = RT_ABANDONED_MAX + 3;

    for (int i = 0; i <= RT_ABANDONED_MAX; i++) {
        go(locks, &left[i]);
        let_all_park();
    }
    go(locks, &left[0]);
    go(locks, &left[RT_ABANDONED_MAX]);
    let_all_park();
    take(false);
    CHECK(waited(next)->exact && !waited(next)->disowned);
    CHECK(waited(next + 1)->disowned && waited(next + 1)->says == 0);
    CHECK(shot.in.left_cut);
    CHECK_EQ(shot.in.nlimit, 1);
    mon_snapshot_free(&shot);
}
