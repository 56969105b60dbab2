/*
 * outerlock.h - what the files have in common that stand in front of the C
 * library's locks.
 */
#ifndef HN_EXPLORE_OUTERLOCK_H
#define HN_EXPLORE_OUTERLOCK_H

#include <pthread.h>
#include <vigil/elsewhere.h>
#include <vigil/outer.h>

#include "harness/explore/answers.h"
#include "harness/explore/next.h"

/*
 * Only the executable's own calls, in a goroutine, are choices: other libraries
 * have theirs for themselves, and may be called by who unwinds a stack. But who
 * calls them has the lock then, or lets go of one that others wait for: what is
 * known of it stays true. So a library is nobody who could do that by itself.
 */
#define HN_OURS hn_answers_lock(__builtin_return_address(0))
#define HN_PASS_OTHERS(name, args)                                             \
    do {                                                                       \
        if (!HN_OURS)                                                          \
            return HN_NEXT(name) args;                                         \
    } while (0)
#define HN_PASS_TAKING(name, args, o, shared)                                  \
    do {                                                                       \
        int taken;                                                             \
                                                                               \
        if (HN_OURS)                                                           \
            break;                                                             \
        taken = HN_NEXT(name) args;                                            \
        if (taken == 0 && go_outer_runs())                                     \
            go_outer_takes_beside(o, shared);                                  \
        return taken;                                                          \
    } while (0)
#define HN_PASS_GIVING(name, args, o)                                          \
    do {                                                                       \
        if (HN_OURS)                                                           \
            break;                                                             \
        if (go_outer_runs())                                                   \
            go_outer_gives_beside(o);                                          \
        return HN_NEXT(name) args;                                             \
    } while (0)

/* What the call is about, from within it. */
#define HN_OUTER(what, its_kind)                                               \
    ((struct go_outer){.key = (what),                                          \
                       .size = sizeof(*(what)),                                \
                       .pc = __builtin_return_address(0),                      \
                       .kind = GO_KIND_##its_kind})

/*
 * A step that can not be done yet is tried again, in time: for what threads
 * do, which is not seen. The result of call, once that is not busy; or it is,
 * and there are no more steps.
 */
#define HN_TRIED(key, op, busy, call)                                          \
    (__extension__({                                                           \
        bool again = false;                                                    \
        int got;                                                               \
                                                                               \
        do {                                                                   \
            go_control_step((const void *)(key), (op), again,                  \
                            __builtin_return_address(0));                      \
            got = (call);                                                      \
            again = true;                                                      \
        } while (got == (busy) && go_control_runs());                          \
        got;                                                                   \
    }))

/* A function that makes `it` anew, or ends it: nothing of what was noted of it
   is so any more. */
#define HN_AFRESH(name, params, args)                                          \
    HN_EXPORT int name params                                                  \
    {                                                                          \
        int err = HN_NEXT(name) args;                                          \
                                                                               \
        if (err == 0 && go_outer_runs())                                       \
            go_outer_forget(it);                                               \
        return err;                                                            \
    }

enum {
    HN_NEVER_IN_TIME = -1 /* an instant that is no time */
};

/* On the run's clock, as hn_answers_clock tells it. */
int64_t hn_outer_instant(clockid_t clock, const struct timespec *t);
/* What C11 says of an error. */
int hn_outer_thrd(int err);

/* A mutex, of o's call: ETIMEDOUT when until comes first (INT64_MAX: never). */
int hn_outer_lock(const struct go_outer *o, pthread_mutex_t *m, int64_t until);
int hn_outer_unlock(const struct go_outer *o, pthread_mutex_t *m);

#endif
