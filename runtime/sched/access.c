/*
 * access.c - a goroutine accesses memory; memory becomes somebody else's.
 *
 * In:  accesses (tsan.c), and what the heap says of its blocks. Out: races, to
 * who drives the run, as shadow.c finds them.
 *
 * B1  A block that was freed is given anew to who comes after that: so which
 *     one somebody gets depends on nothing that the search does not try in
 *     other orders, and who still has the old pointer is seen.
 */
#include "runtime/sched/control.h"
#include "runtime/sched/m.h"
#include "runtime/sched/shadow.h"
#include "runtime/sched/stack.h"

enum go_more rt_race_more(uintptr_t address)
{
    uintptr_t low, high;

    rt_stack_map(&low, &high);
    return address >= low && address < high ? GO_MORE_STACKS : GO_MORE_ACCESSES;
}

void rt_race_access(const struct g *g, const struct rt_touch *t)
{
    uint32_t line = rt_race_line(g);
    struct go_race race;

    if (line == GO_NOWHERE || rt_shadow_is_thread_local(t->address))
        return;
    if (!rt_shadow_known(t->address, t->size)) {
        if (!t->copied) /* who is not instrumented copies, too */
            rt_race_note_unseen("memory that is not the program's own");
        return;
    }
    if (!rt_shadow_access(line, t, &race))
        return;
    if (!race.used)
        rt_point_more(rt_race_more(t->address));
    rt_race_tell(&race);
}

/* ---- blocks --------------------------------------------------------------*/

static void forget(uintptr_t low, size_t size)
{
    if (!rt_race_on())
        return;
    if (rt_m())
        rt_shadow_forget(low, size);
    else
        rt_race_be_silent(RT_RACE_THREADS); /* H4 in race.c */
}

/* B1 */
static bool may_take(uintptr_t low, size_t size)
{
    const struct m *m = rt_race_on() ? rt_m() : NULL;
    uint32_t line = m && m->g ? rt_race_line(m->g) : GO_NOWHERE;

    return line == GO_NOWHERE || rt_shadow_is_past(line, low, size);
}

const struct rt_heap_watch rt_race_watch = {
    .taken = forget, .may_take = may_take, .given = rt_race_given};
