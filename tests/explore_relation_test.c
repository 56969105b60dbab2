/*
 * explore_relation_test.c - bodies for each pair of the relation: the search
 * has every outcome that brute force has, and no other.
 */
#include <criterion/criterion.h>
#include <vigil/go.h>

#include "harness/explore/relation.h"
#include "tests/explored.h"

#define SAW(i, v) (explored_saw[i] = (v))

Test(relation, races_are_the_same_from_both_sides)
{
    for (uint32_t a = 0; a < HN_KINDS; a++)
        for (uint32_t b = 0; b < HN_KINDS; b++)
            cr_assert_eq(hn_kinds_race(a, b), hn_kinds_race(b, a), "%u, %u", a,
                         b);
}

/* ---- locks ---------------------------------------------------------------*/

static struct go_mutex mutex, other;
static struct go_rwmutex rw;
static int turn;

static void lock_and_note(int i)
{
    go_mutex_lock(&mutex);
    SAW(i, ++turn);
    go_mutex_unlock(&mutex);
}

static void lockers_of_one(void)
{
    mutex = (struct go_mutex){0};
    turn = 0;
    for (int i = 0; i < 3; i++)
        go(lock_and_note, i);
}

static void hold(void)
{
    go_mutex_lock(&mutex);
    go_mutex_lock(&other);
    go_mutex_unlock(&other);
    go_mutex_unlock(&mutex);
}

static void try_twice(void)
{
    for (int i = 0; i < 2; i++) {
        bool got = go_mutex_trylock(&mutex);

        SAW(i, 1 + got);
        if (got)
            go_mutex_unlock(&mutex);
    }
}

static void lock_and_try(void)
{
    mutex = other = (struct go_mutex){0};
    go(hold);
    go(try_twice);
}

static void read_and_note(int i)
{
    go_rwmutex_rlock(&rw);
    SAW(i, 1 + turn);
    go_rwmutex_runlock(&rw);
}

static void write_once(void)
{
    go_rwmutex_lock(&rw);
    turn = 1;
    go_rwmutex_unlock(&rw);
}

static void readers_and_writer(void)
{
    rw = (struct go_rwmutex){0};
    turn = 0;
    go(read_and_note, 0);
    go(write_once);
    go(read_and_note, 1);
}

static void read_within_read(chan(int) c)
{
    go_rwmutex_rlock(&rw);
    chan_recv(c);
    go_rwmutex_rlock(&rw);
    SAW(0, 1 + turn);
}

/* The writer that is announced in between stops both. */
static void pending_writer(void)
{
    chan(int) c = chan_make(int, 1);

    rw = (struct go_rwmutex){0};
    turn = 0;
    go(read_within_read, c);
    go(write_once);
    chan_send(c, 1);
}

static void try_read_and_write(void)
{
    SAW(0, 1 + go_rwmutex_tryrlock(&rw));
    SAW(1, 1 + go_rwmutex_trylock(&rw));
}

static void rw_and_tries(void)
{
    rw = (struct go_rwmutex){0};
    turn = 0;
    go(write_once);
    go(try_read_and_write);
    go(read_and_note, 2);
}

static uint64_t heir;

static void give_to_heir(void)
{
    go_mutex_lock(&mutex);
    go_yield();
    go_mutex_hand_over(&mutex, heir);
}

static void unlock_as_heir(void)
{
    heir = go_self();
    go_yield();
    go_mutex_unlock(&mutex);
    SAW(0, 1);
}

/* Too early: nobody's, or the other's. */
static void hand_over(void)
{
    mutex = (struct go_mutex){0};
    go(unlock_as_heir);
    go(give_to_heir);
}

static bool shares;

static void give_rw_to_heir(void)
{
    if (shares)
        go_rwmutex_rlock(&rw);
    else
        go_rwmutex_lock(&rw);
    go_yield();
    if (shares)
        go_rwmutex_rhand_over(&rw, heir);
    else
        go_rwmutex_hand_over(&rw, heir);
}

static void unlock_rw_as_heir(void)
{
    heir = go_self();
    go_yield();
    if (shares)
        go_rwmutex_runlock(&rw);
    else
        go_rwmutex_unlock(&rw);
    SAW(0, 1);
}

