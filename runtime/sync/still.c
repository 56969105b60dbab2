/*
 * still.c - what a controlled run can depend on, as memory.
 *
 * In:  a moment at which nobody is on its stack (go_control_still). Out: the
 * pieces of memory that, with the program's own, say how it goes on.
 *
 * Method: of each goroutine its stack from its saved registers up, which lie
 * there too, and what the runtime notes of it. Locks, conditions, groups and
 * semaphores lie in the program's memory, or stand for what does. What numbers
 * things is told so that whoever makes new ones is seen to: a channel that is
 * made and freed in a loop gives another handle each time.
 *
 * Q1  Two moments with the same bytes go on alike, if the same is decided: a
 *     byte too many tells two moments apart that are one, one too few would
 *     make two into one, which must not be.
 * Q2  What lies below a stack pointer is nobody's. It is zeroed, or what was
 *     there once would show in the frames that come to lie over it.
 */
#include <string.h>

#include "runtime/base/own.h"
#include "runtime/sched/control.h"
#include "runtime/sched/netpoll.h"
#include "runtime/sched/sanitize.h"
#include "runtime/sched/stack.h"
#include "runtime/sched/timer.h"
#include "runtime/sync/object.h"
#include "runtime/sync/outer.h"

typedef void each_fn(void *arg, const void *low, size_t size);

/* Q2: as deep as anything of ours goes. */
enum {
    BELOW = 4096,
    OWN = 512 /* spans of the runtime's */
};

#if defined(RT_ASAN) || defined(RT_TSAN)
static const bool is_readable = false; /* frames lie elsewhere, or in poison */
#else
static const bool is_readable = true;
#endif

static void clear_below(const struct g *g)
{
    char *sp = g->sp, *low = rt_stack_low(g);

    if (sp - low > BELOW)
        low = sp - BELOW;
    memset(low, 0, (size_t)(sp - low));
}

static void tell_goroutine(const struct g *g, each_fn *each, void *arg)
{
    const uint64_t noted[] = {g->id,
                              g->status,
                              g->nheld,
                              g->daemon,
                              g->exiting,
                              g->read_clock,
                              g->polls,
                              (uint64_t)g->saved_errno,
                              (uintptr_t)g->defers,
                              (uintptr_t)g->tries,
                              (uintptr_t)g->panic,
                              (uintptr_t)g->name,
                              (uintptr_t)g->member};

    clear_below(g);
    each(arg, noted, sizeof(noted));
    for (uint32_t i = 0; i < g->nheld; i++) {
        each(arg, &g->held[i].obj, sizeof(g->held[i].obj));
        each(arg, &g->held[i].shared, sizeof(g->held[i].shared));
    }
    each(arg, g->sp, (size_t)((char *)rt_stack_top(g) - (char *)g->sp));
}

/* What a division that is not exact leaves behind: nobody saves that. */
static uint64_t float_flags(void)
{
    uint64_t word = 0;

#if defined(__x86_64__)
    uint16_t old;
    uint32_t word32;

    __asm__ volatile("fnstsw %0" : "=m"(old));
    __asm__ volatile("stmxcsr %0" : "=m"(word32));
    word = (uint64_t)old << 32 | word32;
#elif defined(__aarch64__)
    __asm__ volatile("mrs %0, fpsr" : "=r"(word));
#endif
    return word;
}

static void tell_rest(each_fn *each, void *arg)
{
    const uint64_t noted[] = {(uint64_t)rt_now(),  rt_g_count(),
                              rt_object_last_id(), go_control_more(),
                              rt_clock_asked,      float_flags()};
    struct rt_span outer = rt_outer_memory();

    each(arg, noted, sizeof(noted));
    each(arg, (const void *)outer.low, outer.high - outer.low);
}

bool go_control_memory(each_fn *each, void *arg)
{
    if (!is_readable || !rt_point_is_still() || rt_timer_next() != INT64_MAX ||
        rt_netpoll_waiters() || rt_blocking_calls() || rt_g_foreign_first())
        return false;
    tell_rest(each, arg);
    for (uint32_t i = 0; i < rt_g_slots(); i++)
        if (rt_g_at(i))
            tell_goroutine(rt_g_at(i), each, arg);
    return true;
}

bool go_control_own(each_fn *each, void *arg)
{
    static struct rt_span spans[OWN];
    uint32_t n = rt_own_list(spans, OWN);

    for (uint32_t i = 0; i < n && n <= OWN; i++)
        each(arg, (const void *)spans[i].low, spans[i].high - spans[i].low);
    return n <= OWN;
}
