/* group_test.c - stuck goroutines are put together by what holds them. */
#include "runtime/monitor/group.h"

#include <criterion/criterion.h>

#include "runtime/monitor/reduce.h"
#include "tests/brute.h"

static struct mon_groups group(struct made *m)
{
    static struct mon_graph graph;
    static struct mon_reduction r;
    static uint8_t stuck[MADE_MAX];
    struct mon_groups groups;

    cr_assert(mon_graph_build(&graph, made_done(m), NULL, &m->arena) == 0);
    cr_assert(mon_reduce(&graph, NULL, MON_DOUBT_ALL, &m->arena, &r) == 0);
    for (uint32_t i = 0; i < m->in.ngoroutine; i++)
        stuck[i] = !r.live[i];
    cr_assert(mon_group_find(&groups, &graph, stuck, &m->arena) == 0);
    return groups;
}

Test(group, who_waits_for_a_ring_is_its_bystander)
{
    struct made m;
    struct mon_groups g;

    made_abba(&m);
    g = group(&m);
    cr_assert(g.n == 1 && g.list[0].shape == GO_SHAPE_RING);
    cr_assert(g.list[0].n == 3 && g.list[0].ncore == 2);
    cr_assert(g.member[0] == 1 && g.member[1] == 2 && g.member[2] == 0);
    made_free(&m);
}

Test(group, waiters_on_one_dead_channel_are_one_orphaned_group)
{
    struct made m;
    struct mon_groups g;
    uint32_t c;

    made_new(&m);
    c = made_object(&m, GO_KIND_CHAN, "c");
    for (int i = 0; i < 5; i++)
        made_wait(&m, made_g(&m, GO_WAIT_CHAN_RECV), c, GO_WANT_SEND);
    g = group(&m);
    cr_assert(g.n == 1 && g.list[0].shape == GO_SHAPE_ORPHAN);
    cr_assert(g.list[0].n == 5 && g.list[0].ncore == 5);
    made_free(&m);
}

Test(group, nil_channels_do_not_bind_goroutines_together)
{
    struct made m;
    struct mon_groups g;

    made_new(&m);
    made_g(&m, GO_WAIT_CHAN_RECV_NIL);
    made_g(&m, GO_WAIT_SELECT_EMPTY);
    g = group(&m);
    cr_assert(g.n == 2);
    cr_assert(g.list[0].shape == GO_SHAPE_ORPHAN && g.list[0].ncore == 1);
    made_free(&m);
}

Test(group, lock_left_locked_is_abandoned)
{
    struct made m;
    struct mon_groups g;
    uint32_t mutex;

    made_new(&m);
    mutex = made_object(&m, GO_KIND_MUTEX, "m");
    made_locker(&m, mutex);
    m.a[m.in.nabandoned++].object = mutex;
    g = group(&m);
    cr_assert(g.n == 1 && g.list[0].shape == GO_SHAPE_ABANDONED);
    made_free(&m);
}

Test(group, choices_that_lead_back_are_a_knot)
{
    struct made m;
    struct mon_groups g;
    uint32_t a, b, c;

    made_new(&m);
    a = made_object(&m, GO_KIND_CHAN, "a");
    b = made_object(&m, GO_KIND_CHAN, "b");
    c = made_object(&m, GO_KIND_CHAN, "c");
    made_g(&m, GO_WAIT_SELECT);
    made_wait(&m, 0, a, GO_WANT_SEND);
    made_wait(&m, 0, b, GO_WANT_SEND);
    made_wait(&m, made_g(&m, GO_WAIT_CHAN_RECV), c, GO_WANT_SEND);
    made_wait(&m, made_g(&m, GO_WAIT_CHAN_RECV), c, GO_WANT_SEND);
    made_use(&m, a, 2, GO_DID_SEND);
    made_use(&m, b, 3, GO_DID_SEND);
    made_use(&m, c, 1, GO_DID_SEND);
    g = group(&m);
    cr_assert(g.n == 1 && g.list[0].shape == GO_SHAPE_KNOT);
    cr_assert(g.list[0].ncore == 3);
    made_free(&m);
}

/* U1, on whatever comes: nobody twice, nobody missing, cores first. */
Test(group, every_stuck_goroutine_is_in_exactly_one_group)
{
    static struct brute w;

    for (uint64_t seed = 1; seed <= 5000; seed++) {
        struct mon_groups g;
        unsigned seen = 0, stuck;

        brute_world(&w, seed);
        w.matrix = false;
        stuck = brute_judge(&w);
        g = group(&w.m);
        for (uint32_t k = 0; k < g.n; k++)
            for (uint32_t i = 0; i < g.list[k].n; i++) {
                unsigned bit = 1u << g.member[g.list[k].first + i];

                cr_assert(!(seen & bit), "seed %lu", (unsigned long)seed);
                seen |= bit;
            }
        cr_assert(seen == stuck, "seed %lu: %x of %x", (unsigned long)seed,
                  seen, stuck);
        rt_arena_free(&w.m.arena);
    }
}

Test(group, last_sender_that_receives_now_is_no_ring)
{
    struct made m;
    struct mon_groups g;
    uint32_t c;

    made_new(&m);
    c = made_object(&m, GO_KIND_CHAN, "c");
    made_wait(&m, made_g(&m, GO_WAIT_CHAN_RECV), c, GO_WANT_SEND);
    made_wait(&m, made_g(&m, GO_WAIT_CHAN_RECV), c, GO_WANT_SEND);
    made_use(&m, c, 2, GO_DID_SEND);
    g = group(&m);
    cr_assert(g.n == 1 && g.list[0].shape == GO_SHAPE_ORPHAN);
    cr_assert(g.list[0].ncore == 2);
    made_free(&m);
}

Test(group, ring_members_stand_in_the_order_of_the_ring)
{
    struct made m;
    struct mon_groups g;

    made_ring(&m, 3);
    g = group(&m);
    cr_assert(g.n == 1 && g.member[0] == 0);
    cr_assert(g.member[1] == 2 && g.member[2] == 1);
    made_free(&m);
}

Test(group, select_over_two_dead_channels_goes_with_the_lowest_id)
{
    struct made m;
    struct mon_groups g;
    uint32_t a, b;

    made_new(&m);
    a = made_object(&m, GO_KIND_CHAN, "a");
    b = made_object(&m, GO_KIND_CHAN, "b");
    made_wait(&m, made_g(&m, GO_WAIT_CHAN_RECV), b, GO_WANT_SEND);
    made_wait(&m, made_g(&m, GO_WAIT_CHAN_RECV), a, GO_WANT_SEND);
    made_g(&m, GO_WAIT_SELECT);
    made_wait(&m, 2, a, GO_WANT_SEND);
    made_wait(&m, 2, b, GO_WANT_SEND);
    g = group(&m);
    cr_assert(g.n == 2 && g.of[2] == g.of[0] && g.of[1] != g.of[0]);
    made_free(&m);
}
