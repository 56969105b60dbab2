/*
 * scenario.h - a small body, and the verdict that it must get.
 *
 *     SCENARIO(early_return, .about = "time-out leaves the sender behind",
 *              .expect = EXPECT_LEAK(1))
 *     {
 *         ... the body, goroutine 1 of a run of its own ...
 *     }
 *
 * A file of scenarios is linked with the harness, which brings main: the
 * program lists, runs, explores and replays its own scenarios, and vigil(1)
 * drives many such files. Detection never looks at the expectation.
 */
#ifndef VIGIL_SCENARIO_H
#define VIGIL_SCENARIO_H
#pragma GCC system_header /* tells of mistakes at the caller's line */

#include <vigil/go.h>

enum go_expect_kind {
    GO_EXPECT_CLEAN,
    GO_EXPECT_DEADLOCK,
    GO_EXPECT_LEAK,
    GO_EXPECT_LEFT,
    GO_EXPECT_PANIC,
    GO_EXPECT_LIVELOCK,
    GO_EXPECT_LOCK_ORDER,
    GO_EXPECT_STUCK,
};
struct go_expect {
    enum go_expect_kind kind;
    int n;            /* of EXPECT_LEAK, EXPECT_LEFT; the least of a range */
    int most;         /* the most; below n: exactly n */
    const char *text; /* of EXPECT_PANIC */
};

/* Nothing is left at all when the scenario has settled, daemons apart. */
#define EXPECT_CLEAN ((struct go_expect){.kind = GO_EXPECT_CLEAN})
/* Main is among those that can never run again. */
#define EXPECT_DEADLOCK ((struct go_expect){.kind = GO_EXPECT_DEADLOCK})
/* Exactly count goroutines can never run again; others alive do not spoil it. */
#define EXPECT_LEAK(count) EXPECT_LEAKS((count), (count))
/* From least to utmost of them: how many depends on the schedule. */
#define EXPECT_LEAKS(least, utmost)                                            \
    ((struct go_expect){.kind = GO_EXPECT_LEAK, .n = (least), .most = (utmost)})
/*
 * Main can never go on, as EXPECT_DEADLOCK, or it does and leaves others, as
 * EXPECT_LEAKS(least, utmost): which of the two depends on the schedule.
 */
#define EXPECT_STUCK(least, utmost)                                            \
    ((struct go_expect){                                                       \
        .kind = GO_EXPECT_STUCK, .n = (least), .most = (utmost)})
/* count goroutines are left alive, none proven stuck. */
#define EXPECT_LEFT(count)                                                     \
    ((struct go_expect){.kind = GO_EXPECT_LEFT, .n = (count)})
/* A panic in any goroutine, whose message contains substring. */
#define EXPECT_PANIC(substring)                                                \
    ((struct go_expect){.kind = GO_EXPECT_PANIC, .text = (substring)})
/* Exploration found a livelock. */
#define EXPECT_LIVELOCK ((struct go_expect){.kind = GO_EXPECT_LIVELOCK})
/* At least one lock-order hint that was not refuted, nothing stuck. */
#define EXPECT_LOCK_ORDER ((struct go_expect){.kind = GO_EXPECT_LOCK_ORDER})

enum go_clock {
    GO_CLOCK_VIRTUAL,
    GO_CLOCK_REAL
};

#define GO_SETTLE_NONE ((go_duration)-1) /* judge at main's return */

struct go_scenario {
    const char *name;
    const char *file;
    int line;
    void (*body)(void);
    const char *about;        /* one line */
    struct go_expect expect;  /* default: EXPECT_CLEAN */
    int procs;                /* workers; default 1 */
    go_duration timeout;      /* real time; default 10 s */
    go_duration settle;       /* virtual time after main; 0: 1 s */
    enum go_clock clock;      /* default: virtual */
    bool explore;             /* the verdict is that of an exploration */
    const char *origin;       /* where the bug comes from */
    const char *class;        /* for totals: "resource", ...; default: none */
    struct go_scenario *next; /* the registry's */
};
GO_API void go_scenario_register(struct go_scenario *scenario);

/*
 * Scenarios lie in a section of their own: by its name vigil(1) knows a
 * scenario program from any other, without running it.
 */
#define GO_SCENARIO_SECTION "vigil_scenarios"

#define SCENARIO(id, ...)                                                      \
    static void scenario_##id(void);                                           \
    static struct go_scenario go_x_scenario_##id __attribute__((               \
        section(GO_SCENARIO_SECTION))) = {.name = #id,                         \
                                          .file = __FILE__,                    \
                                          .line = __LINE__,                    \
                                          .body = scenario_##id,               \
                                          __VA_ARGS__};                        \
    __attribute__((constructor)) static void go_x_register_##id(void)          \
    {                                                                          \
        go_scenario_register(&go_x_scenario_##id);                             \
    }                                                                          \
    static void scenario_##id(void)

#endif
