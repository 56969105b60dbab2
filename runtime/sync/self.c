/* self.c - what a goroutine asks and says of itself, and of the run. */
#define _GNU_SOURCE
#include <stdarg.h>

#include "runtime/sched/control.h"
#include "runtime/sched/park.h"
#include "runtime/sched/sched.h"
#include "runtime/sched/spawn.h"
#include "runtime/sched/state.h"
#include "runtime/sync/object.h"

/* noinline, and not const: the caller may be on another thread next time. */
__attribute__((noinline)) int *go_errno(void)
{
    return __errno_location();
}

uint64_t go_self(void)
{
    struct g *g = rt_g();

    return g ? g->id : 0;
}

void go_name(const char *fmt, ...)
{
    struct g *g = rt_g();
    const char *name;
    va_list ap;

    if (!g)
        return; /* threads are not told by name */
    va_start(ap, fmt);
    name = rt_intern_text(fmt, ap);
    va_end(ap);
    if (name)
        __atomic_store_n(&g->name, name, __ATOMIC_RELEASE);
}

/* Before a run there are none, nor after it; and who asks does not enter, for
   that waits for the run's end, where it is near. */
static size_t count_from_thread(void)
{
    size_t n = 0;

    if (rt_running() && rt_world_lock_unless_ended()) {
        n = rt_g_count();
        rt_world_unlock();
    }
    return n;
}

size_t go_count(void)
{
    const struct go_site *site = RT_HERE();
    struct g *g;
    size_t n;

    if (!rt_g())
        return count_from_thread();
    g = rt_enter();

    rt_count_asked(g, site);
    n = rt_g_count();
    rt_leave(g);
    return n;
}

void go_expect_daemon(void)
{
    struct g *g = rt_g();

    if (!g)
        go_panic("not in a goroutine");
    g->daemon = true;
}

int go_choose(int n)
{
    struct g *g;
    int choice;

    if (n < 1)
        go_panic("go_choose: %d is not at least 1", n);
    g = rt_enter();
    choice = rt_is_foreign(g) ? 0
             : rt_is_controlled(g)
                 ? (int)rt_control_number(g, (uint32_t)n)
                 : (int)rt_rng_below(&rt_m()->p->rng, (uint32_t)n);
    rt_leave(g);
    return choice;
}

void(go_yield)(void)
{
    go_yield_at(RT_HERE());
}
