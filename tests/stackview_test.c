/* stackview_test.c - which frames a reader is shown. */
#include <criterion/criterion.h>
#include <string.h>

#include "runtime/monitor/stackview.h"
#include "runtime/sched/park.h"

static const struct go_site site = {"app.c", "asked", "", NULL, 12};
static struct go_inspect_goroutine g;
static const void *pcs[3];
static struct go_inspect in = {.goroutines = &g, .pcs = pcs, .ngoroutine = 1};
static struct mon_frame frames[8];

static __attribute__((noinline)) int user(int n)
{
    return n * 5;
}

/* The first address of a function, as if it were a return address in it. */
static const void *inside(const void *fn)
{
    return (const char *)fn + 1;
}

static size_t view(uint32_t npc, bool bare)
{
    struct mon_stackview v = {&in, bare};

    memset(frames, 0, sizeof(frames));
    in.npc = g.npc = npc;
    g.state = GO_STATE_WAITING;
    g.site = &site;
    return mon_stackview(&v, 0, frames, 8);
}

Test(stackview, frames_of_the_runtime_are_left_out)
{
    pcs[0] = inside((const void *)&rt_park_until);
    pcs[1] = inside((const void *)&user);
    pcs[2] = inside((const void *)&rt_ready);
    cr_assert_eq(view(3, false), 1);
    cr_assert_str_eq(frames[0].func, "user");
    cr_assert(strstr(frames[0].file, "stackview_test.c"));
}

Test(stackview, stack_of_runtime_frames_alone_shows_the_function)
{
    pcs[0] = inside((const void *)&rt_park_until);
    g.entry = (const void *)&user;
    cr_assert_eq(view(1, false), 1);
    cr_assert_str_eq(frames[0].func, "user");
}

/* A wait in the place of a tail call: the line of the call, not of "user". */
Test(stackview, stack_of_runtime_frames_alone_of_a_waiter_shows_the_site)
{
    pcs[0] = inside((const void *)&rt_park_until);
    g.entry = (const void *)&user;
    g.reason = GO_WAIT_CHAN_RECV;
    cr_assert_eq(view(1, false), 1);
    cr_assert_str_eq(frames[0].func, "asked");
    cr_assert_eq(frames[0].line, 12);
}

Test(stackview, no_stack_shows_the_site)
{
    cr_assert_eq(view(0, false), 1);
    cr_assert_str_eq(frames[0].func, "asked");
    cr_assert_eq(frames[0].line, 12);
}

Test(stackview, without_symbols_the_site_alone)
{
    pcs[0] = inside((const void *)&user);
    cr_assert_eq(view(1, true), 1);
    cr_assert_str_eq(frames[0].func, "asked");
    cr_assert_str_eq(frames[0].file, "app.c");
}
