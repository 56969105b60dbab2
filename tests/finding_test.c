/* finding_test.c - what a look found: verdicts, counts, like cases together. */
#include "runtime/monitor/finding.h"

#include <criterion/criterion.h>
#include <string.h>
#include <time.h>

#include "runtime/monitor/sight.h"
#include "tests/brute.h"

static struct made m;
static struct mon_findings f;

static void teardown(void)
{
    made_free(&m);
}
TestSuite(finding, .fini = teardown);

static void find(void)
{
    made_find(&m, &f);
}

Test(finding, main_behind_a_ring_is_a_deadlock)
{
    made_abba(&m);
    find();
    cr_assert(f.n == 1 && f.verdict == GO_VERDICT_DEADLOCK);
    cr_assert(f.list[0].shape == GO_SHAPE_RING && f.list[0].proven);
    cr_assert_str_eq(f.list[0].message, "2 goroutines wait in a ring");
    cr_assert(f.main_stuck && f.all_asleep && f.leaked == 2 && f.stuck == 3);
    cr_assert(f.list[0].nparts == 3 && f.list[0].ncore == 2);
    cr_assert(!f.list[0].parts[2].core && f.list[0].parts[2].goroutine == 0);
}

Test(finding, nothing_stuck_is_clean)
{
    made_abba(&m);
    m.g[2].state = GO_STATE_RUNNABLE;
    find();
    cr_assert(f.n == 0 && f.verdict == GO_VERDICT_CLEAN && !f.stuck);
}

Test(finding, no_goroutines_at_all_is_clean)
{
    made_new(&m);
    m.in.main_ended = 1;
    find();
    cr_assert(f.n == 0 && f.verdict == GO_VERDICT_CLEAN);
}

/* Main has gone; n goroutines wait alike, each on a channel of its own. */
static void strays(uint32_t n)
{
    made_new(&m);
    m.in.main_ended = 1;
    for (uint32_t i = 0; i < n; i++) {
        made_wait(&m, made_g(&m, GO_WAIT_CHAN_RECV),
                  made_object(&m, GO_KIND_CHAN, "c"), GO_WANT_SEND);
        m.g[i].id = i + 2;
        m.g[i].created = m.g[0].created;
        m.g[i].site = m.g[0].site;
    }
}

Test(finding, like_leaks_are_told_as_one)
{
    strays(10);
    find();
    cr_assert(f.n == 1 && f.list[0].times == 10 && f.list[0].nparts == 10);
    cr_assert(f.leaked == 10 && f.verdict == GO_VERDICT_LEAK);
    cr_assert_str_eq(f.list[0].message,
                     "10 goroutines wait, and nobody is left to wake them");
}

Test(finding, unlike_leaks_are_told_apart)
{
    strays(3);
    m.o[2].name = "another";
    find();
    cr_assert(f.n == 2 && f.list[0].times == 2 && f.list[1].times == 1);
}

Test(finding, go_exit_of_main_and_all_asleep_is_a_deadlock)
{
    strays(2);
    m.in.main_exited = 1;
    find();
    cr_assert(f.verdict == GO_VERDICT_DEADLOCK && !f.main_stuck);
}

Test(finding, foreign_threads_make_it_likely)
{
    strays(2);
    m.in.foreign_life = 1;
    find();
    cr_assert(f.verdict == GO_VERDICT_LIKELY && !f.list[0].proven);
    cr_assert(f.leaked == 0 && f.left == 2 && f.stuck == 0);
}

Test(finding, foreign_threads_cannot_open_a_ring_of_locks)
{
    made_abba(&m);
    m.in.foreign_life = 1;
    find();
    cr_assert(f.verdict == GO_VERDICT_DEADLOCK && f.list[0].proven);
}

Test(finding, fingerprint_survives_other_lines_ids_and_times)
{
    struct go_site moved;
    uint64_t before;

    made_abba(&m);
    find();
    before = f.list[0].fingerprint;
    moved = *m.g[1].site;
    moved.line += 100;
    m.g[1].site = m.g[2].site = &moved;
    m.g[1].id = 77;
    m.g[1].since = 99;
    find();
    cr_assert(f.list[0].fingerprint == before);
    m.o[1].name = "another lock";
    find();
    cr_assert(f.list[0].fingerprint != before);
}

