/*
 * check.h - how a scenario says what must be seen, and how big it is.
 *
 * A violated CHECK panics, which no scenario but those of panic/ expects: a
 * runtime that orders events wrongly, or a clock that is off by one tick,
 * fails the scenario with a message that names the condition.
 */
#ifndef VIGIL_SCENARIOS_CHECK_H
#define VIGIL_SCENARIOS_CHECK_H

#include <stdlib.h>
#include <string.h>
#include <vigil/scenario.h>

#define CHECK(cond) ((cond) ? (void)0 : go_panic("check failed: %s", #cond))

/* The same for two integers, which are told. */
#define CHECK_EQ(got, want) check_eq((got), (want), #got, __LINE__)

static inline void check_eq(int64_t got, int64_t want, const char *what,
                            int line)
{
    if (got != want)
        go_panic("line %d: %s is %lld, not %lld", line, what, (long long)got,
                 (long long)want);
}

/*
 * n, or what is left of it where runs are slow: VIGIL_SCALE=20 in the
 * environment divides the sizes of the big scenarios by 20, and so does
 * VIGIL_SCALE=0.05. At least 1.
 */
static inline int scaled(int n)
{
    const char *text = getenv("VIGIL_SCALE");
    double by = text ? strtod(text, NULL) : 1;

    if (by > 1)
        by = 1 / by;
    if (by > 0)
        n = (int)(n * by);
    return n > 0 ? n : 1;
}

/*
 * Whether looks can scan memory here. The sanitizers and valgrind keep memory
 * their own way; then a leak is proven only when nothing else lives, which is
 * at the end. A matter of the build and of who started it: the detector is not
 * asked, so nothing is forgiven that it should have seen.
 */
static inline bool looks_scan(void)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    return false;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
    return false;
#endif
#endif
    const char *preload = getenv("LD_PRELOAD");

    return !preload || !strstr(preload, "vgpreload");
}

/*
 * Of a function that makes a handle and forgets it: its frame is its own, and
 * gone when it returns. The compiler must not put it into its caller's, where
 * what it left behind would still count as held.
 */
#define FORGETS __attribute__((noinline))

/*
 * Others come to rest, and looks prove nobody stuck, again and again. On the
 * virtual clock a sleep ends when everybody else waits.
 */
static inline void look_in_vain(void)
{
    for (int i = 0; i < 10; i++) {
        go_sleep(GO_MILLISECOND);
        CHECK_EQ(go_check(), 0);
    }
}

/*
 * Looks until n goroutines are proven stuck, while the caller and whoever else
 * lives go on. Those that are never proven make the scenario run out of time,
 * and one too many fails it.
 */
static inline void look_until_stuck(int n)
{
    int stuck = 0;

    while (looks_scan() && stuck < n) {
        go_yield();
        stuck = go_check();
        CHECK(stuck <= n);
    }
}

#endif
