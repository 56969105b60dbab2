/*
 * finding_words.c - what is said of a finding in one line.
 *
 * W1  That somebody alive is waited for is said where the certificate names one.
 */
#include "runtime/monitor/finding_words.h"

#include <stdio.h>
#include <string.h>

#include "runtime/base/throw.h"

bool mon_finding_alone(const struct mon_findings *all, uint32_t i)
{
    const struct go_inspect_goroutine *g = &all->in->goroutines[i];
    bool any = false;

    if (all->fate[i] != MON_FATE_WAITS)
        return false;
    for (uint32_t w = g->wait; w < g->wait + g->nwait; w++) {
        const struct mon_certificate *c = all->certificates[w];

        if (c && c->names_alive)
            return false;
        any |= c != NULL;
    }
    return any;
}

/* What is said of the goroutines of a finding, one or many. */
static const char *phrase(const struct mon_findings *all,
                          const struct mon_finding *f, bool one)
{
    static const char *const left[MON_FATE_COUNT] = {
        [MON_FATE_WAITS] = "left, waiting for somebody who is alive",
        [MON_FATE_TIMER] = "left, waiting for a timer",
        [MON_FATE_EXTERNAL] = "left, waiting for something outside",
        [MON_FATE_RUNNABLE] = "left, ready to run",
        [MON_FATE_RUNNING] = "left, running",
    };

    if (f->verdict == GO_VERDICT_SLOW)
        return one ? "waits long, and may still be woken"
                   : "wait long, and may still be woken";
    switch (f->shape) {
    case GO_SHAPE_RING:
        if (f->ncore == f->times)
            return one ? "waits for itself" : "wait, each for itself";
        return f->times > 1 ? "wait in rings" : "wait in a ring";
    case GO_SHAPE_KNOT:
        return f->times > 1 ? "wait in knots, only for each other"
                            : "wait in a knot, only for each other";
    case GO_SHAPE_ORPHAN:
        return one ? "waits, and nobody is left to wake it"
                   : "wait, and nobody is left to wake them";
    case GO_SHAPE_ABANDONED:
        return one ? "waits for a lock whose owner ended without unlocking it"
                   : "wait for a lock whose owner ended without unlocking it";
    default:
        rt_check(left[f->parts[0].fate], "finding: left, but not alive");
        if (mon_finding_alone(all, f->parts[0].goroutine))
            return one ? "left, and who may wake it is not known"
                       : "left, and who may wake them is not known";
        return left[f->parts[0].fate];
    }
}

/*
 * "4 goroutines wait in rings (2 times)". Behind a ring stand whoever wait for
 * it, and it is enough to list them; behind an orphan they are its leak.
 */
bool mon_finding_message(const struct mon_findings *all, struct mon_finding *f,
                         struct rt_arena *arena)
{
    bool one = f->ncore == 1;
    uint32_t behind = f->nparts - f->ncore;
    char text[160], more[40] = "";
    char *copy;
    int n;

    if (f->times > 1 && f->ncore > f->times)
        snprintf(more, sizeof(more), " (%u times)", f->times);
    else if (behind &&
             (f->shape == GO_SHAPE_ORPHAN || f->shape == GO_SHAPE_ABANDONED))
        snprintf(more, sizeof(more), "; %u more wait%s behind", behind,
                 behind == 1 ? "s" : "");
    n = snprintf(text, sizeof(text), "%u goroutine%s %s%s", f->ncore,
                 one ? "" : "s", phrase(all, f, one), more);
    rt_check(n > 0 && n < (int)sizeof(text), "finding: a message is too long");
    copy = rt_arena_alloc(arena, (size_t)n + 1);
    if (copy)
        memcpy(copy, text, (size_t)n + 1);
    f->message = copy;
    return copy != NULL;
}
