/* explore_room_test.c - where a search without memory goes on. */
#include "harness/explore/room.h"

#include <criterion/criterion.h>
#include <signal.h>

#include "harness/explore/dpor.h"
#include "harness/explore/memory.h"
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

    search = hn_dpor.make(0, 1);
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

Test(room, who_has_set_no_way_out_ends_the_process, .signal = SIGABRT)
{
    uint32_t cap = 0;
    int *all = NULL;

    hn_memory_most = 16;
    HN_ROOM(all, cap, 5);
    (void)all;
}
