/* graph_test.c - the wait-for graph lists who waits, and who could wake. */
#include "runtime/monitor/graph.h"

#include <criterion/criterion.h>

#include "runtime/monitor/cycle.h"
#include "runtime/monitor/sight.h"
#include "tests/made.h"

static struct mon_graph build(struct made *m)
{
    struct mon_graph graph;

    cr_assert(mon_graph_build(&graph, made_done(m), NULL, &m->arena) == 0);
    return graph;
}

/* The gate of goroutine g's only wait. */
static struct mon_gate *gate_of(const struct mon_graph *graph, uint32_t g)
{
    return &graph->gates[graph->gate_of[graph->in->goroutines[g].wait]];
}

Test(graph, mutex_gate_lists_its_owner)
{
    struct made m;
    struct mon_graph graph;
    struct mon_gate *k;

    made_abba(&m);
    graph = build(&m);
    k = gate_of(&graph, 1);
    cr_assert(k->exact && !k->free && !k->broken);
    cr_assert(k->nopener == 1 && k->nwaiter == 1);
    cr_assert(graph.openers[k->opener].goroutine == 2);
    cr_assert(graph.waits_of[graph.waiters[k->waiter]] == 1);
    made_free(&m);
}

Test(graph, group_gate_lists_every_member_by_id)
{
    struct made m;
    struct mon_graph graph;
    struct mon_gate *k;

    made_abba(&m);
    m.g[1].id = 9;
    graph = build(&m);
    k = gate_of(&graph, 0);
    cr_assert(k->exact && k->nopener == 2);
    cr_assert(graph.openers[k->opener].goroutine == 2, "id 3 before id 9");
    cr_assert(graph.openers[k->opener + 1].goroutine == 1);
    made_free(&m);
}

Test(graph, pending_writer_waits_for_readers_and_readers_for_it)
{
    struct made m;
    struct mon_graph graph;
    uint32_t rw, reader, writer, late;

    made_new(&m);
    rw = made_object(&m, GO_KIND_RWMUTEX, "rw");
    reader = made_g(&m, GO_WAIT_NONE);
    writer = made_locker(&m, rw);
    late = made_locker(&m, rw);
    m.wait_given[1].shared = 1;
    made_hold(&m, reader, rw)->shared = 1;
    made_hold(&m, writer, rw)->pending = 1;
    graph = build(&m);
    cr_assert(gate_of(&graph, writer)->nopener == 1);
    cr_assert(graph.openers[gate_of(&graph, writer)->opener].goroutine ==
              reader);
    cr_assert(gate_of(&graph, late)->nopener == 1);
    cr_assert(graph.openers[gate_of(&graph, late)->opener].goroutine == writer);
    made_free(&m);
}

Test(graph, free_lock_with_a_waiter_is_a_hand_over_in_progress)
{
    struct made m;
    struct mon_graph graph;
    uint32_t g;

    made_new(&m);
    g = made_locker(&m, made_object(&m, GO_KIND_MUTEX, "m"));
    graph = build(&m);
    cr_assert(gate_of(&graph, g)->free);
    made_free(&m);
}

Test(graph, lock_left_locked_is_broken_not_free)
{
    struct made m;
    struct mon_graph graph;
    uint32_t g, mutex;

    made_new(&m);
    mutex = made_object(&m, GO_KIND_MUTEX, "m");
    g = made_locker(&m, mutex);
    m.a[m.in.nabandoned++].object = mutex;
    graph = build(&m);
    cr_assert(gate_of(&graph, g)->broken && !gate_of(&graph, g)->free);
    made_free(&m);
}

Test(graph, channel_gate_lists_last_users_of_the_other_half_once)
{
    struct made m;
    struct mon_graph graph;
    struct mon_gate *k;
    uint32_t c, g;

    made_new(&m);
    c = made_object(&m, GO_KIND_CHAN, "c");
    g = made_g(&m, GO_WAIT_CHAN_SEND);
    made_g(&m, GO_WAIT_NONE);
    made_wait(&m, g, c, GO_WANT_RECV);
    made_use(&m, c, 1, GO_DID_SEND);
    made_use(&m, c, 2, GO_DID_RECV);
    made_use(&m, c, 2, GO_DID_CLOSE);
    graph = build(&m);
    k = gate_of(&graph, g);
    cr_assert(!k->exact && k->nopener == 1);
    cr_assert(graph.openers[k->opener].goroutine == 1);
    made_free(&m);
}

