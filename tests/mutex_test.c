/* mutex_test.c - the mutex, from the API and from its owner word. */
#include "runtime/sync/held.h"
#include "runtime/sync/mutex.h"
#include "tests/parked.h"

static struct go_mutex mu;
static char order[64];
static int norder;

static void say(char who)
{
    order[norder++] = who;
}

static void lock_say_unlock(int who)
{
    go_mutex_lock(&mu);
    say((char)who);
    go_mutex_unlock(&mu);
}

static void zero_value(void)
{
    go_mutex_lock(&mu);
    CHECK(rt_mutex_owned(&mu, rt_g()));
    CHECK_EQ(rt_g()->nheld, 1);
    CHECK(rt_g()->held[0].obj == &mu.obj);
    CHECK_EQ(rt_g()->held[0].site->line, __LINE__ - 4);
    CHECK_EQ(mu.obj.kind, GO_KIND_MUTEX);
    go_mutex_unlock(&mu);
    CHECK_EQ(mu.owner, 0);
    CHECK_EQ(rt_g()->nheld, 0);
    CHECK_EQ(mu.unlocked.goroutine, 1);
    CHECK_EQ(mu.unlocked.site->line, __LINE__ - 4);
}
Test(mutex, zero_is_unlocked_and_uses_are_noted)
{
    INSIDE(zero_value);
}

static void parks(void)
{
    go_mutex_lock(&mu);
    go(lock_say_unlock, 'a');
    until_parked(1, GO_WAIT_MUTEX);
    CHECK_EQ(norder, 0);
    go_mutex_unlock(&mu);
    CHECK_EQ(norder, 0);
    while (norder == 0)
        go_yield();
    CHECK_EQ(mu.unlocked.goroutine, 2);
}
Test(mutex, lock_of_locked_parks_until_unlock)
{
    INSIDE(parks);
}

static void fifo(void)
{
    go_mutex_lock(&mu);
    for (int i = 0; i < 5; i++) {
        go(lock_say_unlock, 'a' + i);
        until_parked((size_t)i + 1, GO_WAIT_MUTEX);
    }
    go_mutex_unlock(&mu);
    while (norder < 5)
        go_yield();
    CHECK(strcmp(order, "abcde") == 0);
    CHECK_EQ(mu.owner, 0);
    CHECK_EQ(mu.handoff, 0);
}
Test(mutex, waiters_are_served_in_order)
{
    INSIDE(fifo);
}

/* Main takes the mutex again before the waiter that it woke can. */
static void passed_over(void)
{
    go_mutex_lock(&mu);
    go(lock_say_unlock, 'w');
    until_parked(1, GO_WAIT_MUTEX);
    go_mutex_unlock(&mu);
    CHECK(go_mutex_trylock(&mu));
    until_parked(1, GO_WAIT_MUTEX);
    go_mutex_unlock(&mu);
    CHECK(!go_mutex_trylock(&mu));
    go_mutex_lock(&mu);
    say('m');
    go_mutex_unlock(&mu);
    CHECK(strcmp(order, "wm") == 0);
}
Test(mutex, who_was_passed_over_once_gets_it_next)
{
    INSIDE(passed_over);
}

/* And it goes before those that came after it. */
static void back_to_the_front(void)
{
    go_mutex_lock(&mu);
    for (int i = 0; i < 3; i++) {
        go(lock_say_unlock, 'a' + i);
        until_parked((size_t)i + 1, GO_WAIT_MUTEX);
    }
    go_mutex_unlock(&mu);
    CHECK(go_mutex_trylock(&mu));
    until_parked(3, GO_WAIT_MUTEX);
    go_mutex_unlock(&mu);
    while (norder < 3)
        go_yield();
    CHECK(strcmp(order, "abc") == 0);
}
Test(mutex, who_was_passed_over_keeps_its_place)
{
    INSIDE(back_to_the_front);
}

/* While one woken waiter is on its way, the next is left asleep. */
static void one_on_the_way(void)
{
    go_mutex_lock(&mu);
    go(lock_say_unlock, 'a');
    until_parked(1, GO_WAIT_MUTEX);
    go(lock_say_unlock, 'b');
    until_parked(2, GO_WAIT_MUTEX);
    go_mutex_unlock(&mu);
    CHECK_EQ(parked(GO_WAIT_MUTEX), 1);
    go_mutex_lock(&mu);
    go_mutex_unlock(&mu);
    CHECK_EQ(parked(GO_WAIT_MUTEX), 1);
    while (norder < 2)
        go_yield();
    CHECK(strcmp(order, "ab") == 0);
}
Test(mutex, one_waiter_is_woken_at_a_time)
{
    INSIDE(one_on_the_way);
}

