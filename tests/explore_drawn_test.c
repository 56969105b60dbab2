/* explore_drawn_test.c - what the runtime does by itself, as it is known. */
#include <vigil/go.h>

#include "tests/lockers.h"
#include "tests/strategic.h"

/* Locks in two orders, one of them stuck; numbers, and channels. */
static void mixed_one(struct go_mutex *a, struct go_mutex *b, chan(int) c)
{
    go_mutex_lock(a);
    go_mutex_lock(b);
    go_mutex_unlock(b);
    go_mutex_unlock(a);
    if (go_choose(2))
        go_select(GO_SEND(c, 1), GO_RECV(c, NULL), GO_DEFAULT);
    go_mutex_lock(a);
    go_mutex_unlock(a);
}

static void mixed(void)
{
    struct go_mutex a = {0}, b = {0};
    struct go_waitgroup wg = {0};
    chan(int) c = chan_make(int, 1);

    go_waitgroup_go(&wg, mixed_one, &a, &b, c);
    go_waitgroup_go(&wg, mixed_one, &b, &a, c);
    go_waitgroup_wait(&wg);
}

static void locks(void)
{
    lockers_tasks = lockers_sections = 3;
    lockers();
}

static void try_twice(struct go_mutex *m, struct go_waitgroup *wg)
{
    for (int i = 0; i < 2; i++)
        if (go_mutex_trylock(m))
            go_mutex_unlock(m);
    go_waitgroup_done(wg);
}

/* From some execution on unlocks are steps. */
static void tries(void)
{
    struct go_mutex m = {0};
    struct go_waitgroup wg = {0};

    go_waitgroup_add(&wg, 3);
    go(lockers_one, &m, &wg);
    go(lockers_one, &m, &wg);
    go(try_twice, &m, &wg);
    go_waitgroup_wait(&wg);
}

Test(drawn, what_is_known_comes_to_the_same_as_what_is_asked_for)
{
    static void (*const bodies[])(void) = {locks, mixed, tries};

    for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
        struct strategic asked = {
            .kind = &hn_dpor, .most = 100000, .asks = true};
        struct strategic t = {.kind = &hn_dpor, .most = 100000};

        strategic_run(&asked, bodies[i]);
        strategic_run(&t, bodies[i]);
        cr_assert(asked.complete);
        cr_assert_eq(asked.known, 0);
        cr_assert_gt(t.known, t.steps / 4, "%zu: %d of %d", i, (int)t.known,
                     (int)t.steps);
        cr_assert_eq(t.executions, asked.executions, "%zu", i);
        cr_assert_eq(t.all, asked.all, "%zu", i);
        cr_assert_eq(t.complete, asked.complete, "%zu", i);
    }
}
