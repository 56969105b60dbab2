/*
 * arming.c - which timers a snapshot has, and what each will serve.
 *
 * In:  the timer heap, and a snapshot that has its goroutines and objects. Out:
 * timers[], and which objects are armed. What functions of timers are given is
 * memory's business.
 */

#include "runtime/monitor/intake.h"
#include "runtime/sched/timer.h"
#include "runtime/sync/context.h"
#include "runtime/sync/refer.h"

/* What armed timers will serve. */
struct arming {
    struct mon_intake *k;
    uint8_t *done;  /* by context */
    int64_t *until; /* by context that is done: the first instant so far */
    int64_t when;   /* of the timer that is asked now */
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
    if (!to->armed || a->when < to->armed_until)
        to->armed_until = a->when;
    to->armed = true;
}

/* Once more, when it is armed for an earlier instant than was seen so far. */
static bool arm_context(void *arg, uint32_t number, unsigned how)
{
    const struct arming *a = arg;
    bool first;

    rt_check(number < rt_context_slots(), "snapshot: a context too far");
    first = !(a->done[number] & how) || a->when < a->until[number];
    if (!a->done[number] || a->when < a->until[number])
        a->until[number] = a->when;
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

void mon_intake_timers(struct mon_intake *k)
{
    struct rt_arena *arena = &k->s->arena;
    struct arming a = {
        .k = k,
        .done = rt_arena_alloc(arena, rt_context_slots()),
        .until = rt_arena_alloc(arena, rt_context_slots() * sizeof(int64_t))};
    const struct rt_reached reached = {.object = arm_object,
                                       .word = arm_word,
                                       .context = arm_context,
                                       .arg = &a};
    uint32_t n;
    struct rt_timer *const *all = rt_timer_all(&n);

    k->failed |= !a.done || !a.until;
    for (uint32_t i = 0; i < n && !k->failed; i++) {
        struct go_inspect_timer *to = MON_ADD(k, timers, ntimer, timer_cap);

        if (!to)
            return;
        take_timer(k, all[i], to);
        a.when = all[i]->when;
        if (!rt_timer_reach(all[i], &reached))
            to->calls = true;
    }
}