static void try_lock(void)
{
    CHECK(go_mutex_trylock(&mu));
    CHECK(!go_mutex_trylock(&mu));
    CHECK_EQ(rt_g()->nheld, 1);
    go_mutex_unlock(&mu);
    CHECK((go_mutex_trylock)(&mu));
    (go_mutex_unlock)(&mu);
    CHECK_EQ(rt_g()->nheld, 0);
}
Test(mutex, trylock_takes_only_what_is_free)
{
    INSIDE(try_lock);
}

static void hold_for_ever(struct go_mutex *m)
{
    go_mutex_lock(m);
    go_select();
}
static void wrong_unlock(void)
{
    CHECK_PANIC(go_try(go_mutex_unlock_at, &mu, NULL),
                "sync: unlock of unlocked mutex");
    go(hold_for_ever, &mu);
    until_parked(1, GO_WAIT_SELECT_EMPTY);
    CHECK_PANIC(go_try(go_mutex_unlock_at, &mu, NULL),
                "sync: unlock of mutex owned by goroutine 2");
    CHECK(!go_mutex_trylock(&mu));
}
Test(mutex, unlock_by_who_does_not_own_it_panics)
{
    INSIDE(wrong_unlock);
}

static void lock_and_end(void)
{
    go_mutex_lock(&mu);
}
static void unlocks_what_2_has(void)
{
    CHECK_PANIC(go_try(go_mutex_unlock_at, &mu, NULL),
                "sync: unlock of mutex owned by goroutine 2");
}
static void owner_ended(void)
{
    go(lock_and_end);
    while (go_count() > 1)
        go_yield();
    unlocks_what_2_has();
}
/* Goroutine 3 gets the memory of goroutine 2, but not its lock. */
static void reused_memory(void)
{
    go(lock_and_end);
    while (go_count() > 1)
        go_yield();
    go(unlocks_what_2_has);
    CHECK(rt_g_find(3) == rt_owner_g(mu.owner));
    while (go_count() > 1)
        go_yield();
}
Test(mutex, an_ended_owner_is_told_by_its_own_number)
{
    INSIDE(owner_ended);
}
Test(mutex, who_gets_an_ended_owners_memory_does_not_own)
{
    INSIDE(reused_memory);
}

static void out_of_order(void)
{
    static struct go_mutex many[20];

    for (int i = 0; i < 20; i++)
        go_mutex_lock(&many[i]);
    CHECK_EQ(rt_g()->nheld, 20);
    for (int i = 0; i < 20; i += 2)
        go_mutex_unlock(&many[i]);
    CHECK_EQ(rt_g()->nheld, 10);
    CHECK(rt_held_find(rt_g(), &many[19].obj, false) &&
          !rt_held_find(rt_g(), &many[0].obj, false));
    for (int i = 1; i < 20; i += 2)
        go_mutex_unlock(&many[i]);
    CHECK_EQ(rt_g()->nheld, 0);
}
Test(mutex, many_are_held_and_unlocked_in_any_order)
{
    INSIDE(out_of_order);
}

static void unlock_deferred(void)
{
    go_mutex_lock(&mu);
    go_defer(go_mutex_unlock, &mu);
    go_panic("left");
}
static void deferred(void)
{
    CHECK_PANIC(go_try(unlock_deferred), "left");
    CHECK_EQ(mu.owner, 0);
}
Test(mutex, unlock_can_be_deferred)
{
    INSIDE(deferred);
}

/* By the end of its scope, and by a panic that passes through. */
static void defer_place(void)
{
    int line = __LINE__ + 3;
    {
        go_mutex_lock(&mu);
        go_defer(go_mutex_unlock, &mu);
    }
    CHECK_EQ(mu.unlocked.site->line, line);
    CHECK(!strcmp(mu.unlocked.site->what, "&mu"));
    CHECK_PANIC(go_try(unlock_deferred), "left");
    CHECK(!strcmp(mu.unlocked.site->func, "unlock_deferred"));
}
Test(mutex, a_deferred_unlock_is_told_where_it_was_deferred)
{
    INSIDE(defer_place);
}

static void lock_twice(void)
{
    go_mutex_lock(&mu);
    go_mutex_lock(&mu);
}
Test(mutex, locking_it_twice_is_a_deadlock)
{
    expect_deadlock(lock_twice);
}
