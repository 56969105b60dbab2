/*
 * explore_access_test.c - plain loads and stores as points: what the exhaustive
 * search finds of them is all that brute force finds.
 */
#include "runtime/base/rng.h"
#include "runtime/sched/sanitize.h"
#include "tests/explored.h"

#ifndef RT_TSAN /* its own library has these names there */
void __tsan_init(void);
void __tsan_read1(void *address);
void __tsan_read4(void *address);
void __tsan_read8(void *address);
void __tsan_write1(void *address);
void __tsan_write4(void *address);
void __tsan_write8(void *address);
void __tsan_unaligned_write4(void *address);

/* Bytes, so that sizes and places may be mixed. */
static _Alignas(8) unsigned char memory[16];
static struct go_mutex mu;

static void set(int at, int to)
{
    __tsan_write1(&memory[at]);
    memory[at] = (unsigned char)to;
}

static int get(int at)
{
    __tsan_read1(&memory[at]);
    return memory[at];
}

static void increment(int saw)
{
    int was = get(0);

    set(0, was + 1);
    explored_saw[saw] = was + 1;
}

static void two_increments(void)
{
    struct go_waitgroup wg = {0};

    memset(memory, 0, sizeof(memory));
    go_waitgroup_go(&wg, increment, 1);
    go_waitgroup_go(&wg, increment, 2);
    go_waitgroup_wait(&wg);
    explored_saw[0] = get(0);
}

Test(explore_access, an_update_may_be_lost)
{
    __tsan_init();
    /* 1 then 2, 2 then 1, and 1 twice */
    explored_same("increments", two_increments, 0, 3);
}

static void says_and_looks(int me)
{
    set(me, 1);
    explored_saw[me] = 1 + get(1 - me);
}

static void dekker(void)
{
    struct go_waitgroup wg = {0};

    memset(memory, 0, sizeof(memory));
    go_waitgroup_go(&wg, says_and_looks, 0);
    go_waitgroup_go(&wg, says_and_looks, 1);
    go_waitgroup_wait(&wg);
}

Test(explore_access, not_both_can_see_nothing)
{
    __tsan_init();
    explored_same("dekker", dekker, 0, 3);
}

static void write_all(void)
{
    __tsan_write8(memory);
    memset(memory, 7, 8);
}

static void write_across(void)
{
    __tsan_unaligned_write4(&memory[6]);
    memset(&memory[6], 9, 4);
}

static void look_twice(void)
{
    explored_saw[0] = get(7);
    __tsan_read4(&memory[8]);
    explored_saw[1] = memory[9];
}

static void of_all_sizes(void)
{
    struct go_waitgroup wg = {0};

    memset(memory, 0, sizeof(memory));
    go_waitgroup_go(&wg, write_all);
    go_waitgroup_go(&wg, write_across);
    go_waitgroup_go(&wg, look_twice);
    go_waitgroup_wait(&wg);
    explored_saw[2] = get(7);
}

Test(explore_access, sizes_that_overlap_are_seen)
{
    __tsan_init();
    explored_run_early(of_all_sizes, 0);
    cr_assert(explored_brute.complete && explored_clever.complete);
    cr_assert_eq(explored_missed(), 0);
    cr_assert_gt(explored_brute.n, 4);
}

/* ---- random programs -----------------------------------------------------*/

enum {
    TASKS = 3,
    OPS = 3,
    PROGRAMS = 400
};

enum what {
    READ,
    WRITE,
    UPDATE,
    LOCKED
};

static struct {
    enum what what;
    int at, value;
} program[TASKS][OPS];
static int ops[TASKS];

static void make_program(uint64_t seed)
{
    struct rt_rng rng = {seed * 0x9e3779b97f4a7c15u};
    static const int places[] = {0, 3, 8};

    for (int t = 0; t < TASKS; t++) {
        ops[t] = t < 2 ? 1 + (int)rt_rng_below(&rng, OPS) : 1;
        for (int i = 0; i < ops[t]; i++) {
            program[t][i].what = (enum what)rt_rng_below(&rng, 4);
            program[t][i].at = places[rt_rng_below(&rng, 3)];
            program[t][i].value = 1 + t * OPS + i;
        }
    }
}

static void do_op(int task, int i)
{
    int at = program[task][i].at, value = program[task][i].value;
    int *saw = &explored_saw[task * OPS + i];

    switch (program[task][i].what) {
    case READ:
        *saw = 1 + get(at);
        break;
    case WRITE:
        set(at, value);
        break;
    case UPDATE:
        *saw = 1 + get(at);
        set(at, *saw + value);
        break;
    case LOCKED:
        go_mutex_lock(&mu);
        *saw = 1 + get(at);
        set(at, *saw + value);
        go_mutex_unlock(&mu);
        break;
    }
}

static void play(int task)
{
    for (int i = 0; i < ops[task]; i++)
        do_op(task, i);
}

static void random_program(void)
{
    struct go_waitgroup wg = {0};

    memset(memory, 0, sizeof(memory));
    mu = (struct go_mutex){0};
    for (int t = 0; t < TASKS; t++)
        go_waitgroup_go(&wg, play, t);
    go_waitgroup_wait(&wg);
    explored_saw[TASKS * OPS] = memory[0];
    explored_saw[TASKS * OPS + 1] = memory[3];
    explored_saw[TASKS * OPS + 2] = memory[8];
}

Test(explore_access, nothing_of_random_programs_is_missed)
{
    __tsan_init();
    explored_begins = GO_MORE_ACCESSES; /* whether or not there is a race */
    cr_assert_gt(explored_random(make_program, random_program, PROGRAMS), 0);
}
#endif
