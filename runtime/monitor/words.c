/* words.c - the words for what reports hold as numbers, one table each. */
#include "runtime/monitor/words.h"

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
        [GO_SHAPE_RING] = "ring",         [GO_SHAPE_KNOT] = "knot",
        [GO_SHAPE_ORPHAN] = "orphan",     [GO_SHAPE_ABANDONED] = "abandoned",
        [GO_SHAPE_LEFT] = "left",         [GO_SHAPE_EXTERNAL] = "external",
        [GO_SHAPE_ORDER] = "order",       [GO_SHAPE_PANIC] = "panic",
        [GO_SHAPE_LIVELOCK] = "livelock",
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
        [MON_FATE_GONE] = "gone",
    };

    return (unsigned)fate < MON_FATE_COUNT ? text[fate] : "?";
}

const char *mon_kind_text(enum go_kind kind)
{
    static const char *const text[] = {
        [GO_KIND_NONE] = "object",
        [GO_KIND_CHAN] = "chan",
        [GO_KIND_MUTEX] = "mutex",
        [GO_KIND_RWMUTEX] = "rwmutex",
        [GO_KIND_WAITGROUP] = "wait group",
        [GO_KIND_COND] = "cond",
        [GO_KIND_ONCE] = "once",
        [GO_KIND_SEMAPHORE] = "semaphore",
        [GO_KIND_BARRIER] = "barrier",
        [GO_KIND_ERRGROUP] = "errgroup",
        [GO_KIND_CONTEXT] = "context",
        [GO_KIND_FD] = "fd",
        [GO_KIND_GONE] = "an object that is gone",
    };

    return (unsigned)kind < sizeof(text) / sizeof(text[0]) ? text[kind] : "?";
}

const char *mon_state_text(enum go_state state)
{
    static const char *const text[] = {
        [GO_STATE_RUNNABLE] = "runnable", [GO_STATE_RUNNING] = "running",
        [GO_STATE_WAITING] = "waiting",   [GO_STATE_EXTERNAL] = "external",
        [GO_STATE_FOREIGN] = "foreign",
    };

    return (unsigned)state < sizeof(text) / sizeof(text[0]) ? text[state] : "?";
}

const char *mon_want_text(enum go_want want)
{
    static const char *const text[] = {
        [GO_WANT_SEND] = "send",     [GO_WANT_RECV] = "receive",
        [GO_WANT_UNLOCK] = "unlock", [GO_WANT_DONE] = "done",
        [GO_WANT_SIGNAL] = "signal", [GO_WANT_RELEASE] = "release",
        [GO_WANT_ARRIVE] = "arrive", [GO_WANT_READY] = "ready",
    };

    return (unsigned)want < sizeof(text) / sizeof(text[0]) ? text[want] : "?";
}

const char *mon_did_text(enum go_did did)
{
    static const char *const text[] = {
        [GO_DID_SEND] = "sent",        [GO_DID_RECV] = "received",
        [GO_DID_CLOSE] = "closed",     [GO_DID_LOCK] = "locked",
        [GO_DID_UNLOCK] = "unlocked",  [GO_DID_RUNLOCK] = "read-unlocked",
        [GO_DID_ADD] = "added",        [GO_DID_DONE] = "counted down",
        [GO_DID_SIGNAL] = "signalled", [GO_DID_ACQUIRE] = "acquired",
        [GO_DID_RELEASE] = "released", [GO_DID_ARRIVE] = "arrived",
        [GO_DID_CANCEL] = "cancelled",
    };

    return (unsigned)did < sizeof(text) / sizeof(text[0]) ? text[did] : "?";
}

const char *mon_role_text(enum mon_role role)
{
    static const char *const text[] = {
        [MON_ROLE_HOLDS] = "holds",     [MON_ROLE_READS] = "reads",
        [MON_ROLE_PENDING] = "pending", [MON_ROLE_MEMBER] = "member",
        [MON_ROLE_LAST] = "last",       [MON_ROLE_LEFT_LOCKED] = "left locked",
        [MON_ROLE_KNOWS] = "knows",     [MON_ROLE_MAY_KNOW] = "may know",
    };

    return (unsigned)role < sizeof(text) / sizeof(text[0]) ? text[role] : "?";
}

const char *mon_rest_text(enum mon_rest rest)
{
    static const char *const text[] = {
        [MON_REST_UNKNOWN] = "unknown",
        [MON_REST_NOBODY] = "nobody",
        [MON_REST_ALL_ASLEEP] = "all asleep",
    };

    return (unsigned)rest < sizeof(text) / sizeof(text[0]) ? text[rest] : "?";
}
