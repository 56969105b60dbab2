/*
 * elsewhere.c - what orders goroutines without vigil, for who looks for data
 * races.
 *
 * In:  calls by whoever stands in front of the C library (vigil/elsewhere.h).
 * Out: releases and acquires (race.h).
 *
 * O1  What orders is a choice, as atomics are: so a search that tries all
 *     orders knows of all races. Where it is not, its claim is limited.
 * O2  Threads of the program's own, and signal handlers, let go of locks unseen.
 *     Who waits while they might is not stuck: when nobody else can do anything
 *     he tries again by time, which is no choice, and bounded: by real time, for
 *     how long a nap and a look at /proc take is the machine's matter.
 *     So it is with all that goroutines wait for while there are such threads:
 *     they may send, too. What does not depend on them a look proves before.
 *     Where choices are made no more he yields until it is so: nobody tells him
 *     when to ask again, and who is runnable is not taken to be stuck.
 * O3  What comes from outside (a descriptor, a call in go_blocking, a thread) does
 *     so at some moment, whoever stands where: an execution that has to do with
 *     it is not told by its choices, whether or not anybody had to wait.
 * O4  Who waits until something else says so (outer.c) is asked for at each
 *     choice, like all others that wait by more than a word.
 * O5  What the kernel says may depend on what it was asked before, so to ask is
 *     a choice. Handlers of signals call the same names, at any moment and with
 *     their signal blocked: nobody can stand there, so where there are any no
 *     call of the program's is one.
 */
#include "runtime/sched/elsewhere.h"

#include <time.h>

#include "runtime/base/peek.h"
#include "runtime/sched/controlled.h"
#include "runtime/sched/draw.h"
#include "runtime/sched/race.h"
#include "runtime/sched/state.h"
#include "runtime/sched/switch.h"
#include "runtime/sched/threads.h"

enum {
    NAP = 100000, /* ns: O2 */
};
#define NAPPED_MAX (4 * GO_SECOND) /* in an execution */

/* While somebody looks for races. */
static struct g *enter(void)
{
    return rt_race_on() ? rt_enter_controlled() : NULL;
}

/* Something was let go of, so often. */
static uint64_t released;
bool rt_elsewhere_threads; /* O2 */
static bool beside;        /* [atomic] O3: threads, of these */

static void offer_again(const struct rt_point *p)
{
    if ((uint64_t)p->units != released)
        rt_offer(p, RT_POINT_ANY, GO_NOWHERE);
}

/* O2: who has tried before. */
static bool wake_all(void)
{
    const struct rt_point *p;
    uint32_t i = 0;
    bool any = false;

    while ((p = rt_point_next(&i))) {
        if (p->offer != offer_again)
            continue;
        rt_enqueue_global(rt_ctl_go_on(rt_ctl.at[p->at.task], RT_POINT_TIME));
        any = true;
    }
    return any;
}

/* O4 */
static void offer_ready(const struct rt_point *p)
{
    const struct rt_await *a = (const struct rt_await *)(const void *)p;

    if (rt_await_is_over(a))
        rt_offer(p, RT_POINT_ANY, GO_NOWHERE);
}

void rt_elsewhere_await(struct g *g, struct rt_await *a)
{
    a->p.offer = offer_ready;
    rt_point_wait(g, &a->p);
}

const struct rt_await *rt_elsewhere_awaits(const struct rt_point *p)
{
    return p->offer == offer_ready ? (const struct rt_await *)(const void *)p
                                   : NULL;
}

bool rt_elsewhere_is(const struct rt_point *p)
{
    const struct rt_await *a = rt_elsewhere_awaits(p);

    return p->offer == offer_again || (a && (!a->w || rt_elsewhere_others()));
}

bool rt_elsewhere_helped(const struct go_site *site)
{
    const struct timespec nap = {.tv_nsec = NAP};

    if (!rt_elsewhere_others())
        return false;
    if (!rt_work_visible())
        nanosleep(&nap, NULL);
    rt_yield(site);
    return true;
}

bool rt_elsewhere_runs(void)
{
    const struct g *g = rt_g();

    return g && g->status != RT_G_FOREIGN && rt_ctl.by && !rt_ctl.over &&
           !rt_m()->in_rt;
}

uint64_t rt_elsewhere_execution(void)
{
    return rt_ctl.execution;
}

static bool is_awaited(void)
{
    const struct rt_point *p;
    uint32_t i = 0;

    while ((p = rt_point_next(&i)))
        if (p->offer == offer_ready)
            return true;
    return false;
}

/* Who was the last may have done it since it was seen that nothing can be done:
   so once more after that, too. */
bool rt_elsewhere_may_help(void)
{
    bool before = !rt_ctl.alone;

    if (!rt_ctl.tasks[0].lives && !rt_ctl_is_left())
        return false;
    rt_ctl.alone = rt_foreign_sought() == 0;
    return before;
}

/* Naps behind which nobody has run are one. */
static void nap(void)
{
    const struct timespec nap = {.tv_nsec = NAP};
    struct rt_ctl_naps *n = &rt_ctl.naps;
    int64_t begun = rt_monotonic();

    if (n->n++ > 0) {
        if (n->ran == rt_switches())
            begun = n->at;
        nanosleep(&nap, NULL);
    }
    n->ran = rt_switches();
    n->at = rt_monotonic();
    n->ns += n->at - begun;
    if (n->ns > NAPPED_MAX)
        rt_ctl.bound = true;
    rt_ctl.unasked |= GO_UNASKED_THREADS;
}

