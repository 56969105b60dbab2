/* cycle_test.c - the ring that is shown is the shortest, and a real one. */
#include "runtime/monitor/cycle.h"

#include <criterion/criterion.h>
#include <string.h>

#include "tests/made.h"

static struct mon_graph graph;
static struct mon_scc scc;
static uint8_t all_stuck[MADE_MAX];

/* The ring through the component of goroutine g; everybody is stuck. */
static struct mon_ring ring_at(struct made *m, uint32_t g)
{
    struct mon_ring ring;
    struct mon_cycle *cycle;

    memset(all_stuck, 1, sizeof(all_stuck));
    cr_assert(mon_graph_build(&graph, made_done(m), NULL, &m->arena) == 0);
    cr_assert(mon_scc_find(&scc, &graph, all_stuck, &m->arena) == 0);
    cycle = mon_cycle_new(&scc, &m->arena);
    cr_assert(cycle);
    mon_cycle_find(cycle, scc.of[g], &ring);
    return ring;
}

Test(cycle, abba_is_a_ring_of_two)
{
    struct made m;
    struct mon_ring ring;

    made_abba(&m);
    ring = ring_at(&m, 2);
    cr_assert(ring.n == 2);
    cr_assert(ring.goroutine[0] == 1 && ring.goroutine[1] == 2);
    made_free(&m);
}

Test(cycle, main_that_waits_for_the_ring_is_not_in_it)
{
    struct made m;

    made_abba(&m);
    cr_assert(ring_at(&m, 0).n == 0);
    made_free(&m);
}

Test(cycle, own_lock_is_a_ring_of_one)
{
    struct made m;
    uint32_t mutex;

    made_new(&m);
    mutex = made_object(&m, GO_KIND_MUTEX, "m");
    made_hold(&m, made_locker(&m, mutex), mutex);
    cr_assert(ring_at(&m, 0).n == 1);
    made_free(&m);
}

/* A ring of five mutexes, and a reader's lock that makes a shorter way. */
Test(cycle, the_shortest_of_two_rings_is_taken)
{
    struct made m;
    struct mon_ring ring;
    uint32_t rw;

    made_new(&m);
    for (uint32_t i = 0; i < 4; i++)
        made_object(&m, GO_KIND_MUTEX, "m");
    rw = made_object(&m, GO_KIND_RWMUTEX, "rw");
    for (uint32_t i = 0; i < 4; i++) {
        made_locker(&m, (i + 1) % 4);
        made_hold(&m, i, i);
    }
    m.wait_given[3].object = rw;
    made_hold(&m, 0, rw)->shared = 1;
    made_hold(&m, 2, rw)->shared = 1;
    ring = ring_at(&m, 0);
    cr_assert(ring.n == 2, "%u", ring.n);
    cr_assert(ring.goroutine[0] == 2 && ring.goroutine[1] == 3);
    made_free(&m);
}

Test(cycle, select_with_two_ways_out_makes_no_ring)
{
    struct made m;
    uint32_t a, b, g, c;

    made_new(&m);
    a = made_object(&m, GO_KIND_CHAN, "a");
    b = made_object(&m, GO_KIND_CHAN, "b");
    c = made_object(&m, GO_KIND_CHAN, "c");
    g = made_g(&m, GO_WAIT_SELECT);
    made_wait(&m, g, a, GO_WANT_SEND);
    made_wait(&m, g, b, GO_WANT_SEND);
    made_wait(&m, made_g(&m, GO_WAIT_CHAN_RECV), c, GO_WANT_SEND);
    made_wait(&m, made_g(&m, GO_WAIT_CHAN_RECV), c, GO_WANT_SEND);
    made_use(&m, a, 2, GO_DID_SEND);
    made_use(&m, b, 3, GO_DID_SEND);
    made_use(&m, c, 1, GO_DID_SEND);
    cr_assert(ring_at(&m, g).n == 0);
    cr_assert(scc.of[0] == scc.of[1] && scc.of[1] == scc.of[2]);
    made_free(&m);
}

Test(cycle, same_ring_whatever_the_slots)
{
    struct made m;
    struct mon_ring ring;

    made_abba(&m);
    m.g[1].id = 8; /* now slot 2 has the lower id */
    ring = ring_at(&m, 1);
    cr_assert(ring.n == 2);
    cr_assert(ring.goroutine[0] == 2 && ring.goroutine[1] == 1);
    made_free(&m);
}

Test(cycle, ring_is_in_the_order_of_waiting)
{
    struct made m;
    struct mon_ring ring;

    made_ring(&m, 3);
    ring = ring_at(&m, 1);
    cr_assert(ring.n == 3 && ring.goroutine[0] == 0);
    cr_assert(ring.goroutine[1] == 2 && ring.goroutine[2] == 1);
    made_free(&m);
}

/* 0 could be woken by 1 or 2, both wait for 0: neither alone is the cause. */
Test(cycle, channel_with_two_openers_makes_no_ring)
{
    struct made m;
    uint32_t c, x;

    made_new(&m);
    c = made_object(&m, GO_KIND_CHAN, "c");
    x = made_object(&m, GO_KIND_CHAN, "x");
    made_wait(&m, made_g(&m, GO_WAIT_CHAN_RECV), c, GO_WANT_SEND);
    made_wait(&m, made_g(&m, GO_WAIT_CHAN_RECV), x, GO_WANT_SEND);
    made_wait(&m, made_g(&m, GO_WAIT_CHAN_RECV), x, GO_WANT_SEND);
    made_use(&m, c, 2, GO_DID_SEND);
    made_use(&m, c, 3, GO_DID_CLOSE);
    made_use(&m, x, 1, GO_DID_SEND);
    cr_assert(ring_at(&m, 0).n == 0);
    made_free(&m);
}
