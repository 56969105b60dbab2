/*
 * backtrace.h - the return addresses on a stack, innermost first.
 *
 * Local unwinding by libunwind, from registers that a switch saved or that a
 * signal found. One thread at a time; may take the dynamic linker's lock, so
 * no stopped thread may hold that. Does not call malloc.
 */
#ifndef MON_BACKTRACE_H
#define MON_BACKTRACE_H

#include <stdint.h>
#include <ucontext.h>

enum {
    MON_BACKTRACE_MAX = 64 /* frames; what lies further out is not shown */
};

struct mon_backtrace {
    uint32_t n;
    const void *pc[MON_BACKTRACE_MAX];
    /* Where on the stack pc[i] was read as a return address; NULL: not known,
       or a register. */
    const void *const *at[MON_BACKTRACE_MAX];
};

/* Of who left by rt_switch: sp is the stack pointer that it saved. */
void mon_backtrace_parked(void *sp, struct mon_backtrace *to);
/* Of who was interrupted: the context that its signal handler was given. */
void mon_backtrace_running(const ucontext_t *context, struct mon_backtrace *to);
/* Of the caller itself, as return addresses: how many of max there are. Not
   while the world is stopped. */
uint32_t mon_backtrace_here(const void **pc, uint32_t max);

#endif
