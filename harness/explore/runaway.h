/*
 * runaway.h - what an execution does that does not come to its end.
 */
#ifndef HN_EXPLORE_RUNAWAY_H
#define HN_EXPLORE_RUNAWAY_H

#include <stddef.h>
#include <vigil/control.h>

enum {
    HN_RUNAWAY_PLACES = 16
};

struct hn_runaway { /* zero is ready */
    uint32_t steps, sampled;
    struct {
        const struct go_site *site;
        uint32_t op, n;
    } places[HN_RUNAWAY_PLACES];
};

static inline void hn_runaway_begin(struct hn_runaway *r)
{
    r->steps = 0;
}
/* A step is taken. */
void hn_runaway_sample(struct hn_runaway *r, const struct go_step *step);
enum {
    HN_RUNAWAY_FROM = 50000, /* steps: most executions never come so far */
};
static inline void hn_runaway_took(struct hn_runaway *r,
                                   const struct go_step *step)
{
    if (__builtin_expect(++r->steps >= HN_RUNAWAY_FROM, 0))
        hn_runaway_sample(r, step);
}
/* So many were, none of them beyond HN_RUNAWAY_FROM. */
static inline void hn_runaway_drew(struct hn_runaway *r, uint32_t n)
{
    r->steps += n;
}
/* "no quiescence in 100000 steps: yield at x.c:10 (50 %), ...". */
void hn_runaway_text(const struct hn_runaway *r, char *to, size_t n);

#endif
