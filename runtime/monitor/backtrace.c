/*
 * backtrace.c - unwinds a goroutine that is not running.
 *
 * In:  a saved stack pointer, or a signal's context. Out: program counters.
 *
 * Method: a context is made from what rt_switch pushed (the layout is that of
 * switch.h, switch_amd64.S and switch_arm64.S), as if the switch were just
 * behind it; libunwind goes on from there and stops at the entry's undefined
 * return address. In the first context pc is where the switch goes on, so the
 * instruction before it is the one that counts; a signal's pc is exact.
 */
#define UNW_LOCAL_ONLY
#include "runtime/monitor/backtrace.h"

#include <libunwind.h>
#include <stdbool.h>
#include <string.h>

#include "runtime/base/throw.h"

#if defined(__x86_64__)
enum {
    SAVED = 2
}; /* rbp, return address: the other registers are on the frame that has it */

static const void *const *restore(void *sp, unw_context_t *uc)
{
    greg_t *saved = sp;
    greg_t *r = uc->uc_mcontext.gregs;

    r[REG_RBP] = saved[0];
    r[REG_RIP] = saved[1];
    r[REG_RSP] = (greg_t)(saved + SAVED);
    return (const void *const *)&saved[1];
}

/* The call has pushed it just below the frame that it returns to. */
static const void *const *pushed_at(unw_word_t sp)
{
    return (const void *const *)(sp - sizeof(void *));
}
#elif defined(__aarch64__)
enum {
    SAVED = 20
}; /* x29 x30 x19..x28 d8..d15 */

static const void *const *restore(void *sp, unw_context_t *uc)
{
    unsigned long *saved = sp;

    uc->uc_mcontext.regs[29] = saved[0];
    uc->uc_mcontext.regs[30] = saved[1];
    for (int i = 0; i < 10; i++)
        uc->uc_mcontext.regs[19 + i] = saved[2 + i];
    uc->uc_mcontext.pc = saved[1];
    uc->uc_mcontext.sp = (unsigned long)(saved + SAVED);
    return (const void *const *)&saved[1];
}

/* Wherever the callee chose to save it. */
static const void *const *pushed_at(unw_word_t sp)
{
    (void)sp;
    return NULL;
}
#else
#error "no such architecture: x86-64 and arm64 are supported"
#endif

static void unwind(unw_context_t *uc, int flags, struct mon_backtrace *to)
{
    unw_cursor_t cursor;

    if (unw_init_local2(&cursor, uc, flags))
        return;
    rt_assert(to->n == 0, "a backtrace is begun twice");
    do {
        unw_word_t pc, sp;

        if (unw_get_reg(&cursor, UNW_REG_IP, &pc) || !pc ||
            unw_get_reg(&cursor, UNW_REG_SP, &sp))
            return;
        to->pc[to->n] = (const void *)pc;
        if (to->n)
            to->at[to->n] = pushed_at(sp);
        to->n++;
    } while (to->n < MON_BACKTRACE_MAX && unw_step(&cursor) > 0);
}

void mon_backtrace_parked(void *sp, struct mon_backtrace *to)
{
    unw_context_t uc;

    rt_check(sp && (uintptr_t)sp % sizeof(void *) == 0,
             "backtrace: a saved stack pointer is no such thing");
    memset(&uc, 0, sizeof(uc));
    to->n = 0;
    to->at[0] = restore(sp, &uc);
    unwind(&uc, 0, to);
}

void mon_backtrace_running(const ucontext_t *context, struct mon_backtrace *to)
{
    unw_context_t uc;

    rt_check(context, "backtrace: of a worker that was not stopped");
    memcpy(&uc, context,
           sizeof(uc) < sizeof(*context) ? sizeof(uc) : sizeof(*context));
    to->n = 0;
    to->at[0] = NULL;
    unwind(&uc, UNW_INIT_SIGNAL_FRAME, to);
}

uint32_t mon_backtrace_here(const void **pc, uint32_t max)
{
    unw_context_t uc;
    unw_cursor_t cursor;
    unw_word_t at;
    uint32_t n = 0;

    rt_assert(max > 0, "a backtrace of nothing");
    if (unw_getcontext(&uc) || unw_init_local(&cursor, &uc))
        return 0;
    while (n < max && unw_step(&cursor) > 0 &&
           !unw_get_reg(&cursor, UNW_REG_IP, &at) && at)
        pc[n++] = (const void *)at;
    return n;
}
