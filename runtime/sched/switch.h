/*
 * switch.h - what an architecture must offer: five short pieces of assembly.
 *
 * switch_amd64.S and switch_arm64.S; nothing else in the tree knows registers
 * (m.h loads the thread's own pointer).
 *
 * On x86-64 the switch stands in line and ends in a jump. A processor predicts
 * returns by a stack of its own, of the calls made: a call of a switch that
 * never returns there leaves one too many on it, and then each return on the
 * way out, of all the callers, goes wrong (measured: a yield took 32 ns, and
 * takes 17). In line, and left and entered by the same chain of calls, as two that
 * wait in the same way are, none does.
 */
#ifndef RT_SCHED_SWITCH_H
#define RT_SCHED_SWITCH_H

#include <vigil/call.h>

/*
 * Saves the caller's registers on its stack and the stack pointer in *from,
 * then goes on as whoever saved *to. Returns when somebody switches back: at
 * once where both are the same. Where it stands in line, the compiler has saved
 * what callers may need, once, on the frame that it stands in.
 */
static inline void rt_switch(void **from, void *const *to);
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
/*
 * Not to be called: where fn returns to; and so do calls that it ends in, for
 * the compiler makes jumps of these. Where such a one was written is not known.
 */
void rt_switch_entry_back(void);

/* Calls fn with its six words, whatever its true type; its result. The second is
   as rt_switch_entry_back. */
uintptr_t rt_call(go_fn *fn, const uintptr_t arg[GO_CALL_MAX]);
void rt_call_back(void);
/*
 * The same, for what was deferred: a call that returns to rt_call_deferred_back
 * (not to be called) was written nowhere, so its place is where it was deferred.
 */
uintptr_t rt_call_deferred(go_fn *fn, const uintptr_t arg[GO_CALL_MAX]);
void rt_call_deferred_back(void);

/*
 * The same, leaving in *sp a place that rt_call_leave(sp) comes back to: then
 * *left is set, and the result is 0. The frames between are dropped.
 */
uintptr_t rt_call_try(go_fn *fn, const uintptr_t arg[GO_CALL_MAX], void **sp,
                      uint32_t *left);
void rt_call_try_back(void);
void rt_call_leave(void *sp) __attribute__((noreturn));

/* Where all of these lie: what is called by them returns to there. */
extern const char rt_switch_begin[], rt_switch_end[];

/* Calls fn(arg) on the stack that ends at sp; the result. */
uintptr_t rt_call_on(void *sp, uintptr_t (*fn)(void *), void *arg);

#if defined(__x86_64__)
/* It pushes where the compiler sees no call: hence -mno-red-zone; and saves no
   vector register: hence -mgeneral-regs-only (Makefile), there are none. */
static inline __attribute__((always_inline)) void rt_switch(void **from,
                                                            void *const *to)
{
    __asm__ volatile("leaq 1f(%%rip), %%rax\n\t"
                     "pushq %%rax\n\t"
                     "pushq %%rbp\n\t"
                     "movq %%rsp, (%%rdi)\n\t"
                     "movq (%%rsi), %%rsp\n\t"
                     "jmp rt_switch_parked\n"
                     "1:"
                     : "+D"(from), "+S"(to)
                     :
                     : "rax", "rbx", "rcx", "rdx", "r8", "r9", "r10", "r11",
                       "r12", "r13", "r14", "r15", "memory", "cc");
}
#else
void rt_switch_call(void **from, void *to);
static inline void rt_switch(void **from, void *const *to)
{
    if (from != to)
        rt_switch_call(from, *to);
}
#endif

#endif
