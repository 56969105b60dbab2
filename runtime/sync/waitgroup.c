/*
 * waitgroup.c - a counter, and who waits for it to be 0.
 *
 * Method: one lock. Who counts down to 0 takes out all waiters and wakes them
 * after the lock is released. The members that go_waitgroup_go started are
 * counted too, and g->member says who they are: while by_hand is 0 the monitor
 * knows exactly who can bring the count to 0.
 *
 * G1  count >= members, unless the program calls Done for a member.
 * G2  Somebody waits only while count is not 0.
 *
 * Lock: wg->lock, rank RT_RANK_OBJECT.
 */
#include "runtime/sync/waitgroup.h"

#include "runtime/sched/control.h"
#include "runtime/sched/spawn.h"
#include "runtime/sync/object.h"
#include "runtime/sync/order.h"
#include "runtime/sync/wakes.h"

static const char negative[] = "sync: negative WaitGroup counter";

/* Adds n; NULL, or the panic's text. At 0 all that wait go to wakes. */
static const char *add_locked(struct go_waitgroup *wg, int n,
                              struct rt_wakes *wakes)
{
    rt_assert_held(&wg->lock);
    if (__builtin_add_overflow(wg->count, n, &wg->count) || wg->count < 0)
        return negative; /* as Go: the count stays what it has become */
    if (wg->count == 0)
        rt_wakes_all(wakes, &wg->waiters);
    rt_assert(wg->count || !rt_waitq_first(&wg->waiters), "waitgroup: G2");
    return NULL;
}

/* Notes who counts down, and keeps who did before, if it was another. */
static void count_down_locked(struct go_waitgroup *wg, const struct g *g,
                              const struct go_site *site)
{
    rt_assert_held(&wg->lock);
    if (wg->done.site && wg->done.goroutine != g->id)
        wg->earlier[wg->ndone++ % GO_WAITGROUP_EARLIER] = wg->done;
    rt_use(&wg->done, g, site);
}

/* What a controlled run has seen of a group; wg->quiet. Whoever comes to wait
   later may as well have come before. */
enum {
    QUIET = 1, /* an addition was no step */
    AGAIN = 2, /* it is in use again */
};

/*
 * The points. An addition to a group that counts can be done at once if who
 * waits is who adds; counting down, if nobody waits too early or counts below
 * 0. Once a run has seen that it is not so, all of that are steps, and to
 * begin to wait is one: who waited when the group counted 0, and comes back
 * when it is in use again, panics. (What stays unseen is a count below 0 that
 * needs such an addition to come later than who counts down.)
 */
static bool misused(void)
{
    return rt_point_has_more(GO_MORE_GROUPS);
}

/* Whether somebody stands before a wait for wg. */
static bool is_awaited(const struct go_waitgroup *wg)
{
    const struct rt_point *p;
    uint32_t i = 0;

    while ((p = rt_point_next(&i)))
        if (p->at.object == wg && p->at.op == GO_OP_WAIT)
            return true;
    return false;
}

static void stand_before_more(struct go_waitgroup *wg, struct g *g,
                              const struct go_site *site)
{
    if (wg->quiet & QUIET && wg->added.goroutine != g->id)
        rt_point_more(GO_MORE_ADDS);
    if (wg->count == 0 || rt_point_has_more(GO_MORE_ADDS | GO_MORE_GROUPS))
        rt_point(g, GO_OP_ADD, wg, site);
    else if (is_awaited(wg))
        rt_point_more(GO_MORE_ADDS);
    else
        wg->quiet |= QUIET;
    if (wg->count != 0)
        rt_note(GO_NOTE_ADD, g, wg);
    else if (wg->done.site && is_awaited(wg))
        rt_point_more(GO_MORE_GROUPS);
    else if (wg->done.site)
        wg->quiet |= AGAIN;
}

static void stand_before_less(struct go_waitgroup *wg, int n, struct g *g,
                              const struct go_site *site)
{
    if (wg->count + n < 0)
        rt_point_more(GO_MORE_GROUPS);
    if (misused())
        rt_point(g, GO_OP_ADD, wg, site);
    rt_note_release(g, wg);
}

