/*
 * silence.c - for how long an execution waits for what comes from outside.
 *
 * In:  executions in which nobody can go on for want of it. Out: when each is cut
 * off.
 *
 * Method: the first that waits somewhere does so for all of GO_SILENCE. What has
 * not come then will hardly come to the next that waits there, all goroutines
 * standing where they stood: it waits for a small part of that. To be cut off
 * proves nothing, either way; but a verdict may rest on that none came to its
 * end. So:
 *
 * N1  Of those of a search that wait somewhere the second, the ninth, the 65th,
 *     ... wait for all of it as well. What is found is only explained then, and
 *     shown.
 * N2  Where it has come to one of them it may be slow: all later ones wait for
 *     all of it.
 * N3  A place that there is no room to remember is a new one.
 * N4  How long was waited is told (reasons.c).
 *
 * Why not a short time for all: a partner that answers slowly, each time, would
 * be taken for one who never does.
 */
#include "harness/explore/silence.h"

#include <vigil/control.h>

#include "harness/explore/signature.h"
#include "harness/explore/worker.h"

enum {
    PLACES = 256,
    MORE = 8 /* times as many, up to the next that waits for all of it: N1 */
};

struct place {
    uint64_t signature;
    uint64_t cut;  /* executions, there */
    uint64_t full; /* when there are so many, the next waits for all of it */
    bool came;     /* N2 */
};

/* In shared memory, as executions may have processes of their own. */
struct silences {
    uint32_t n;
    struct place all[PLACES];
    struct place *at; /* that is waited at; NULL: at none that is known */
    bool brief;       /* not for all of it */
};
static struct silences *now;
static struct silences own; /* what now is for the run that is shown */
static bool searches;       /* in this process: N1 */

void hn_silence_begin(void)
{
    now = hn_worker_memory(sizeof(*now));
}

static void let_go(void)
{
    if (now != &own)
        hn_worker_memory_free(now, sizeof(*now));
}

void hn_silence_end(void)
{
    let_go();
    now = NULL;
}

void hn_silence_alone(void)
{
    if (!now)
        return;
    own = *now;
    let_go();
    now = &own;
}

void hn_silence_searches(void)
{
    searches = true;
}

static struct place *find(uint64_t signature)
{
    for (uint32_t i = 0; i < now->n; i++)
        if (now->all[i].signature == signature)
            return &now->all[i];
    if (now->n == PLACES) /* N3 */
        return NULL;
    now->all[now->n].signature = signature;
    return &now->all[now->n++];
}

void hn_silence_anew(void)
{
    if (now)
        now->at = NULL;
}

/* Where the one before was waited at it has come. */
static void begin(void)
{
    if (now->at)
        now->at->came = true;
    now->at = find(hn_signature_rest());
    now->brief = now->at && !now->at->came && now->at->cut > 0 &&
                 (!searches || now->at->cut < now->at->full);
}

static void end(void)
{
    struct place *p = now->at;

    if (p && !now->brief)
        p->full = p->full ? MORE * p->full : 1;
    if (p)
        p->cut++;
    now->at = NULL;
}

bool hn_silence(void *arg, int64_t ns)
{
    (void)arg;
    if (!now)
        return ns >= GO_SILENCE * GO_SECOND;
    if (ns == 0)
        begin();
    if (ns < (now->brief ? HN_SILENCE_SHORT * GO_MILLISECOND
                         : GO_SILENCE * GO_SECOND))
        return false;
    end();
    return true;
}

bool hn_silence_was_short(void)
{
    return now && now->brief;
}