static void rw_hand_over(void)
{
    rw = (struct go_rwmutex){0};
    go(unlock_rw_as_heir);
    go(give_rw_to_heir);
}

Test(relation, locks)
{
    explored_same("lockers", lockers_of_one, 0, 6);
    explored_same("lock and try", lock_and_try, 0, 4);
    explored_same("readers, a writer", readers_and_writer, 0, 4);
    explored_same("a pending writer", pending_writer, 0, 3);
    explored_same("rw tries", rw_and_tries, 0, 9);
    explored_same("a hand-over", hand_over, 0, 3);
    for (int i = 0; i < 2; i++) {
        shares = i;
        explored_same("one of a rwmutex", rw_hand_over, 0, 3);
    }
}

/* ---- channels ------------------------------------------------------------*/

static chan(int) chan_a;
static chan(int) chan_b;

static void channels(int a, int b)
{
    chan_a = chan_make(int, a);
    chan_b = chan_make(int, b);
}

static void send_a(int v)
{
    chan_send(chan_a, v);
}

static void recv_a(int i)
{
    int v = 0;

    SAW(i, 10 * (1 + chan_recv_ok(chan_a, &v)) + v);
}

static void close_a(void)
{
    chan_close(chan_a);
}

static void two_and_two(int cap)
{
    channels(cap, 0);
    go(send_a, 1);
    go(send_a, 2);
    go(recv_a, 0);
    go(recv_a, 1);
}

static void meetings(void)
{
    two_and_two(0);
}

static void passings(void)
{
    two_and_two(1);
}

static void send_recv_close(int cap)
{
    channels(cap, 0);
    go(send_a, 1);
    go(close_a);
    go(recv_a, 0);
}

static void close_unbuffered(void)
{
    send_recv_close(0);
}

static void close_buffered(void)
{
    send_recv_close(1);
}

static void select_both(int i)
{
    int v = 0, w = 0;
    int k = go_select(GO_RECV(chan_a, &v), GO_RECV(chan_b, &w));

    SAW(i, 10 * (1 + k) + v + w);
}

static void send_b(int v)
{
    chan_send(chan_b, v);
}

static void selects(void)
{
    channels(0, 1);
    go(send_a, 1);
    go(send_b, 2);
    go(select_both, 0);
    go(select_both, 1);
}

static void select_or_not(int i)
{
    int v = 0;
    int k = go_select(GO_RECV(chan_a, &v), GO_SEND(chan_b, 5), GO_DEFAULT);

    SAW(i, 10 * (1 + k) + v);
}

static void defaults(void)
{
    channels(0, 0);
    go(send_a, 1);
    go(select_or_not, 0);
    go(select_both, 1);
}

static void try_send_a(int i)
{
    SAW(i, 1 + chan_try_send(chan_a, 7));
}

static void recv_then_close(void)
{
    recv_a(0);
    chan_close(chan_a);
}

static void tries(void)
{
    channels(0, 0);
    go(try_send_a, 1);
    go(recv_then_close);
    go(send_a, 3);
}

static void look(int i)
{
    SAW(i, 1 + (int)chan_len(chan_a));
}

static void lens(void)
{
    channels(2, 0);
    go(send_a, 1);
    go(look, 0);
    go(recv_a, 1);
}

static void free_a(void)
{
    go_mutex_lock(&mutex);
    go_mutex_unlock(&mutex);
    chan_free(chan_a);
}

static void use_after_free(void)
{
    channels(1, 0);
    mutex = (struct go_mutex){0};
    go(send_a, 1);
    go(free_a);
}

Test(relation, channels)
{
    explored_same("meetings", meetings, 0, 2);
    explored_same("passings", passings, 0, 2);
    explored_same("a close, unbuffered", close_unbuffered, 0, 2);
    explored_same("a close, buffered", close_buffered, 0, 2);
    explored_same("selects", selects, 0, 2);
    explored_same("defaults", defaults, 0, 3);
    explored_same("tries", tries, 0, 2);
    explored_same("lengths", lens, 0, 2);
    explored_same("a free", use_after_free, 0, 2);
}
