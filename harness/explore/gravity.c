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
