/* scc_test.c - components are those of mutual reach, sinks first. */
#include "runtime/monitor/scc.h"

#include <criterion/criterion.h>
#include <string.h>

#include "tests/brute.h"

/* Which nodes can be reached from which, the slow way. */
static void reach_all(const struct mon_scc *s, bool reach[64][64])
{
    memset(reach, 0, sizeof(bool[64][64]));
    for (uint32_t n = 0; n < s->nnode; n++) {
        uint32_t at = 0, to;

        reach[n][n] = true;
        while (s->of[n] != GO_NOWHERE &&
               (to = mon_scc_next(s, n, &at)) != GO_NOWHERE)
            reach[n][to] = true;
    }
    for (uint32_t k = 0; k < s->nnode; k++)
        for (uint32_t i = 0; i < s->nnode; i++)
            for (uint32_t j = 0; j < s->nnode; j++)
                reach[i][j] |= reach[i][k] && reach[k][j];
}

Test(scc, components_are_mutual_reach_in_topological_order)
{
    static struct brute w;
    static bool reach[64][64];
    uint8_t stuck[MADE_MAX];

    memset(stuck, 1, sizeof(stuck));
    for (uint64_t seed = 1; seed <= 3000; seed++) {
        struct mon_graph graph;
        struct mon_scc s;

        brute_world(&w, seed);
        cr_assert(mon_graph_build(&graph, &w.m.in, NULL, &w.m.arena) == 0);
        cr_assert(mon_scc_find(&s, &graph, stuck, &w.m.arena) == 0);
        reach_all(&s, reach);
        for (uint32_t i = 0; i < s.nnode; i++)
            for (uint32_t j = 0; j < s.nnode; j++) {
                if (s.of[i] == GO_NOWHERE || s.of[j] == GO_NOWHERE)
                    continue;
                cr_assert((s.of[i] == s.of[j]) == (reach[i][j] && reach[j][i]));
                cr_assert(!reach[i][j] || s.of[j] <= s.of[i]);
            }
        rt_arena_free(&w.m.arena);
    }
}

Test(scc, chain_of_fifty_thousand_needs_no_deep_stack)
{
    enum {
        N = 50000
    };
    struct go_inspect in = {
        .ngoroutine = N, .nobject = N, .nwait = N, .nhold = N};
    struct rt_arena arena = {0};
    struct mon_graph graph;
    struct mon_scc s;
    uint8_t *stuck = malloc(N);

    in.goroutines = rt_arena_alloc(&arena, N * sizeof(*in.goroutines));
    in.objects = rt_arena_alloc(&arena, N * sizeof(*in.objects));
    in.waits = rt_arena_alloc(&arena, N * sizeof(*in.waits));
    in.holds = rt_arena_alloc(&arena, N * sizeof(*in.holds));
    memset(stuck, 1, N);
    for (uint32_t i = 0; i < N; i++) {
        in.objects[i] = (struct go_inspect_object){
            .kind = GO_KIND_MUTEX, .exact = 1, .name = ""};
        in.waits[i].object = (i + 1) % N;
        in.waits[i].want = GO_WANT_UNLOCK;
        in.holds[i].object = i;
        in.goroutines[i] =
            (struct go_inspect_goroutine){.id = i + 1,
                                          .state = GO_STATE_WAITING,
                                          .member = GO_NOWHERE,
                                          .until = -1,
                                          .wait = i,
                                          .nwait = 1,
                                          .hold = i,
                                          .nhold = 1};
    }
    cr_assert(mon_graph_build(&graph, &in, NULL, &arena) == 0);
    cr_assert(mon_scc_find(&s, &graph, stuck, &arena) == 0);
    cr_assert(s.n == 1 && s.first[1] == 2 * N);
    rt_arena_free(&arena);
    free(stuck);
}
