/*
 * elsewhere.h - what orders goroutines, or brings word to them, without vigil.
 *
 * For who stands in front of the C library, and sees it: what is told here is
 * tried in other orders, and no data race is told which is none. All that
 * counts is what a goroutine of a controlled run does by itself; from anywhere
 * else these do nothing, and say false, unless it says "from anywhere".
 *
 * key: an address, by which two know that they mean the same; it is not read.
 * pc: where the call returns to by which the program asked. what: a text for
 * reports, and it stays. What is a choice returns when its turn has come.
 */
#ifndef VIGIL_ELSEWHERE_H
#define VIGIL_ELSEWHERE_H

#include <vigil/control.h>

/* Whether the caller is a goroutine of a controlled run. From anywhere. */
GO_API bool go_control_runs(void);
/* Whether what returns to pc was called for the program: a goroutine's
   function, a deferred one, or what these end in by a jump. From anywhere. */
GO_API bool go_control_calls(const void *pc);

/*
 * The caller is about to do op to key: a choice, as the same is of vigil's own.
 * again: it could not be done, and can be tried when anything has been let go
 * of since. To unlock and to release is a choice where somebody tries. True: it
 * goes on by time, for others (go_control_untold) may have let go of something.
 */
GO_API bool go_control_step(const void *key, enum go_op op, bool again,
                            const void *pc);
/* What the caller did so far is past for who acquires the same key later. */
GO_API void go_control_release(const void *key);
GO_API void go_control_acquire(const void *key);
/* The caller is about to access memory by a function of the C library: as
   instrumented code tells its own loads and stores, but two such do not race.
   */
GO_API void go_control_access(const void *address, size_t size, bool write,
                              const void *pc);

/*
 * The caller is about to ask the kernel, or to tell it something: a choice, and
 * whatever comes of it GO_UNASKED_KERNEL. op: GO_OP_ASK or, where it is to
 * change something, GO_OP_IO. False: it is no choice (GO_MORE_HANDLED), and
 * nothing may be done here but the call.
 */
GO_API bool go_control_ask(enum go_op op, const void *pc);
/* Then: it was told something, or has changed it, so it is no loop that waits.
   */
GO_API void go_control_got(void);
/* A handler of signals of the program's is there from here on. From anywhere.
   */
GO_API void go_control_handled(void);

/* The caller asks for what is not tried in other orders: GO_UNASKED_KERNEL. */
GO_API void go_control_unseen(const char *what);
/*
 * What orders goroutines can not be followed: from here on no race is told in
 * this process. others: it can let go of what goroutines wait for, too, so who
 * waits when nothing else can be done waits for it, in real time. From
 * anywhere.
 */
GO_API void go_control_untold(const char *what, bool others);
/*
 * Whoever begins a thread, be it a library, is seen to from here on: then
 * go_control_thread comes before it. Where that is not so, and no /proc lists
 * them, threads are sought after each execution that fails, which takes long.
 * From anywhere.
 */
GO_API void go_control_threads_told(void);
GO_API void go_control_thread(void);
/* A thread of the program's own is there, or may be, from here on: what it does
   comes from outside, in each execution of this process. From anywhere. */
GO_API void go_control_beside(void);

/*
 * That memory is about to be there no more, or may be. Who stands before an
 * operation on a lock or the like in it can go on, or not, as he could now: it
 * is not read to know until it can be.
 */
GO_API void go_control_gone(const void *low, size_t size);
/*
 * Where the runtime asks the kernel, within an execution, what memory is there:
 * a call from these bytes is none of the program's. 0 bytes: not known. From
 * anywhere.
 */
GO_API const void *go_control_asks(size_t *size);

#endif
