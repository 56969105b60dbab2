/* explore_dpor_test.c - as few executions as there are differences, no fewer. */
#include <criterion/criterion.h>
#include <string.h>
#include <vigil/go.h>

#include "harness/explore/memory.h"
#include "tests/classics.h"
#include "tests/explored.h"
#include "tests/lockers.h"
#include "runtime/sched/sanitize.h"

/* One thread, and ten thousands of executions: ThreadSanitizer has nothing to
   see there, and needs minutes. */
#if !defined(RT_TSAN)

/* How many executions it takes to complete, all of them to be counted. */
static uint64_t completed(void (*body)(void), struct strategic *t)
{
    *t = (struct strategic){.kind = &hn_dpor, .most = 100000};
    strategic_run(t, body);
    cr_assert(t->complete, "it has not ended");
    return t->executions;
}

/* ---- as many as there must be --------------------------------------------*/

static uint64_t orders(int ntasks, int nsections)
{
    struct strategic t;

    lockers_tasks = ntasks;
    lockers_sections = nsections;
    completed(lockers, &t);
    cr_assert_eq(t.ended[GO_END_CLEAN], t.executions);
    return t.executions;
}

Test(dpor, critical_sections_in_every_order)
{
    cr_assert_eq(orders(2, 2), 6);
    cr_assert_eq(orders(2, 3), 20);
    cr_assert_eq(orders(3, 2), 90);
    cr_assert_eq(orders(3, 3), 1680);
    cr_assert_eq(orders(3, 4), 34650);
}

/* A loop that waits has no end; but here nobody is waited for. */
static void looks_alone(void)
{
    for (int i = 0; i < 30; i++)
        go_yield();
}

Test(dpor, who_looks_while_nobody_else_can_go_on_is_let)
{
    struct strategic t;

    cr_assert_eq(completed(looks_alone, &t), 1);
    cr_assert_eq(t.ended[GO_END_CLEAN], 1);
}

Test(dpor, sends_in_every_order_however_much_room_there_is)
{
    struct strategic t;
    static const int rooms[] = {0, 1, 2, 6};

    for (int i = 0; i < 4; i++) {
        producers_room = rooms[i];
        cr_assert_eq(completed(producers, &t), 20, "%d: %d", producers_room,
                     (int)t.executions);
        cr_assert_eq(t.ended[GO_END_CLEAN], 20);
    }
}

Test(dpor, philosophers_eat_in_every_order_of_neighbours)
{
    struct strategic t;

    for (philosophers_n = 2; philosophers_n <= 5; philosophers_n++) {
        uint64_t n = completed(philosophers, &t);

        cr_assert_eq(n, (1u << philosophers_n) - 1, "%d: %d", philosophers_n,
                     (int)n);
        cr_assert_eq(t.ended[GO_END_STUCK], 1);
    }
}

Test(dpor, three_workers_and_a_close_have_six)
{
    struct strategic t;

    cr_assert_eq(completed(workers_and_close, &t), 6, "%d", (int)t.executions);
    cr_assert_eq(t.ended[GO_END_CLEAN], 6);
}

/* ---- ends ----------------------------------------------------------------*/

static struct go_mutex lock;

static void give_up(int i)
{
    static const char *const why[] = {"one", "two"};

    go_mutex_lock(&lock);
    go_mutex_unlock(&lock);
    go_panic("%s", why[i]);
}

static void two_give_up(void)
{
    lock = (struct go_mutex){0};
    go(give_up, 0);
    go(give_up, 1);
}

Test(dpor, a_panic_hides_no_other)
{
    explored_same("two panics", two_give_up, 0, 2);
}

static void panic_at_once(void)
{
    go_atomic_store(&(struct go_atomic){0}, 1);
    go_panic("at once");
}

static void panic_first(void)
{
    lock = (struct go_mutex){0};
    go(panic_at_once);
    go(give_up, 1);
}

Test(dpor, a_panic_hides_nothing_that_others_do)
{
    explored_same("a panic first", panic_first, 0, 2);
}

static void endless(void)
{
    struct go_atomic a = {0};

    for (;;)
        go_atomic_add(&a, 1);
}

Test(dpor, what_was_cut_off_is_not_complete)
{
    struct strategic t = {.kind = &hn_dpor, .bound = 100};

    strategic_run(&t, endless);
    cr_assert(t.over);
    cr_assert_not(t.complete);
    cr_assert_eq(t.ended[GO_END_BOUND], 1);
}

/* Of a body that is not the same each time; in which execution. */
static uint64_t noticed(void (*body)(void))
{
    struct strategic t = {.kind = &hn_dpor, .most = 1000};

    strategic_run(&t, body);
    cr_assert(t.over);
    cr_assert_not(t.complete);
    return t.executions;
}

static void lock_own(struct go_mutex *m, int i)
{
    go_mutex_lock(&m[i]);
    go_mutex_unlock(&m[i]);
}

static void moving(void)
{
    static struct go_mutex m[2];
    static int which;

    m[0] = m[1] = (struct go_mutex){0};
    which = !which;
    go(lock_own, m, which);
    go(lock_own, m, which);
}

Test(dpor, an_object_that_moves_is_noticed)
{
    cr_assert_eq(noticed(moving), 2);
}

static void read_or_write(struct go_rwmutex *m, bool reads)
{
    if (reads) {
        go_rwmutex_rlock(m);
        go_rwmutex_runlock(m);
    } else {
        go_rwmutex_lock(m);
        go_rwmutex_unlock(m);
    }
}

/* Writers come in two orders, readers need only one. */
static void turning(void)
{
    static struct go_rwmutex m;
    static int times;
    bool reads = times++ % 2;

    m = (struct go_rwmutex){0};
    go(read_or_write, &m, reads);
    go(read_or_write, &m, reads);
}