static void stand_before_add(struct go_waitgroup *wg, int n, struct g *g,
                             const struct go_site *site)
{
    if (!rt_is_controlled(g))
        return;
    if (n > 0)
        stand_before_more(wg, g, site);
    else if (n < 0)
        stand_before_less(wg, n, g, site);
}

static void stand_before_wait(struct go_waitgroup *wg, struct g *g,
                              const struct go_site *site)
{
    if (!rt_is_controlled(g))
        return;
    if (wg->quiet & QUIET && wg->added.goroutine != g->id)
        rt_point_more(GO_MORE_ADDS);
    if (wg->quiet & AGAIN && wg->added.goroutine != g->id)
        rt_point_more(GO_MORE_GROUPS);
    rt_point_slow(g, GO_OP_WAIT, wg,
                  misused() ? &rt_always : (const rt_guard *)&wg->count, site);
}

/* By hand: from now on the monitor knows not who may count down. g has
   entered. */
static void add(struct g *g, struct go_waitgroup *wg, int n,
                const struct go_site *site)
{
    struct rt_wakes wakes = {NULL, NULL};
    const char *why;

    stand_before_add(wg, n, g, site);
    rt_record(g->last = site);
    rt_lock(&wg->lock, RT_RANK_OBJECT);
    rt_object_touch(&wg->obj, GO_KIND_WAITGROUP, site);
    wg->by_hand = 1;
    if (n < 0) {
        count_down_locked(wg, g, site);
        rt_order_release(g, &wg->obj);
    } else {
        rt_use(&wg->added, g, site);
    }
    why = add_locked(wg, n, &wakes);
    rt_unlock(&wg->lock);
    rt_wakes_ready(&wakes);
    rt_leave(g);
    if (rt_unlikely(why))
        go_panic_at(site, "%s", why);
}

void go_waitgroup_add_at(struct go_waitgroup *wg, int n,
                         const struct go_site *site)
{
    add(rt_enter(), wg, n, site);
}

/* One less, where there is no more to it: nobody is told, nobody is woken, and
   it does not count below 0, so who added has touched it. False: it is not so,
   and nothing was done. */
static inline bool count_down_quick(struct go_waitgroup *wg, struct g *g,
                                    const struct go_site *site)
{
    if (!rt_load(rt_quick_release) || rt_causal_on() || wg->count < 1 ||
        (wg->count == 1 && rt_waitq_first(&wg->waiters)))
        return false;
    rt_record(g->last = site);
    wg->by_hand = 1;
    count_down_locked(wg, g, site);
    wg->count--;
    return true;
}

void go_waitgroup_done_at(struct go_waitgroup *wg, const struct go_site *site)
{
    struct m *m;
    struct g *g = rt_enter_fast(&m);

    if (rt_likely(g && count_down_quick(wg, g, site)))
        rt_leave_fast(m);
    else
        add(g ? g : rt_enter(), wg, -1, site);
}

/* Counts a member in, before it exists, or out: when g, which is it, ends, or
   when it could not be made. */
static const char *count_member(struct go_waitgroup *wg, int n, struct g *g,
                                bool ends, const struct go_site *site,
                                struct rt_wakes *wakes)
{
    const char *why;

    rt_lock(&wg->lock, RT_RANK_OBJECT);
    rt_check(n > 0 || wg->members > 0, "waitgroup: a member was not counted");
    wg->members += (uint32_t)n;
    if (ends) {
        g->member = NULL;
        count_down_locked(wg, g, site);
        rt_order_release(g, &wg->obj);
    } else {
        rt_use(&wg->added, g, site);
    }
    why = add_locked(wg, n, wakes);
    rt_unlock(&wg->lock);
    return why;
}

