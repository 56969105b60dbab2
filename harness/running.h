/*
 * running.h - one run that is under way: its process, what that says, and for
 * how long it may go on.
 */
#ifndef HN_RUNNING_H
#define HN_RUNNING_H

#include "harness/options.h"
#include "harness/result.h"
#include "harness/suite.h"

struct hn_running {
    bool used;    /* it is under way; the rest means something only then */
    size_t index; /* of the run */
    struct hn_process process;
    struct hn_capture from[HN_FROM_COUNT];
    struct hn_finished finished; /* filled as it goes */
    int64_t started, deadline;
    bool late; /* it was told that its time is up; deadline is a later one */
    bool killed;
    bool searches;  /* it can say what it has found by now; asked for it: */
    int64_t end_by; /* INT64_MAX: it was not */
};

/*
 * Starts run number index of the suite. Repetitions have seeds one after the
 * other, so that the one that fails has a number of its own. 0, or -errno, as
 * hn_process_start.
 */
int hn_running_start(struct hn_running *s, const struct hn_suite *suite,
                     const struct hn_options *o, size_t index, bool graph);
/* Takes what one of its channels has now; nothing is waited for. */
void hn_running_drain(struct hn_running *s, int channel);
/* Ends it at its deadline, and, if memory is to be looked at, beyond that. */
void hn_running_watch(struct hn_running *s, int64_t now, bool look);
/* It is to come to its end. False: it can not say anything by now, and is to be
   dropped. */
bool hn_running_interrupt(struct hn_running *s, int64_t now);
/* It has ended: what it came to, which the caller frees. NULL: no memory. */
struct hn_result *hn_running_finish(struct hn_running *s);
/* Ends it, of which nothing will be told. */
void hn_running_drop(struct hn_running *s);

#endif
