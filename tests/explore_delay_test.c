/* explore_delay_test.c - all schedules with few delays, each once. */
#include <string.h>
#include <vigil/go.h>

#include "tests/driven.h"
#include "tests/fed.h"
#include "tests/runners.h"
#include "tests/strategic.h"
#include "runtime/sched/sanitize.h"

/* One thread, and ten thousands of executions: ThreadSanitizer has nothing to
   see there, and needs minutes. */
#if !defined(RT_TSAN)

static struct strategic t;
static struct driven brute;

static void delayed(uint32_t bound, void (*body)(void))
{
    strategic_forget(&t);
    t = (struct strategic){.kind = &hn_delay, .parameter = bound};
    strategic_keep(&t);
    strategic_run(&t, body);
    cr_assert(t.over);
    cr_assert_eq(t.distinct, t.executions, "each of them once");
}

static void teardown(void)
{
    strategic_forget(&t);
}
TestSuite(delay, .fini = teardown);

/* ---- against a model: counted by hand -----------------------------------*/

/* Schedules of tasks that have left[] steps each, with so many delays. */
static uint64_t counted(const int *left, int last, int delays)
{
    uint64_t sum = 0;
    int mine[4], from = last >= 0 && left[last] ? last : 0, cost = 0;

    while (from < lockers_tasks && !left[from])
        from++;
    if (from == lockers_tasks)
        return 1;
    for (int i = 0; i < lockers_tasks; i++) {
        int who = (from + i) % lockers_tasks;

        if (!left[who])
            continue;
        if (cost > delays)
            break;
        memcpy(mine, left, sizeof(mine));
        mine[who]--;
        sum += counted(mine, who, delays - cost++);
    }
    return sum;
}

static void counts_as_by_hand(int ntasks, int nsections)
{
    const int left[4] = {nsections, ntasks > 1 ? nsections : 0,
                         ntasks > 2 ? nsections : 0,
                         ntasks > 3 ? nsections : 0};

    lockers_tasks = ntasks;
    lockers_sections = nsections;
    for (uint32_t bound = 1; bound <= 4; bound++) {
        delayed(bound, lockers);
        cr_assert_eq(t.executions, counted(left, -1, (int)bound),
                     "%d x %d, %u delays: %lu", ntasks, nsections, bound,
                     t.executions);
    }
}

Test(delay, runs_as_many_as_there_are)
{
    counts_as_by_hand(2, 3);
    counts_as_by_hand(3, 2);
    counts_as_by_hand(3, 3);
    counts_as_by_hand(4, 4);
}

Test(delay, by_default_two_delays)
{
    const int left[4] = {3, 3, 3, 0};

    lockers_tasks = lockers_sections = 3;
    delayed(0, lockers);
    cr_assert_eq(t.executions, counted(left, -1, 2));
}

/* ---- the order of rounds -------------------------------------------------*/

static int round_of[1000], runs;

/* Of two tasks: how often one did not go on that could have. */
static void note_delays(void *arg, const struct go_execution *e)
{
    int left[2] = {lockers_sections, lockers_sections}, last = 0, delays = 0;

    (void)arg;
    (void)e;
    for (int i = 0; i < runners_done; i++) {
        delays += runners_order[i] != last && left[last] > 0;
        left[runners_order[i]]--;
        last = runners_order[i];
    }
    round_of[runs++] = delays;
}

Test(delay, begins_without_any_and_adds_one_after_the_other)
{
    lockers_tasks = 2;
    lockers_sections = 4;
    runs = 0;
    t = (struct strategic){
        .kind = &hn_delay, .parameter = 64, .each = note_delays};
    strategic_run(&t, runners);
    cr_assert_eq(runs, 70, "all there are");
    cr_assert_eq(round_of[0], 0);
    cr_assert_eq(round_of[1], 1, "one only is the default");
    for (int i = 1; i < runs; i++)
        cr_assert_leq(round_of[i - 1], round_of[i], "run %d", i);
}

/* ---- against brute force: with enough delays it is all ------------------*/

static struct go_mutex fork_of[3];

static void philosopher(int i)
{
    go_mutex_lock(&fork_of[i]);
    go_mutex_lock(&fork_of[(i + 1) % 3]);
    go_mutex_unlock(&fork_of[(i + 1) % 3]);
    go_mutex_unlock(&fork_of[i]);
}

