/*
 * throw.h - our own failures: checks, and the road out when one fails.
 *
 * rt_check stays in release builds: anything that could turn a verdict false.
 * rt_assert is for hot paths, in debug builds only. Both end in rt_throw,
 * which tells, calls the fatal hook (a dump that takes no locks) and aborts
 * with exit status 70. The hook is a pointer, so a test can look it in the
 * face.
 */
#ifndef RT_BASE_THROW_H
#define RT_BASE_THROW_H

#include <stdbool.h>

#define RT_EXIT_INTERNAL 70 /* our own failure */
#define RT_EXIT_USAGE    64 /* a wrong setting */
#define RT_EXIT_STUCK    2  /* deadlock, panic: as Go */

void rt_throw(const char *fmt, ...)
    __attribute__((noreturn, format(printf, 1, 2)));

/* Called by rt_throw before it ends the process; may not return either. */
extern void (*rt_fatal_hook)(const char *message);

/* What we can not do without (memory, a thread) was not to be had: before the
   panic or the throw that comes of it, for whoever forks us to try what the
   program does, and must not take that for its doing. */
void rt_refused(const char *what);
/* Called by rt_refused, and may not return; NULL: nobody asks. */
extern void (*rt_refused_hook)(const char *what);

#define rt_likely(x)   __builtin_expect(!!(x), 1)
#define rt_unlikely(x) __builtin_expect(!!(x), 0)

#define rt_check(cond, what)                                                   \
    do {                                                                       \
        if (rt_unlikely(!(cond)))                                              \
            rt_throw("%s:%d: %s", __FILE__, __LINE__, what);                   \
    } while (0)

/* As rt_check, of what the system gives us or not. */
#define rt_need(cond, what)                                                    \
    do {                                                                       \
        if (rt_unlikely(!(cond))) {                                            \
            rt_refused(what);                                                  \
            rt_throw("%s", what);                                              \
        }                                                                      \
    } while (0)

#ifdef VIGIL_DEBUG
#define rt_assert(cond, what) rt_check(cond, what)
#else
#define rt_assert(cond, what) ((void)sizeof(!!(cond)))
#endif

#endif