void rt_waitgroup_start(struct go_waitgroup *wg, enum go_kind kind,
                        const struct go_call *call, void (*at_end)(struct g *g),
                        const struct go_site *site)
{
    const struct rt_spawn s = {.fn = call->fn,
                               .arg = call->arg,
                               .site = site,
                               .member = &wg->obj,
                               .at_end = at_end};
    struct rt_wakes wakes = {NULL, NULL};
    const char *why;
    struct g *g;
    bool made = false;

    if (!call->fn)
        go_panic_at(site, "go of nil func value");
    g = rt_enter();
    rt_count_changes(g, site);
    stand_before_add(wg, 1, g, site);
    rt_record(g->last = site);
    rt_object_touch(&wg->obj, kind, site);
    why = count_member(wg, 1, g, false, site, &wakes);
    if (!why) {
        made = rt_spawn(g, &s);
        if (!made)
            why = count_member(wg, -1, g, false, site, &wakes);
    }
    rt_wakes_ready(&wakes);
    rt_leave(g);
    if (rt_unlikely(why))
        go_panic_at(site, "%s", why);
    if (rt_unlikely(!made))
        rt_spawn_failed(site);
}

void rt_waitgroup_leave(struct g *g)
{
    struct go_waitgroup *wg = (struct go_waitgroup *)g->member;
    struct rt_wakes wakes = {NULL, NULL};
    const struct go_site *site = g->last;
    const char *why;

    rt_check(wg, "waitgroup: a member of no group ends");
    rt_check(rt_enter() == g, "waitgroup: another goroutine ends");
    stand_before_add(wg, -1, g, site);
    why = count_member(wg, -1, g, true, site, &wakes);
    rt_wakes_ready(&wakes);
    rt_leave(g);
    if (rt_unlikely(why))
        go_panic_at(site, "%s", why);
}

void go_waitgroup_go_at(struct go_waitgroup *wg, const struct go_call *call,
                        const struct go_site *site)
{
    rt_waitgroup_start(wg, GO_KIND_WAITGROUP, call, rt_waitgroup_leave, site);
}

/* After a wake-up: whether the group is in use again, which is too early. */
static bool is_reused(struct go_waitgroup *wg)
{
    bool reused;

    rt_lock(&wg->lock, RT_RANK_OBJECT);
    reused = wg->count != 0;
    rt_unlock(&wg->lock);
    return reused;
}

void rt_waitgroup_wait(struct go_waitgroup *wg, enum go_kind kind,
                       enum go_wait_reason reason, const struct go_site *site)
{
    struct g *g = rt_enter();
    struct waiter w = {
        .g = g, .obj = &wg->obj, .site = site, .want = GO_WANT_DONE};
    bool reused = false;

    stand_before_wait(wg, g, site);
    rt_record(g->last = site);
    rt_lock(&wg->lock, RT_RANK_OBJECT);
    rt_object_touch(&wg->obj, kind, site);
    if (wg->count == 0) {
        rt_unlock(&wg->lock);
    } else {
        rt_must_park(g, &wg->lock);
        rt_waitq_push(&wg->waiters, &w);
        rt_park(&wg->lock, reason, &w, 1, site);
        rt_check(w.success, "waitgroup: woken, but not by a count of 0");
        rt_point(g, GO_OP_WAIT, wg, site);
        reused = is_reused(wg);
    }
    rt_order_acquire(g, &wg->obj);
    rt_leave(g);
    if (rt_unlikely(reused))
        go_panic_at(site, "sync: WaitGroup is reused before previous Wait "
                          "has returned");
}

void go_waitgroup_wait_at(struct go_waitgroup *wg, const struct go_site *site)
{
    rt_waitgroup_wait(wg, GO_KIND_WAITGROUP, GO_WAIT_WAITGROUP, site);
}

void(go_waitgroup_add)(struct go_waitgroup *wg, int n)
{
    go_waitgroup_add_at(wg, n, RT_HERE());
}

void(go_waitgroup_done)(struct go_waitgroup *wg)
{
    go_waitgroup_done_at(wg, RT_HERE());
}

void(go_waitgroup_wait)(struct go_waitgroup *wg)
{
    go_waitgroup_wait_at(wg, RT_HERE());
}