Test(finding, panic_stands_in_front)
{
    made_abba(&m);
    find();
    cr_assert(mon_find_panic(&f, &m.arena, GO_NOWHERE, "boom") == 0);
    cr_assert(f.n == 2 && f.list[0].verdict == GO_VERDICT_PANIC);
    cr_assert(f.finding[1] == 1 && f.verdict == GO_VERDICT_PANIC);
    cr_assert_str_eq(f.list[0].message, "boom");
}

/* Of two that close a channel twice one may be known. */
Test(finding, a_panic_is_known_by_who_panicked_too)
{
    struct go_site moved, other;
    uint64_t before;

    made_abba(&m);
    find();
    cr_assert(mon_find_panic(&f, &m.arena, 1, "boom") == 0);
    before = f.list[0].fingerprint;
    moved = other = *m.g[1].site;
    moved.line += 100;
    m.g[1].site = &moved;
    find();
    cr_assert(mon_find_panic(&f, &m.arena, 1, "boom") == 0);
    cr_assert(f.list[0].fingerprint == before);
    other.func = "another";
    m.g[1].site = &other;
    find();
    cr_assert(mon_find_panic(&f, &m.arena, 1, "boom") == 0);
    cr_assert(f.list[0].fingerprint != before);
}

Test(finding, livelock_stands_behind_who_is_stuck_and_before_who_may_be)
{
    const uint32_t main_too = 0;

    made_abba(&m);
    find();
    cr_assert(mon_find_livelock(&f, &m.arena, &main_too, 1, "round", 5) == 0);
    cr_assert(f.n == 2 && f.list[1].verdict == GO_VERDICT_LIVELOCK);
    cr_assert_eq(f.verdict, f.list[0].verdict);
    cr_assert_eq(f.finding[1], 0);
    made_free(&m);
    strays(2);
    m.in.foreign_life = 1;
    find();
    cr_assert(mon_find_livelock(&f, &m.arena, &main_too, 1, "round", 5) == 0);
    cr_assert(f.n > 1 && f.list[0].verdict == GO_VERDICT_LIVELOCK);
    cr_assert_eq(f.verdict, f.list[0].verdict);
    cr_assert_eq(f.list[1].verdict, GO_VERDICT_LIKELY);
}

/* As strays with a foreign thread: alive, but for what is proven. */
Test(finding, who_is_alive_at_a_panic_is_not_left)
{
    strays(2);
    m.in.foreign_life = 1;
    find();
    cr_assert(f.n > 0 && f.left == 2);
    cr_assert(mon_find_panic(&f, &m.arena, GO_NOWHERE, "boom") == 0);
    cr_assert(f.n == 1 && f.left == 0 && f.list[0].verdict == GO_VERDICT_PANIC);
    for (uint32_t i = 0; i < m.in.ngoroutine; i++)
        cr_assert(f.finding[i] == GO_NOWHERE);
}

Test(finding, counts_agree_with_the_judge_on_random_graphs)
{
    static struct brute w;

    for (uint64_t seed = 1; seed <= 5000; seed++) {
        uint32_t stuck = 0, parts = 0;
        unsigned answer;

        brute_world(&w, seed);
        for (uint32_t g = 0; g < w.m.in.ngoroutine; g++)
            w.m.g[g].proven = false; /* made up, so it may contradict */
        w.matrix = false;
        answer = brute_judge(&w);
        for (uint32_t g = 0; g < w.m.in.ngoroutine; g++)
            stuck += answer >> g & 1;
        made_find(&w.m, &f);
        cr_assert(f.stuck == stuck, "seed %lu", (unsigned long)seed);
        cr_assert(f.main_stuck == (answer & 1 && stuck));
        for (uint32_t i = 0; i < f.n; i++)
            if (f.list[i].proven)
                parts += f.list[i].nparts;
        cr_assert(parts == stuck, "seed %lu: %u", (unsigned long)seed, parts);
        rt_arena_free(&w.m.arena);
    }
}

