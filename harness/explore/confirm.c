/*
 * confirm.c - does a schedule again, to see whether its livelock stands.
 *
 * Method: some executions. The first makes what is made once: the runtime's
 * tables, pages of the heap, the loader's entries. In the next one any system
 * call is the program's, from its first instruction on; a livelock is one only
 * if there was none. The runtime's own are rare, a tick of a busy machine's:
 * so it is done some times more, and one without any is proof enough.
 */
#include "harness/explore/confirm.h"

#include "harness/explore/explore.h"
#include "harness/explore/follow.h"
#include "harness/explore/loop.h"
#include "harness/explore/outside.h"
#include "harness/explore/watch.h"

enum {
    TRIES = 5
};

struct confirm {
    struct hn_confirmed *to;
    struct hn_follow follow;
    struct hn_watch *watch;
    uint32_t done; /* executions */
    bool seen;
};

static uint32_t choose(void *arg, const struct go_step *steps, uint32_t n)
{
    struct confirm *c = arg;
    uint32_t k;

    if (hn_watch_moment(c->watch))
        return GO_NOWHERE;
    k = hn_follow_choose(&c->follow, steps, n);
    if (k != GO_NOWHERE)
        hn_watch_took(c->watch, steps, n, k);
    return k;
}

static uint32_t number(void *arg, uint32_t task, uint32_t n)
{
    struct confirm *c = arg;

    hn_watch_break(c->watch);
    return hn_follow_number(&c->follow, task, n);
}

static void begin(struct confirm *c)
{
    hn_follow_begin(&c->follow);
    hn_watch_begin(c->watch, HN_WATCH_EAGER);
}

/* From here on all is the program's doing. */
static void was_reset(void *arg)
{
    ((struct confirm *)arg)->seen = hn_outside_begin();
}

static void note(struct confirm *c, const struct go_execution *e)
{
    hn_outside_end();
    c->to->livelock = e->end == GO_END_LIVELOCK;
    c->to->round = hn_watch_round(c->watch);
    c->to->call = hn_outside_seen();
    c->to->alone = c->to->livelock && c->seen && c->to->call < 0;
}

static bool over(void *arg, const struct go_execution *e)
{
    struct confirm *c = arg;

    if (c->done++ > 0)
        note(c, e);
    if (c->to->alone || c->done > TRIES)
        return false;
    begin(c);
    return true;
}

void hn_confirm(const struct go_run *run, const struct hn_schedule *schedule,
                uint32_t early, struct hn_confirmed *to)
{
    struct confirm c = {.to = to, .follow = {.schedule = schedule}};
    struct go_control control = {.arg = &c,
                                 .choose = choose,
                                 .number = number,
                                 .over = over,
                                 .early = early,
                                 .steps = HN_EXPLORE_STEPS,
                                 .more = schedule->more,
                                 .alike = true};
    struct hn_states *states;
    struct hn_loop loop;

    if (!hn_loop_begin(&loop, run, false))
        return;
    loop.was_reset = was_reset;
    states = hn_states_open(loop.reset);
    c.watch = hn_watch_new(states);
    if (states && c.watch) {
        begin(&c);
        hn_loop_run(&loop, &control, NULL);
    }
    hn_watch_free(c.watch);
    hn_states_close(states);
    hn_loop_end(&loop);
}
