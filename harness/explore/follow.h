/*
 * follow.h - an execution by a schedule that is given: replay, and shrinking.
 */
#ifndef HN_EXPLORE_FOLLOW_H
#define HN_EXPLORE_FOLLOW_H

#include "harness/explore/schedule.h"

enum {
    HN_FOLLOW_WHY = 320
};

struct hn_follow {
    const struct hn_schedule *schedule; /* NULL: the default one */
    bool loose; /* what can not be done is left out; else the execution ends */
    /* With loose: told of what is left out. NULL: nobody. */
    void (*skipped)(void *arg, const struct hn_deviation *d);
    /* Told of every choice: what is taken. NULL: nobody. */
    void (*each)(void *arg, uint32_t at, const struct go_step *steps,
                 uint32_t n, uint32_t k);
    void *arg;

    uint32_t at; /* choices so far */
    size_t next; /* deviation */
    struct hn_default usual;
    uint64_t hash; /* of all choices so far */
    uint64_t led;  /* and up to the schedule's last that was done */
    char misfit[HN_FOLLOW_WHY]; /* the first that did not fit, or "" */
};

/* Ready for an execution, with the fields above the blank line as they are. */
void hn_follow_begin(struct hn_follow *f);
/* The functions of struct go_control; arg is the struct hn_follow. */
uint32_t hn_follow_choose(void *arg, const struct go_step *steps, uint32_t n);
uint32_t hn_follow_number(void *arg, uint32_t task, uint32_t n);
/* Whether some of the schedule is yet to be done. */
static inline bool hn_follow_leads(const struct hn_follow *f)
{
    return f->schedule && f->next < f->schedule->n;
}
/* Says in misfit what does not fit, unless that is known: printf's words. */
void hn_follow_unfit(struct hn_follow *f, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* It goes round for ever: what it is does not depend on where that was seen, nor
   on which of its rounds, but on what led there. */
void hn_follow_goes_round(struct hn_follow *f);
/* After it: whether all of the schedule was done; else misfit says. With loose
   what is left of it is left out, too, and all is well. */
bool hn_follow_end(struct hn_follow *f);
/* The four hex digits of a token. */
uint16_t hn_follow_hash(const struct hn_follow *f);
/* Whether a token with these is of what was done: of all, or of what led to where
   it may go round for ever, which is not to be seen by who only follows. */
bool hn_follow_has(const struct hn_follow *f, uint16_t hash);

#endif