/* n goroutines and main wait on one channel. */
static void fan_in(struct go_inspect *in, uint32_t n)
{
    static const struct go_site site = {"a.c", "worker", "c", NULL, 1};
    static struct go_inspect_object c = {
        .kind = GO_KIND_CHAN, .name = "c", .id = 1};

    memset(in, 0, sizeof(*in));
    in->goroutines = calloc(n, sizeof(*in->goroutines));
    in->waits = calloc(n, sizeof(*in->waits));
    in->objects = &c;
    in->ngoroutine = in->nwait = n;
    in->nobject = 1;
    for (uint32_t i = 0; i < n; i++)
        in->goroutines[i] =
            (struct go_inspect_goroutine){.id = i + 1,
                                          .state = GO_STATE_WAITING,
                                          .member = GO_NOWHERE,
                                          .reason = GO_WAIT_CHAN_RECV,
                                          .until = -1,
                                          .site = &site,
                                          .wait = i,
                                          .nwait = 1};
}

Test(finding, hundred_thousand_on_one_channel_are_one_finding)
{
    struct go_inspect in;
    struct rt_arena arena = {0};

    fan_in(&in, 100000);
    cr_assert(mon_find(&in, NULL, &arena, &f) == 0);
    cr_assert(f.n == 1 && f.list[0].times == 1);
    cr_assert(f.list[0].nparts == 100000 && f.stuck == 100000);
    cr_assert(f.verdict == GO_VERDICT_DEADLOCK);
    rt_arena_free(&arena);
    free(in.goroutines);
    free(in.waits);
}

/* Main runs with a lock that two wait for: one for 90 ns, one for 30. */
static void waiters(int64_t slow)
{
    uint32_t lock, late;

    made_new(&m);
    made_g(&m, GO_WAIT_NONE);
    lock = made_object(&m, GO_KIND_MUTEX, "m");
    made_hold(&m, 0, lock);
    made_locker(&m, lock);
    late = made_locker(&m, lock);
    m.g[late].since = 70;
    m.in.slow = slow;
}

Test(finding, who_waits_long_is_told_of_only_when_asked)
{
    waiters(0);
    find();
    cr_assert(f.n == 0 && f.verdict == GO_VERDICT_CLEAN);
    waiters(90);
    find();
    cr_assert(f.n == 1 && f.verdict == GO_VERDICT_SLOW && !f.stuck);
    cr_assert(f.list[0].nparts == 1 && f.list[0].parts[0].goroutine == 1);
    cr_assert_not(f.list[0].proven);
    cr_assert_str_eq(f.list[0].message,
                     "1 goroutine waits long, and may still be woken");
    waiters(91);
    find();
    cr_assert(f.n == 0);
}

/* K2 of certificate.c: of who is alive nothing is said of others. */
Test(finding, who_waits_long_has_a_certificate_that_claims_nothing)
{
    const struct mon_seen seen = {0, 0, MON_WANT_ALL}; /* main has it */
    const struct mon_sight sight = {
        .seen = &seen, .nseen = 1, .all_holders = true};
    uint32_t c, g;

    made_new(&m);
    made_g(&m, GO_WAIT_NONE);
    c = made_object(&m, GO_KIND_CHAN, "c");
    g = made_g(&m, GO_WAIT_CHAN_RECV);
    made_wait(&m, g, c, GO_WANT_SEND);
    made_use(&m, c, 1, GO_DID_SEND);
    m.in.slow = 1;
    cr_assert(mon_find(made_done(&m), &sight, &m.arena, &f) == 0);
    cr_assert(f.n == 1 && f.list[0].verdict == GO_VERDICT_SLOW);
    cr_assert_not_null(f.certificates[0]);
    cr_assert_eq(f.certificates[0]->rest, MON_REST_UNKNOWN);
    cr_assert_eq(f.certificates[0]->wakers[0].fate, MON_FATE_RUNNING);
    cr_assert_not(f.certificates[0]->wakers[0].lost);
}