Test(dpor, an_operation_that_is_another_is_noticed)
{
    struct strategic t = {.kind = &hn_dpor, .most = 1000};

    strategic_run(&t, turning);
    cr_assert(t.over);
    cr_assert_not(t.complete);
    cr_assert_eq(t.executions, 2);
}

static int begun;

static void shorter(void)
{
    lock = (struct go_mutex){0};
    if (begun++ >= 3)
        return;
    go(lock_own, &lock, 0);
    go(lock_own, &lock, 0);
    go(lock_own, &lock, 0);
}

Test(dpor, an_execution_that_ends_too_soon_is_noticed)
{
    cr_assert_eq(noticed(shorter), 4);
}

static void spin_for_it(void)
{
    while (!go_mutex_trylock(&lock))
        go_yield();
    go_mutex_unlock(&lock);
}

static void spinners(void)
{
    lock = (struct go_mutex){0};
    go(spin_for_it);
    go(spin_for_it);
}

Test(dpor, loops_that_wait_for_others_are_cut)
{
    struct strategic t = {.kind = &hn_dpor, .most = 100000, .bound = 1000};

    strategic_run(&t, spinners);
    cr_assert(t.over);
    cr_assert_not(t.complete);
    cr_assert_gt(t.ended[GO_END_CLEAN], 1);
    cr_assert_lt(t.steps, 300 * t.executions, "they went round to the bound");
}

static void makes(chan(int) things, chan(bool) stop)
{
    while (go_select(GO_SEND(things, 1), GO_RECV(stop, NULL)) == 0)
        continue;
    chan_close(things);
}

static void stops(chan(bool) stop)
{
    chan_close(stop);
}

static void endless_pair(void)
{
    chan(int) things = chan_make(int, 2);
    chan(bool) stop = chan_make(bool, 0);

    go(makes, things, stop);
    go(stops, stop);
    chan_range(thing, things)
        (void)thing;
}

/* Where the first who can always goes on, nobody ever stops them. */
Test(dpor, who_would_end_it_has_a_turn)
{
    struct strategic t = {.kind = &hn_dpor, .most = 1, .bound = 10000};

    strategic_run(&t, endless_pair);
    cr_assert_eq(t.ended[GO_END_CLEAN], 1);
}

enum {
    MANY = 150
};

/* Each its own lock, and the last two the same. */
static void many(void)
{
    static struct go_mutex m[MANY];

    memset(m, 0, sizeof(m));
    for (int i = 0; i < MANY; i++)
        go(lock_own, m, i < MANY - 1 ? i : MANY - 2);
}

Test(dpor, any_number_of_tasks)
{
    struct strategic t;

    cr_assert_eq(completed(many, &t), 2);
}

static void draw_two(void)
{
    explored_saw[0] = 1 + 10 * go_choose(3) + go_choose(2);
}

Test(dpor, all_numbers_are_drawn)
{
    explored_same("numbers", draw_two, 0, 6);
    cr_assert_eq(explored_clever.executions, 6);
}

static chan(int) one;

static void send_it(int v)
{
    chan_send(one, v);
}

static void draw_and_free(void)
{
    lock_own(&lock, 0);
    explored_saw[0] = 1 + go_choose(2);
    if (explored_saw[0] == 2)
        chan_free(one);
}

static void free_or_not(void)
{
    lock = (struct go_mutex){0};
    one = chan_make(int, 1);
    go(draw_and_free);
    go(send_it, 1);
}

/* Whoever drew something else may do something else. */
Test(dpor, nothing_sleeps_that_draws_a_number)
{
    explored_same("a number that frees", free_or_not, 0, 3);
}

static struct go_mutex other;

static void try_it(void)
{
    lock_own(&other, 0);
    if (go_mutex_trylock(&lock))
        go_mutex_unlock(&lock);
}

static void sections(void)
{
    lock = (struct go_mutex){0};
    go(lock_own, &lock, 0);
    go(lock_own, &lock, 0);
}

static void tries_and_sections(void)
{
    other = (struct go_mutex){0};
    lock_own(&other, 0);
    sections();
    go(try_it);
}

/* What was chosen before means something else: it begins again. */
Test(dpor, unlocks_become_steps)
{
    struct strategic t;

    completed(sections, &t);
    cr_assert_eq(t.executions, 2);
    completed(tries_and_sections, &t);
    cr_assert_eq(t.ended[GO_END_CLEAN], t.executions);
    cr_assert_eq(t.executions, 11);
}

/* ---- without memory ------------------------------------------------------*/

static void comes_first(struct go_mutex *m, int *came)
{
    go_mutex_lock(m);
    *came = 1;
    go_mutex_unlock(m);
}

/* Stuck in the one order, and in the other one long. */
static void stuck_or_long(struct go_mutex *m, int *came)
{
    go_mutex_lock(m);
    if (*came)
        go_mutex_lock(m);
    for (int i = 0; i < 200; i++)
        go_yield();
    go_mutex_unlock(m);
}

static void later_longer(void)
{
    struct go_mutex m = {0};
    struct go_waitgroup wg = {0};
    int came = 0;

    go_waitgroup_go(&wg, comes_first, &m, &came);
    go_waitgroup_go(&wg, stuck_or_long, &m, &came);
    go_waitgroup_wait(&wg);
}

Test(dpor, without_memory_for_more_it_ends_with_what_it_has_found)
{
    struct strategic t = {.kind = &hn_dpor, .most = 100000};

    hn_memory_most = 8000;
    strategic_run(&t, later_longer);
    hn_memory_most = (size_t)256 << 20;
    cr_assert(t.over && !t.complete, "%lu executions", t.executions);
    cr_assert(t.executions == 2 && t.ended[GO_END_STUCK] == 1);
}

#endif
