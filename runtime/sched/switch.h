/*
 * switch.h - what an architecture must offer: five short pieces of assembly.
 *
 * switch_amd64.S and switch_arm64.S; nothing else in the tree knows registers
 * (m.h loads the thread's own pointer).
 */
#ifndef RT_SCHED_SWITCH_H
#define RT_SCHED_SWITCH_H

#include <vigil/call.h>

/*
 * Saves the caller's registers on its stack and the stack pointer in *from,
 * then goes on as whoever saved to. Returns when somebody switches back.
 */
void rt_switch(void **from, void *to);
/*
 * Not to be called: the place within it where a saved stack pointer has all of
 * its goroutine's registers above it. A debugger unwinds from there.
 */
void rt_switch_parked(void);

/*
 * Prepares a stack whose first switch calls fn(arg[0..5]) in the registers
 * that the C calling convention gives them, after rt_spawn_enter() and before
 * rt_spawn_exit(result), which does not return. top: 16-byte aligned. The
 * frame ends the chain of callers: undefined return address, frame pointer 0.
 * Returns the stack pointer to switch to.
 */
void *rt_switch_prepare(void *top, go_fn *fn, const uintptr_t arg[GO_CALL_MAX]);

/* Calls fn with its six words, whatever its true type; its result. */
uintptr_t rt_call(go_fn *fn, const uintptr_t arg[GO_CALL_MAX]);

/*
 * The same, leaving in *sp a place that rt_call_leave(sp) comes back to: then
 * *left is set, and the result is 0. The frames between are dropped.
 */
uintptr_t rt_call_try(go_fn *fn, const uintptr_t arg[GO_CALL_MAX], void **sp,
                      uint32_t *left);
void rt_call_leave(void *sp) __attribute__((noreturn));

/* Calls fn(arg) on the stack that ends at sp; the result. */
uintptr_t rt_call_on(void *sp, uintptr_t (*fn)(void *), void *arg);

#endif