bool rt_elsewhere_wait(void)
{
    if (!wake_all() && !is_awaited())
        return false;
    nap();
    return true;
}

bool rt_elsewhere_wait_for_threads(void)
{
    if (!rt_elsewhere_may_help())
        return false;
    nap();
    return true;
}

/* O3 */
void rt_elsewhere_comes_slow(const char *what)
{
    const struct g *g = rt_g();

    if (g && g->status != RT_G_FOREIGN)
        rt_ctl.unasked |= GO_UNASKED_OUTSIDE;
    rt_race_lose(what);
}

/* One object for all that is asked: what belongs together the kernel knows, and
   two descriptors may be the two ends of one thing. */
static const char kernel;
static bool handled; /* [atomic] O5: before there was a run */

void rt_elsewhere_io_slow(const struct go_site *site)
{
    struct g *g = rt_enter_controlled();

    rt_elsewhere_comes_slow("what comes after I/O");
    if (!g)
        return;
    rt_point(g, GO_OP_IO, &kernel, site);
    rt_leave(g);
}

bool rt_elsewhere_beside(void)
{
    return rt_load(beside);
}

void go_control_beside(void)
{
    rt_store(beside, true);
}

/* O1. Whether it goes on by time. */
static bool stand(struct g *g, const void *key, enum go_op op, bool again,
                  const void *pc)
{
    struct rt_point p = {.at = {.op = (uint16_t)op,
                                .object = key,
                                .size = op == GO_OP_UPDATE,
                                .site = rt_race_site(pc)},
                         .offer = again ? offer_again : NULL,
                         .units = (int64_t)released};
    const struct go_site *last = g->last;

    if (op == GO_OP_TRYLOCK || op == GO_OP_TRYACQUIRE)
        rt_point_more(GO_MORE_RELEASES);
    rt_point_wait(g, &p);
    g->last = last;
    return p.which == RT_POINT_TIME;
}

bool go_control_step(const void *key, enum go_op op, bool again, const void *pc)
{
    struct g *g = rt_enter_controlled();
    bool lets_go = op == GO_OP_UNLOCK || op == GO_OP_RELEASE;
    bool by_time = false;

    if (!g)
        return false;
    if (!lets_go || rt_point_has_more(GO_MORE_RELEASES))
        by_time = stand(g, key, op, again, pc);
    if (lets_go || op == GO_OP_UPDATE)
        released++;
    if (lets_go)
        rt_note(op == GO_OP_UNLOCK ? GO_NOTE_RELEASE : GO_NOTE_UNITS, g, key);
    rt_leave(g);
    return by_time;
}

void rt_elsewhere_released(void)
{
    released++;
}

void rt_elsewhere_unasked(void)
{
    rt_ctl.unasked |= GO_UNASKED_LIBRARY;
}

bool go_control_runs(void)
{
    const struct g *g = rt_g();

    return g && rt_is_controlled(g) && !rt_ctl.over;
}

bool go_control_calls(const void *pc)
{
    return (const char *)pc >= rt_switch_begin &&
           (const char *)pc < rt_switch_end;
}

void go_control_release(const void *key)
{
    struct g *g = enter();

    if (!g)
        return;
    rt_race_release(g, key);
    rt_leave(g);
}

void go_control_acquire(const void *key)
{
    struct g *g = enter();

    if (!g)
        return;
    rt_race_acquire(g, key);
    rt_leave(g);
}

void go_control_unseen(const char *what)
{
    struct g *g = rt_enter_controlled();

    if (!g)
        return;
    rt_ctl.unasked |= GO_UNASKED_KERNEL;
    if (rt_race_on())
        rt_race_note_unseen(what);
    rt_leave(g);
}

static bool is_undisturbed(void)
{
    return !rt_load(handled) && !rt_point_has_more(GO_MORE_HANDLED);
}

bool go_control_ask(enum go_op op, const void *pc)
{
    struct g *g = rt_enter_controlled();
    bool undisturbed;

    if (!g)
        return false;
    rt_ctl.unasked |= GO_UNASKED_KERNEL;
    undisturbed = is_undisturbed();
    if (undisturbed)
        stand(g, &kernel, op, false, pc);
    else if (rt_race_on())
        rt_race_note_unseen("other orders of what is asked of the kernel");
    rt_leave(g);
    return undisturbed;
}

void go_control_got(void)
{
    struct g *g = rt_enter_controlled();

    if (!g)
        return;
    rt_draw_count();
    rt_ctl.spins = 0;
    if (is_undisturbed())
        rt_note(GO_NOTE_GOT, g, &kernel);
    rt_leave(g);
}

void go_control_handled(void)
{
    struct g *g = rt_enter_controlled();

    if (g) {
        rt_point_more(GO_MORE_HANDLED);
        rt_leave(g);
    } else {
        rt_store(handled, true);
    }
}

const void *go_control_asks(size_t *size)
{
    struct rt_span code = rt_peek_code();

    *size = code.high - code.low;
    return (const void *)code.low;
}

void go_control_untold(const char *what, bool by_others)
{
    const char *known = NULL;
    struct g *g;

    if (by_others)
        rt_store(rt_elsewhere_threads, true);
    if (!__atomic_compare_exchange_n(&rt_race_untold, &known, what, false,
                                     __ATOMIC_RELAXED, __ATOMIC_RELAXED))
        return;
    g = enter();
    if (!g) /* from the next execution on */
        return;
    rt_race_be_silent(what);
    rt_leave(g);
}
