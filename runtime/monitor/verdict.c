/* verdict.c - the words for verdicts, shapes and fates, one table each. */
#include <vigil/inspect.h>

#include "runtime/monitor/finding.h"

const char *go_verdict_text(enum go_verdict verdict)
{
    static const char *const text[GO_VERDICT_COUNT] = {
        [GO_VERDICT_CLEAN] = "clean",
        [GO_VERDICT_DEADLOCK] = "deadlock",
        [GO_VERDICT_LEAK] = "leak",
        [GO_VERDICT_LEFT] = "left",
        [GO_VERDICT_LIKELY] = "likely",
        [GO_VERDICT_SLOW] = "slow",
        [GO_VERDICT_LOCK_ORDER] = "lock_order",
        [GO_VERDICT_PANIC] = "panic",
        [GO_VERDICT_CRASH] = "crash",
        [GO_VERDICT_TIMEOUT] = "timeout",
        [GO_VERDICT_LIVELOCK] = "livelock",
    };

    return (unsigned)verdict < GO_VERDICT_COUNT ? text[verdict] : "?";
}

const char *go_shape_text(enum go_shape shape)
{
    static const char *const text[GO_SHAPE_COUNT] = {
        [GO_SHAPE_RING] = "ring",     [GO_SHAPE_KNOT] = "knot",
        [GO_SHAPE_ORPHAN] = "orphan", [GO_SHAPE_ABANDONED] = "abandoned",
        [GO_SHAPE_LEFT] = "left",     [GO_SHAPE_EXTERNAL] = "external",
        [GO_SHAPE_ORDER] = "order",   [GO_SHAPE_PANIC] = "panic",
    };

    return (unsigned)shape < GO_SHAPE_COUNT ? text[shape] : "?";
}

const char *mon_fate_text(enum mon_fate fate)
{
    static const char *const text[MON_FATE_COUNT] = {
        [MON_FATE_STUCK] = "stuck",       [MON_FATE_WAITS] = "waiting",
        [MON_FATE_TIMER] = "timer",       [MON_FATE_EXTERNAL] = "external",
        [MON_FATE_RUNNABLE] = "runnable", [MON_FATE_RUNNING] = "running",
        [MON_FATE_FOREIGN] = "thread",    [MON_FATE_ENDED] = "ended",
        [MON_FATE_PANICKED] = "panicked", [MON_FATE_GONE] = "gone",
    };

    return (unsigned)fate < MON_FATE_COUNT ? text[fate] : "?";
}
