/* gravity.c - how grave it is what an execution came to. */
#include "harness/explore/gravity.h"

#include "harness/assert.h"

enum hn_gravity hn_gravity(const struct go_execution *e, bool looked)
{
    switch (e->end) {
    case GO_END_PANIC:
    case GO_END_STUCK:
        return HN_GRAVITY_END;
    case GO_END_LEAK:
        return HN_GRAVITY_LEAK;
    case GO_END_LIVELOCK:
        return e->stuck ? HN_GRAVITY_LEAK : HN_GRAVITY_LIVELOCK;
    case GO_END_LEFT:
        return e->stuck || !looked ? HN_GRAVITY_LEAK : HN_GRAVITY_LEFT;
    case GO_END_CLEAN:
    case GO_END_BOUND:
        break;
    }
    hn_check(false, "the gravity of no failure");
    return HN_GRAVITY_LEFT;
}

enum go_verdict hn_gravity_verdict(const struct go_execution *e,
                                   enum hn_gravity gravity)
{
    static const enum go_verdict verdicts[] = {
        [HN_GRAVITY_LEFT] = GO_VERDICT_LEFT,
        [HN_GRAVITY_LIVELOCK] = GO_VERDICT_LIVELOCK,
        [HN_GRAVITY_LEAK] = GO_VERDICT_LEAK,
        [HN_GRAVITY_END] = GO_VERDICT_DEADLOCK,
    };

    return e->end == GO_END_PANIC ? GO_VERDICT_PANIC : verdicts[gravity];
}
