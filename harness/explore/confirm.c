/*
 * confirm.c - does a schedule again, to see whether its livelock stands.
 *
 * Method: some executions. The first makes what is made once: the runtime's
 * tables, pages of the heap, the loader's entries. In the next one any system
 * call is the program's, from its first instruction on; a livelock is one only
 * if there was none. The runtime's own are rare, a tick of a busy machine's:
 * so it is done some times more, and one without any is proof enough. What the
 * program asks for it asks for each time: when it is the same again and again,
 * there will be none without. Nor is the round seen each time: what one look
 * finds may be another's by a byte that vigil has changed. Where
 * executions are long it is looked in each again and again: so few will do. One
 * that comes to wait for what comes from outside has asked the kernel for it, so
 * it is none, and is not waited for.
 */
#include "harness/explore/confirm.h"

#include "harness/explore/explore.h"
#include "harness/explore/follow.h"
#include "harness/explore/loop.h"
#include "harness/explore/outside.h"
#include "harness/explore/thread.h"
#include "harness/explore/watch.h"

enum {
    TRIES = 64,
    SAME = 5,                  /* times in a row */
    MISSED = 16,               /* executions in which no round was seen, */
    IN_VAIN = HN_EXPLORE_STEPS /* and steps in them: then no more */
};

struct confirm {
    struct hn_confirmed *to;
    struct hn_follow follow;
    struct hn_watch *watch;
    struct hn_range starter; /* what the calling thread has */
    uint32_t done;           /* executions */
    uint32_t same;           /* the last of them that saw the same, */
    uint32_t missed;         /* and those that did not go round, */
    uint64_t in_vain;        /* and their steps */
    bool seen;
    bool outside; /* one has waited for what comes from there */
};

static uint32_t choose(void *arg, const struct go_step *steps, uint32_t n)
{
    struct confirm *c = arg;
    uint32_t k;

    hn_watch_hold(c->watch, hn_follow_leads(&c->follow));
    if (hn_watch_moment(c->watch)) {
        hn_outside_end(); /* it is looked at now, which asks the kernel */
        return GO_NOWHERE;
    }
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

static bool silent(void *arg, int64_t ns)
{
    (void)arg, (void)ns;
    return true;
}

static void begin(struct confirm *c)
{
    hn_follow_begin(&c->follow);
    hn_watch_begin(c->watch, HN_WATCH_EAGER);
}

/* From here on all is the program's doing. */
static void was_reset(void *arg)
{
    struct confirm *c = arg;

    c->seen = hn_outside_begin(&c->starter);
}

static void note(struct confirm *c, const struct go_execution *e)
{
    int before;

    hn_outside_end(); /* before anything that is shared is looked at */
    before = c->to->call;
    c->to->livelock = e->end == GO_END_LIVELOCK;
    c->to->round = hn_watch_round(c->watch);
    c->to->call = hn_outside_seen();
    c->same = c->to->livelock && c->to->call == before ? c->same + 1 : 1;
    c->missed += !c->to->livelock;
    c->in_vain += c->to->livelock ? 0 : e->steps;
    c->to->alone = c->to->livelock && c->seen && c->to->call < 0;
}

static bool is_decided(const struct confirm *c)
{
    return c->outside || c->to->alone || c->same == SAME ||
           c->missed == MISSED || c->in_vain > IN_VAIN || c->done > TRIES;
}

static bool over(void *arg, const struct go_execution *e)
{
    struct confirm *c = arg;

    c->outside = e->settled || e->unasked & GO_UNASKED_SILENCE;
    if (c->done++ > 0)
        note(c, e);
    if ((c->done > 1 || c->outside) && is_decided(c))
        return false;
    begin(c);
    return true;
}

void hn_confirm(const struct go_run *run, const struct hn_schedule *schedule,
                uint32_t early, struct hn_confirmed *to)
{
    struct confirm c = {.to = to,
                        .follow = {.schedule = schedule},
                        .starter = hn_thread_range()};
    struct go_control control = {.arg = &c,
                                 .choose = choose,
                                 .number = number,
                                 .over = over,
                                 .silent = silent,
                                 .early = early,
                                 .steps = HN_EXPLORE_STEPS,
                                 .more = schedule->more,
                                 .alike = true,
                                 .look_late = true};
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
