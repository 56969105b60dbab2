/*
 * arming.c - which timers a snapshot has, and what each will serve.
 *
 * In:  the timer heap, and a snapshot that has its goroutines and objects. Out:
 * timers[], and which objects are armed. What functions of timers are given is
 * memory's business.
 *
 * Method: what they serve is asked of them by their instants, the earliest
 * first. So each context is gone through once, however many deadlines are above
 * it, and each object is served by that which comes first.
 */
#include "runtime/monitor/byid.h"
#include "runtime/monitor/intake.h"
#include "runtime/sched/timer.h"
#include "runtime/sync/context.h"
#include "runtime/sync/refer.h"

/* What armed timers will serve. */
struct arming {
    struct mon_intake *k;
    uint8_t *done; /* by context */
    int64_t when;  /* of the timer that is asked now */
};

static void arm_object(void *arg, const struct go_object *o, unsigned wants)
{
    const struct arming *a = arg;
    uint32_t object = mon_table_get(&a->k->objects, o);
    struct go_inspect_object *to;

    (void)wants;
    if (object == GO_NOWHERE)
        return;
    to = &a->k->s->in.objects[object];
    to->armed_until = a->when;
    to->armed = true;
}

static bool arm_context(void *arg, uint32_t number, unsigned how)
{
    const struct arming *a = arg;
    bool first = !(a->done[number] & how);

    rt_check(number < rt_context_slots(), "snapshot: a context too far");
    a->done[number] |= (uint8_t)how;
    return first;
}

/* What a function is given is memory's business. */
static void arm_word(void *arg, uintptr_t word)
{
    (void)arg;
    (void)word;
}

static void take_timer(struct mon_intake *k, const struct rt_timer *t,
                       struct go_inspect_timer *to)
{
    rt_check(t->place, "a timer in the heap says that it is not");
    to->when = t->when;
    to->period = t->period;
    to->site = t->site;
    to->calls = rt_timer_calls(t);
    to->object = to->goroutine = GO_NOWHERE;
    if (t->kind == RT_TIMER_WAKE && t->g)
        to->goroutine = mon_table_get(&k->goroutines, t->g);
    if (t->obj)
        to->object = mon_table_get(&k->objects, t->obj);
}

/* The places of timers[] by their instants. False: no memory. */
static bool sort_timers(struct mon_intake *k, struct mon_byid *by_instant)
{
    const struct go_inspect *in = &k->s->in;
    uint64_t *when = rt_arena_alloc(&k->s->arena, in->ntimer * sizeof(*when));

    for (uint32_t i = 0; when && i < in->ntimer; i++)
        when[i] = in->timers[i].when > 0 ? (uint64_t)in->timers[i].when : 0;
    return when && !mon_byid_build(by_instant, when, sizeof(*when), in->ntimer,
                                   &k->s->arena);
}

static void arm_all(struct mon_intake *k, struct rt_timer *const *all)
{
    struct go_inspect *in = &k->s->in;
    struct arming a = {
        .k = k, .done = rt_arena_alloc(&k->s->arena, rt_context_slots())};
    const struct rt_reached reached = {.object = arm_object,
                                       .word = arm_word,
                                       .context = arm_context,
                                       .arg = &a};
    struct mon_byid by_instant;

    k->failed |= !a.done || !sort_timers(k, &by_instant);
    for (uint32_t i = 0; i < in->ntimer && !k->failed; i++) {
        uint32_t next = by_instant.index[i];

        a.when = in->timers[next].when;
        if (!rt_timer_reach(all[next], &reached))
            in->timers[next].calls = true;
    }
}

void mon_intake_timers(struct mon_intake *k)
{
    uint32_t n;
    struct rt_timer *const *all = rt_timer_all(&n);

    for (uint32_t i = 0; i < n && !k->failed; i++) {
        struct go_inspect_timer *to = MON_ADD(k, timers, ntimer, timer_cap);

        if (to)
            take_timer(k, all[i], to);
    }
    arm_all(k, all);
}
