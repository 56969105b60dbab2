/*
 * runaway.c - the places where most steps of an endless execution are taken.
 *
 * Method: of the second half every step counts, in few places; when another
 * one comes, all lose one, and those with none give theirs up (Misra and Gries
 * 1982). What makes up more than a 16th is never lost.
 */
#include "harness/explore/runaway.h"

#include <stdio.h>
#include <string.h>

enum {
    TOLD = 4
};

static void lose_one(struct hn_runaway *r)
{
    for (int i = 0; i < HN_RUNAWAY_PLACES; i++)
        r->places[i].n--;
}

void hn_runaway_sample(struct hn_runaway *r, const struct go_step *step)
{
    const struct go_site *site = step->point ? step->point->site : NULL;
    uint32_t op = step->point ? step->point->op : GO_OP_CLOCK;
    int free = -1;

    if (r->steps == HN_RUNAWAY_FROM) {
        memset(r->places, 0, sizeof(r->places));
        r->sampled = 0;
    }
    r->sampled++;
    for (int i = 0; i < HN_RUNAWAY_PLACES; i++) {
        if (r->places[i].n && r->places[i].site == site &&
            r->places[i].op == op) {
            r->places[i].n++;
            return;
        }
        if (!r->places[i].n)
            free = i;
    }
    if (free < 0) {
        lose_one(r);
        return;
    }
    r->places[free].site = site;
    r->places[free].op = op;
    r->places[free].n = 1;
}

/* The one with the most that was not told yet; -1: there is none. */
static int next_place(const struct hn_runaway *r, const bool *told)
{
    int best = -1;

    for (int i = 0; i < HN_RUNAWAY_PLACES; i++)
        if (!told[i] && r->places[i].n &&
            (best < 0 || r->places[i].n > r->places[best].n))
            best = i;
    return best;
}

void hn_runaway_text(const struct hn_runaway *r, char *to, size_t n)
{
    bool told[HN_RUNAWAY_PLACES] = {false};
    size_t at = (size_t)snprintf(to, n, "no quiescence in %u steps", r->steps);

    for (int t = 0, i; t < TOLD && at < n && (i = next_place(r, told)) >= 0;
         t++) {
        const struct go_site *site = r->places[i].site;
        const char *file = site && site->file ? site->file : "";
        const char *slash = strrchr(file, '/');

        told[i] = true;
        at += (size_t)snprintf(to + at, n - at, "%s %s", t ? "," : ":",
                               go_op_text((enum go_op)r->places[i].op));
        if (*file && at < n)
            at += (size_t)snprintf(to + at, n - at, " at %s:%d",
                                   slash ? slash + 1 : file, site->line);
        if (at < n)
            at += (size_t)snprintf(to + at, n - at, " (%u %%)",
                                   100 * r->places[i].n / r->sampled);
    }
}
