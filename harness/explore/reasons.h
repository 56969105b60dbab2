/*
 * reasons.h - why an exploration is not complete: there is always a reason.
 */
#ifndef HN_EXPLORE_REASONS_H
#define HN_EXPLORE_REASONS_H

#include <stdbool.h>
#include <stdint.h>

/* What a search has met that others might have gone on from. */
struct hn_limits {        /* plain data, for shared memory */
    bool late;            /* its time was up */
    bool interrupted;     /* it was to end before that */
    bool spent;           /* so many schedules were asked for */
    bool wide;            /* a number was drawn of too many */
    bool loops;           /* ways around a loop were left out */
    bool memory;          /* the search had none for more */
    bool lost;            /* its own way, for not all is set back */
    bool moved;           /* likewise, for what came from outside */
    uint64_t descriptors; /* there were none left, of so many; 0: there were */
    uint64_t bound, flowed; /* executions that were too long; whose time went
                               on by itself */
    uint64_t turns;         /* in which goroutines went on so, in turn */
    uint64_t threads;       /* in which others than these were waited for */
    uint64_t outside;       /* or came to something from outside */
    uint64_t asked;         /* in which the kernel was asked for something */
    uint64_t waits;         /* too long by the clock */
    uint64_t silent;        /* cut off, for nothing came from outside; */
    uint64_t brief;         /* of those, that waited for a short time */
    uint64_t crowds;        /* of too many goroutines */
    uint64_t libraries;     /* in which these used the program's locks */
    uint64_t daemons;       /* in which these went on when all was over */
};

struct hn_plan;
struct hn_explored;
enum {
    HN_REASONS_TEXT = 400
};
/* In a line, the first is the gravest; "": it is complete. */
const char *hn_reasons(const struct hn_plan *plan, const struct hn_explored *x,
                       char to[HN_REASONS_TEXT]);

#endif
