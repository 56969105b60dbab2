/* backtrace_test.c - stacks of parked and of interrupted code. */
#include <signal.h>
#include <string.h>

#include "runtime/monitor/backtrace.h"
#include "runtime/monitor/symbol.h"
#include "runtime/sched/park.h"
#include "runtime/sched/sched.h"
#include "runtime/sched/stack.h"
#include "tests/inside.h"

static struct mon_backtrace trace;

/* The place of a function in the trace, from the innermost; -1: not there. */
static int place_of(const char *func)
{
    for (uint32_t i = 0; i < trace.n; i++) {
        struct mon_frame f[8];
        size_t n = mon_symbol_frames(trace.pc[i], true, f, 8);

        if (n && f[n - 1].func && strcmp(f[n - 1].func, func) == 0)
            return (int)i;
    }
    return -1;
}

static __attribute__((noinline)) void wait_deep(chan(int) c, int depth)
{
    if (depth)
        wait_deep(c, depth - 1);
    else
        chan_recv(c);
    __asm__ volatile("" ::: "memory");
}

static void child(chan(int) c, int depth)
{
    wait_deep(c, depth);
    __asm__ volatile("" ::: "memory");
}

static int depth_asked;
static bool on_stack;

static void take_parked(void)
{
    chan(int) c = chan_make(int, 0);
    struct g *self, *g;

    go(child, c, depth_asked);
    let_all_park();
    self = rt_enter();
    g = rt_g_find(2);
    mon_backtrace_parked(g->sp, &trace);
    on_stack = true;
    for (uint32_t i = 0; i < trace.n; i++)
        on_stack &= (void *)trace.at[i] >= rt_stack_low(g) &&
                    (void *)trace.at[i] < rt_stack_top(g) &&
                    *trace.at[i] == trace.pc[i];
    rt_leave(self);
    chan_close(c);
    let_all_park();
}

Test(backtrace, parked_goroutine_down_to_its_function)
{
    depth_asked = 3;
    INSIDE(take_parked);
    cr_assert_gt(place_of("wait_deep"), 0);
    cr_assert_eq(place_of("child"), place_of("wait_deep") + 4);
}

Test(backtrace, stops_at_the_entry_of_the_stack)
{
    depth_asked = 0;
    INSIDE(take_parked);
    cr_assert_lt(trace.n, 20);
    cr_assert_eq(place_of("rt_switch_entry"), (int)trace.n - 1);
}

Test(backtrace, each_return_address_lies_where_it_says)
{
    depth_asked = 5;
    INSIDE(take_parked);
    cr_assert(on_stack);
}

Test(backtrace, deep_stack_is_cut_at_the_maximum)
{
    depth_asked = 3 * MON_BACKTRACE_MAX;
    INSIDE(take_parked);
    cr_assert_eq(trace.n, MON_BACKTRACE_MAX);
    cr_assert_eq(place_of("child"), -1);
}

static void on_signal(int sig, siginfo_t *info, void *context)
{
    (void)sig;
    (void)info;
    mon_backtrace_running(context, &trace);
}

static __attribute__((noinline)) void interrupted(void)
{
    raise(SIGUSR2);
    __asm__ volatile("" ::: "memory");
}

Test(backtrace, interrupted_thread_shows_who_called)
{
    struct sigaction sa = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO};

    sigaction(SIGUSR2, &sa, NULL);
    interrupted();
    cr_assert_gt(trace.n, 2);
    cr_assert_gt(place_of("interrupted"), 0);
}