static void philosophers(void)
{
    struct go_waitgroup wg = {0};

    memset(fork_of, 0, sizeof(fork_of));
    for (int i = 0; i < 3; i++)
        go_waitgroup_go(&wg, philosopher, i);
    go_waitgroup_wait(&wg);
}

static void sender(chan(int) c)
{
    go_yield();
    chan_send(c, go_choose(2));
}

static void either(chan(int) c, chan(int) d)
{
    go_select(GO_RECV(c, NULL), GO_SEND(d, go_choose(3)));
}

/* Cases, partners, numbers, and steps in the middle of a task's. */
static void meetings(void)
{
    chan(int) c = chan_make(int, 0);
    chan(int) d = chan_make(int, 0);

    go(sender, c);
    go(sender, d);
    go(either, c, d);
    go(either, c, d);
    go_yield();
    chan_recv(d);
}

static void signaller(struct go_cond *c)
{
    go_cond_signal(c);
}

static void waiter(struct go_cond *c, struct go_mutex *m)
{
    go_mutex_lock(m);
    go_cond_wait(c, m);
    go_mutex_unlock(m);
}

static void signals(void)
{
    struct go_mutex m = {0};
    struct go_cond c = {0};

    go(waiter, &c, &m);
    go(waiter, &c, &m);
    go(signaller, &c);
    go(signaller, &c);
    go_sleep(GO_SECOND);
}

static void all_of(void (*body)(void))
{
    memset(&brute, 0, sizeof(brute));
    driven_run(&brute, body);
    cr_assert(brute.complete);
    delayed(64, body);
    cr_assert_eq(t.executions, brute.executions, "%lu, not %lu", t.executions,
                 brute.executions);
    for (int end = 0; end <= GO_END_BOUND; end++)
        cr_assert_eq(t.ended[end], brute.ended[end]);
}

Test(delay, with_enough_of_them_runs_all_schedules_once)
{
    all_of(philosophers);
    all_of(meetings);
    all_of(signals);
}

/* ---- yields --------------------------------------------------------------*/

Test(delay, by_default_who_yields_goes_after_all_who_do_not)
{
    static const int x;
    struct hn_strategy *s = hn_strategy_make(&hn_delay, 0, 0);

    cr_assert_eq(go_task_find("b", 1), 1); /* tasks that are known */
    cr_assert_eq(go_task_find("c", 1), 2);
    cr_assert_eq(go_task_find("d", 1), 3);
    hn_delay.begin(s);
    cr_assert_eq(FED(&hn_delay, s, {1, GO_OP_LOCK, &x, 0, NULL},
                     {2, GO_OP_LOCK, &x, 0, NULL}),
                 1);
    cr_assert_eq(FED(&hn_delay, s, {1, GO_OP_YIELD, NULL, 0, NULL},
                     {2, GO_OP_YIELD, NULL, 0, NULL},
                     {3, GO_OP_LOCK, &x, 0, NULL}),
                 3);
    cr_assert_eq(FED(&hn_delay, s, {1, GO_OP_YIELD, NULL, 0, NULL},
                     {2, GO_OP_YIELD, NULL, 0, NULL},
                     {3, GO_OP_YIELD, NULL, 0, NULL}),
                 1, "in turn, when all do");
    cr_assert_eq(FED(&hn_delay, s, {1, GO_OP_YIELD, NULL, 0, NULL},
                     {2, GO_OP_YIELD, NULL, 0, NULL},
                     {3, GO_OP_YIELD, NULL, 0, NULL}),
                 2);
    hn_delay.free(s);
}

/* ---- locks that are tried ------------------------------------------------*/

static void try_lock(struct go_mutex *m)
{
    if (go_mutex_trylock(m))
        go_mutex_unlock(m);
}

static void tries(void)
{
    struct go_mutex m = {0};
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, lockers_section, &m);
    go_waitgroup_go(&wg, try_lock, &m);
    go_waitgroup_wait(&wg);
}

Test(delay, begins_again_when_unlocks_become_steps)
{
    t = (struct strategic){.kind = &hn_delay, .parameter = 64};
    strategic_run(&t, tries);
    /* Before the lock, between lock and unlock, behind both; and the first. */
    cr_assert_eq(t.executions, 3 + 1);
}

#endif
