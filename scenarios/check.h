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

#endif
