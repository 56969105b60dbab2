/*
 * saved.h - where goroutines and threads that lie still have what they hold:
 * registers, and the parts of their stacks that are in use.
 *
 * While the world is stopped, and for threads rt_threads_stop has been called.
 */
#ifndef RT_SCHED_SAVED_H
#define RT_SCHED_SAVED_H

#include <stdint.h>
#include <ucontext.h>

#include "runtime/base/own.h"
#include "runtime/sched/g.h"

enum {
    RT_RED_ZONE = 128 /* bytes below the stack pointer that are in use */
};

/*
 * While they are stopped. What must be scanned although it lies in memory that
 * is not: saved registers, of goroutines that were stopped running too, and
 * what they have in use on an alternative stack of the runtime's.
 */
uint32_t rt_saved_roots(struct rt_span *to, uint32_t room);
/*
 * And what need not be scanned although it is the program's: parts of the
 * stacks of workers and of the thread that called rt_run, where only the
 * scheduler's frames are, or nothing is in use. Of other threads' stacks all
 * is the program's, for where they begin is not known for sure: what is stale
 * on them counts. In no order. Both: how many there are, maybe beyond room.
 */
uint32_t rt_saved_skips(struct rt_span *to, uint32_t room);

/*
 * An address below the frame of who writes it, on whose frame all registers
 * that its callers may need are saved then.
 */
#define RT_FRAME_HERE() (__builtin_unwind_init(), rt_frame_below())
void *rt_frame_below(void) __attribute__((noinline));

/*
 * What g has in use on its stack, registers that it saved itself included;
 * all of the stack when that is not known. Empty: it has ended, or is a thread.
 * Besides, g->result is a word of the program's while a call of go_blocking
 * has come back and g has not run yet.
 */
struct rt_span rt_saved_stack(const struct g *g);

/* While the world is stopped: g's frames have gone past the guard below its
   stack, and lie in somebody else's. */
bool rt_saved_astray(const struct g *g);

/* boot.c: this thread keeps the tick from here on; frame: RT_FRAME_HERE(). */
void rt_saved_boot(void *frame);

#endif