Test(finding, who_is_left_behind_somebody_alive_is_told_behind_whom)
{
    waiters(0);
    m.g[0].id = 9;
    m.in.main_ended = 1;
    find();
    cr_assert_eq(f.left, 3u);
    cr_assert_not_null(f.certificates[m.g[1].wait]);
    cr_assert_eq(f.certificates[m.g[1].wait]->wakers[0].id, 9u);
    cr_assert_eq(f.certificates[m.g[1].wait]->wakers[0].role, MON_ROLE_HOLDS);
}

/* Nobody can be both: the left are left, the stuck are stuck. */
Test(finding, neither_the_stuck_nor_the_left_are_slow)
{
    made_abba(&m);
    m.in.slow = 1;
    find();
    cr_assert(f.n == 1 && f.list[0].verdict == GO_VERDICT_DEADLOCK);
    waiters(1);
    m.g[0].id = 9;
    m.in.main_ended = 1;
    find();
    for (uint32_t i = 0; i < f.n; i++)
        cr_assert_eq(f.list[i].verdict, GO_VERDICT_LEFT);
    cr_assert_eq(f.left, 3u);
}

Test(finding, timer_that_calls_is_somebody_awake)
{
    strays(1);
    m.g[0].reason = GO_WAIT_CHAN_RECV_NIL;
    m.wait_given[0].object = GO_NOWHERE;
    m.in.main_exited = 1;
    m.t[m.in.ntimer++] = (struct go_inspect_timer){
        .object = GO_NOWHERE, .goroutine = GO_NOWHERE, .calls = 1};
    find();
    cr_assert(!f.all_asleep && f.verdict == GO_VERDICT_LEAK);
}

/* Alike but for that: of one a sender is known. */
Test(finding, somebody_alive_is_waited_for_where_one_is_known)
{
    strays(3);
    made_use(&m, 1, 9, GO_DID_SEND);
    m.g[made_g(&m, GO_WAIT_NONE)].id = 9;
    find();
    cr_assert_eq(f.n, 3u);
    cr_assert_str_eq(f.list[0].message,
                     "2 goroutines left, and who may wake them is not known");
    cr_assert_str_eq(f.list[1].message,
                     "1 goroutine left, waiting for somebody who is alive");
    cr_assert_eq(f.certificates[m.g[0].wait]->nwaker, 0u);
    cr_assert_eq(f.certificates[m.g[1].wait]->wakers[0].id, 9u);
}

Test(finding, left_for_different_reasons_is_told_apart)
{
    strays(2);
    m.g[0].state = GO_STATE_RUNNING;
    m.g[1].state = GO_STATE_RUNNABLE;
    find();
    cr_assert(f.n == 2 && f.left == 2);
    cr_assert_str_eq(f.list[0].message, "1 goroutine left, running");
    cr_assert_str_eq(f.list[1].message, "1 goroutine left, ready to run");
}

Test(finding, gravest_stands_first)
{
    strays(3);
    m.g[0].state = GO_STATE_RUNNING; /* the lowest id is left */
    m.g[2].reason = GO_WAIT_CHAN_RECV_NIL;
    m.wait_given[2].object = GO_NOWHERE; /* the highest is proven */
    find();
    cr_assert(f.list[0].verdict == GO_VERDICT_LEAK);
    cr_assert(f.list[f.n - 1].verdict == GO_VERDICT_LEFT);
    cr_assert(f.verdict == GO_VERDICT_LEAK && f.leaked == 1 && f.left == 2);
}

Test(finding, cores_of_like_groups_stand_before_bystanders)
{
    uint32_t behind, mutex;

    strays(2);
    mutex = made_object(&m, GO_KIND_MUTEX, "m");
    made_hold(&m, 0, mutex);
    behind = made_locker(&m, mutex);
    m.g[behind].id = 9;
    find();
    cr_assert(f.n == 1 && f.list[0].times == 2 && f.list[0].ncore == 2);
    cr_assert(f.list[0].parts[0].core && f.list[0].parts[1].core);
    cr_assert(f.list[0].parts[1].component == 1);
    cr_assert(f.list[0].parts[2].goroutine == behind);
    cr_assert_str_eq(f.list[0].message,
                     "2 goroutines wait, and nobody is left to wake them; "
                     "1 more waits behind");
}