/* 0 and 1 wait to receive, each from a channel that the other has, or may. */
static struct mon_graph may_help(struct made *m, bool surely)
{
    struct mon_holder holders[] = {{0, 0, MON_WANT_ALL, false},
                                   {0, 1, MON_WANT_ALL, !surely},
                                   {1, 0, MON_WANT_ALL, false},
                                   {1, 1, MON_WANT_ALL, true}};
    const struct mon_sight sight = {
        .all_holders = true, .holders = holders, .nholder = 4};
    struct mon_graph graph;

    made_new(m);
    for (uint32_t i = 0; i < 2; i++)
        made_wait(m, made_g(m, GO_WAIT_CHAN_RECV),
                  made_object(m, GO_KIND_CHAN, "c"), GO_WANT_SEND);
    cr_assert(mon_graph_build(&graph, made_done(m), &sight, &m->arena) == 0);
    return graph;
}

/* Who waits there may be listed, too, and makes nothing unsure. */
Test(graph, who_may_help_is_listed_and_makes_the_gate_unsure)
{
    for (int surely = 0; surely < 2; surely++) {
        struct made m;
        struct mon_graph graph = may_help(&m, surely);
        struct mon_gate *k = gate_of(&graph, 0);

        cr_assert_eq(k->unsure, !surely);
        cr_assert_eq(k->nopener, 2);
        cr_assert_eq(graph.openers[k->opener + 1].goroutine, 1);
        cr_assert(!gate_of(&graph, 1)->unsure);
        made_free(&m);
    }
}

/* What a global may lead to who used it before may have lost. */
Test(graph, what_a_global_may_hold_makes_nobody_who_used_it_an_opener)
{
    for (int maybe = 0; maybe < 2; maybe++) {
        const struct mon_holder holder = {0, MON_GLOBALS, MON_WANT_ALL, maybe};
        const struct mon_sight sight = {
            .all_holders = true, .holders = &holder, .nholder = 1};
        struct mon_graph graph;
        struct made m;

        made_new(&m);
        made_wait(&m, made_g(&m, GO_WAIT_CHAN_RECV),
                  made_object(&m, GO_KIND_CHAN, "c"), GO_WANT_SEND);
        made_g(&m, GO_WAIT_CHAN_RECV_NIL);
        made_use(&m, 0, 1, GO_DID_SEND);
        cr_assert(!mon_graph_build(&graph, made_done(&m), &sight, &m.arena));
        cr_assert_eq(gate_of(&graph, 0)->nopener, !maybe);
        made_free(&m);
    }
}

/* Each waits for the other alone; but it must have what it may have. */
Test(graph, who_may_help_makes_no_ring)
{
    static const uint8_t stuck[MADE_MAX] = {1, 1};

    for (int surely = 0; surely < 2; surely++) {
        struct made m;
        struct mon_graph graph = may_help(&m, surely);
        struct mon_scc scc;
        struct mon_ring ring;

        cr_assert(mon_scc_find(&scc, &graph, stuck, &m.arena) == 0);
        cr_assert_eq(scc.of[0], scc.of[1]);
        mon_cycle_find(mon_cycle_new(&scc, &m.arena), scc.of[0], &ring);
        cr_assert_eq(ring.n, surely ? 2 : 0);
        made_free(&m);
    }
}

