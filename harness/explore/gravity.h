/*
 * gravity.h - how grave it is what an execution came to: of several failures
 * the gravest has the verdict.
 */
#ifndef HN_EXPLORE_GRAVITY_H
#define HN_EXPLORE_GRAVITY_H

#include <vigil/control.h>
#include <vigil/inspect.h>

/* The mildest first; 0: not known. As in a single run what ends it comes before
   all else, and who is stuck before who goes round for it. */
enum hn_gravity {
    HN_GRAVITY_LEFT = 1, /* alive: it may be what is meant */
    HN_GRAVITY_LIVELOCK,
    HN_GRAVITY_LEAK,
    HN_GRAVITY_END /* of all: main is stuck, a panic, a crash */
};

/* Of one that is a finding (signature.h). looked: at those who are left; else
   they count as stuck. */
enum hn_gravity hn_gravity(const struct go_execution *e, bool looked);
/* What a report of it would most likely say; gravity: its own. */
enum go_verdict hn_gravity_verdict(const struct go_execution *e,
                                   enum hn_gravity gravity);

#endif
