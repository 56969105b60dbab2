/* explore_room_test.c - where a search without memory goes on. */
#include "harness/explore/room.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "harness/explore/dpor.h"
#include "harness/explore/explain.h"
#include "harness/explore/explore.h"
#include "harness/explore/memory.h"
#include "harness/explore/worker.h"
#include "runtime/sched/threads.h"
#include "tests/body.h"
#include "tests/driven.h"

static struct hn_strategy *search;
static bool stale; /* after some call there was an exit */

static void look(void)
{
    stale |= hn_room_exit != NULL;
}

static uint32_t choose(void *arg, const struct go_step *steps, uint32_t n)
{
    uint32_t k = hn_dpor.choose(search, steps, n);

    (void)arg;
    look();
    return k;
}

static uint32_t number(void *arg, uint32_t task, uint32_t n)
{
    uint32_t drawn = hn_dpor.number(search, task, n);

    (void)arg;
    look();
    return drawn;
}

static void note(void *arg, enum go_note what, uint32_t task,
                 const void *object, uint32_t other)
{
    (void)arg;
    hn_dpor.note(search, what, task, object, other);
    look();
}

static bool over(void *arg, const struct go_execution *e)
{
    bool more = hn_dpor.end(search, e);

    (void)arg;
    look();
    if (more)
        hn_dpor.begin(search);
    return more;
}

static void add(int *to)
{
    __atomic_fetch_add(to, 1, __ATOMIC_SEQ_CST);
    go_choose(2);
}

static void body(void)
{
    static struct go_mutex m;
    int n = 0;
    struct go_waitgroup wg = {0};

    for (int i = 0; i < 3; i++)
        go_waitgroup_go(&wg, add, &n);
    go_mutex_lock(&m);
    go_mutex_unlock(&m);
    go_waitgroup_wait(&wg);
}

/* most: the largest block that there is. */
static void run(size_t most)
{
    const struct go_control control = {.choose = choose,
                                       .number = number,
                                       .note = note,
                                       .over = over,
                                       .steps = 100000};

    search = hn_strategy_make(&hn_dpor, 0, 1);
    hn_memory_most = most;
    hn_dpor.begin(search);
    driven_run_by(&control, body);
}

Test(room, no_way_out_is_left_behind_by_a_search)
{
    run(1 << 20);
    cr_assert(hn_dpor.complete(search));
    cr_assert_not(stale);
    hn_dpor.free(search);
}

Test(room, nor_by_one_that_ends_without_memory)
{
    run(1024);
    cr_assert(hn_dpor.full(search));
    cr_assert_not(hn_dpor.complete(search));
    cr_assert_not(stale);
    hn_dpor.free(search);
}

static void want_more_than_there_is(void *arg)
{
    uint32_t cap = 0;
    int *all = NULL;

    hn_memory_most = 16;
    HN_ROOM(all, cap, 5);
    (void)arg;
    (void)all;
}

Test(room, who_has_set_no_way_out_ends_the_process, .exit_code = 70)
{
    want_more_than_there_is(NULL);
}

Test(room, a_worker_that_ends_for_it_has_not_crashed)
{
    cr_assert_eq(hn_worker(want_more_than_there_is, NULL, 0), -ENOMEM);
    cr_assert_str_eq(hn_worker_lacked(),
                     "out of memory: the search is too deep");
}

static void leave(void *arg)
{
    _exit(*(const int *)arg);
}

Test(room, no_exit_status_of_a_worker_says_that)
{
    for (int status = 1; status < 256; status++)
        cr_assert_eq(hn_worker(leave, &status, 0), SIGABRT, "%d", status);
}

static void leaves(void)
{
    _exit(71);
}

/* In this process, and in one for each execution: as each is told. */
static void explore(void (*what)(void), void (*told)(struct hn_explored *x))
{
    const struct go_run run = body_run(what);

    for (int apart = 0; apart < 2; apart++) {
        const struct hn_explore_ask ask = {
            .strategy = "random", .schedules = 3, .seed = 1, .apart = apart};
        struct hn_explored x;

        cr_assert_eq(hn_explore(&run, &ask, &x), 0);
        told(&x);
        hn_explored_free(&x);
    }
}

static void as_a_crash(struct hn_explored *x)
{
    cr_assert_eq(x->nfailures, 1);
    cr_assert_eq(x->failures[0].died.signal, SIGABRT);
    cr_assert_str_empty(x->trouble);
    cr_assert_str_empty(x->lack);
}

Test(room, nor_does_that_of_an_execution)
{
    explore(leaves, as_a_crash);
}

/* ---- what there is of it ends -------------------------------------------*/

static void at_most(int resource, size_t n)
{
    const struct rlimit limit = {n, n};

    cr_assert_eq(setrlimit(resource, &limit), 0);
}

static const char *lacked;

/* Nor are all schedules known. */
static void as_no_failure(struct hn_explored *x)
{
    cr_assert_eq(x->nfailures, 0);
    cr_assert_str_eq(x->lack, lacked);
    cr_assert_not(x->complete);
}

/* No run can be begun. */
Test(room, a_lack_of_descriptors_is_no_failure_of_the_scenario)
{
    rt_threads_ours();
    at_most(RLIMIT_NOFILE, 3);
    lacked = "the poll of descriptors cannot be opened: Too many open files";
    explore(body, as_no_failure);
}

static const size_t left = (size_t)300 << 20;

static void leave_addresses(void)
{
    FILE *f = fopen("/proc/self/statm", "r");
    unsigned long pages = 0;

    cr_assert(f && fscanf(f, "%lu", &pages) == 1);
    fclose(f);
    at_most(RLIMIT_AS, pages * (size_t)sysconf(_SC_PAGESIZE) + left);
}

Test(room, a_search_leaves_most_of_what_there_is_to_the_program)
{
    leave_addresses();
    cr_assert_not_null(hn_memory_take(16));
    cr_assert_neq(
        mmap(NULL, left / 2, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
        MAP_FAILED);
}

/* ThreadSanitizer itself needs more addresses than that. */
#if !defined(__SANITIZE_THREAD__)
static void nothing(void)
{
}

/* Each has a stack of its own, for all executions. */
static void crowd(void)
{
    struct go_waitgroup wg = {0};

    for (int i = 0; i < 8000; i++)
        go_waitgroup_go(&wg, nothing);
    go_waitgroup_wait(&wg);
}

/* For some there are stacks, but not for all of them. */
Test(room, nor_is_a_lack_of_stacks)
{
    leave_addresses();
    lacked = "no memory for another stack";
    explore(crowd, as_no_failure);
}
#endif