/* To know where it lies is not to hold it. */
Test(graph, nobody_opens_a_lock_that_names_a_wrong_owner)
{
    static const struct mon_holder holder = {0, 1, MON_WANT_ALL, false};
    const struct mon_sight sight = {
        .all_holders = true, .holders = &holder, .nholder = 1};
    struct made m;
    struct mon_graph graph;

    made_new(&m);
    made_object(&m, GO_KIND_MUTEX, "&copy");
    m.o[0].exact = 0;
    m.o[0].disowned = 1;
    made_locker(&m, 0);
    made_g(&m, GO_WAIT_CHAN_RECV_NIL);
    cr_assert(mon_graph_build(&graph, made_done(&m), &sight, &m.arena) == 0);
    cr_assert(!gate_of(&graph, 0)->nopener && !gate_of(&graph, 0)->free);
    made_free(&m);
}

Test(graph, nil_channel_has_no_gate)
{
    struct made m;
    struct mon_graph graph;
    uint32_t g;

    made_new(&m);
    g = made_g(&m, GO_WAIT_CHAN_RECV_NIL);
    made_wait(&m, g, GO_NOWHERE, GO_WANT_SEND);
    graph = build(&m);
    cr_assert(graph.gate_of[0] == GO_NOWHERE && !graph.moves[g]);
    made_free(&m);
}

Test(graph, what_moves_by_itself)
{
    struct made m;
    struct mon_graph graph;

    made_new(&m);
    made_g(&m, GO_WAIT_NONE);
    made_g(&m, GO_WAIT_SLEEP);
    m.g[1].until = 500;
    made_g(&m, GO_WAIT_IO);
    m.g[2].state = GO_STATE_EXTERNAL;
    made_g(&m, GO_WAIT_SELECT_EMPTY);
    made_g(&m, GO_WAIT_NONE);
    m.g[4].system = 1;
    made_g(&m, GO_WAIT_COND);   /* names nothing: doubt */
    made_g(&m, GO_WAIT_SELECT); /* of nil channels */
    graph = build(&m);
    cr_assert(graph.moves[0] && graph.moves[1] && graph.moves[2]);
    cr_assert(!graph.moves[3] && !graph.moves[4] && graph.moves[5]);
    cr_assert(!graph.moves[6]);
    made_free(&m);
}

Test(graph, what_opens_by_itself)
{
    struct made m;
    struct mon_graph graph;
    uint32_t g[4];

    made_new(&m);
    for (uint32_t i = 0; i < 4; i++) {
        g[i] = made_g(&m, GO_WAIT_CHAN_RECV);
        made_wait(&m, g[i], made_object(&m, i ? GO_KIND_CHAN : GO_KIND_FD, "c"),
                  GO_WANT_SEND);
    }
    m.o[1].armed = 1;
    m.o[2].closed = 1;
    graph = build(&m);
    for (uint32_t i = 0; i < 3; i++)
        cr_assert(gate_of(&graph, g[i])->free, "%u", i);
    cr_assert(!gate_of(&graph, g[3])->free);
    made_free(&m);
}

/* Freed, and the place used for a new lock, which somebody holds by rights. */
Test(graph, lock_with_an_owner_is_not_left_locked)
{
    struct made m;
    struct mon_graph graph;
    uint32_t g, mutex;

    made_new(&m);
    mutex = made_object(&m, GO_KIND_MUTEX, "m");
    g = made_locker(&m, mutex);
    made_hold(&m, made_g(&m, GO_WAIT_NONE), mutex);
    m.a[m.in.nabandoned++].object = mutex;
    graph = build(&m);
    cr_assert(!gate_of(&graph, g)->broken && !gate_of(&graph, g)->free);
    made_free(&m);
}

Test(graph, read_lock_is_left_while_there_are_more_than_holders)
{
    struct made m;
    struct mon_graph graph;
    uint32_t g, rw;

    made_new(&m);
    rw = made_object(&m, GO_KIND_RWMUTEX, "rw");
    g = made_locker(&m, rw);
    made_hold(&m, made_g(&m, GO_WAIT_NONE), rw)->shared = 1;
    m.a[0].object = rw;
    m.a[0].shared = 1;
    m.in.nabandoned = 1;
    m.o[rw].len = 1;
    graph = build(&m);
    cr_assert(!gate_of(&graph, g)->broken);
    m.o[rw].len = 2;
    graph = build(&m);
    cr_assert(gate_of(&graph, g)->broken);
    made_free(&m);
}
