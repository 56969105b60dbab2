/* found.c - the ways to fail that were met, each once. */
#include "harness/explore/found.h"

#include <stdio.h>

#include "harness/assert.h"

/* The same places may be those of who is stuck, and of who is not. */
static struct hn_failure *find(struct hn_found *to, const struct hn_failed *how)
{
    for (uint32_t i = 0; i < to->nfailures; i++)
        if (to->failures[i].how.signature == how->signature &&
            to->failures[i].how.gravity == how->gravity)
            return &to->failures[i];
    return NULL;
}

/* NULL: there is no room for it. */
static struct hn_failure *add(struct hn_found *to)
{
    struct hn_failure *f;

    hn_check(to->nfailures <= HN_FAILURES_MAX, "too many failures are kept");
    if (to->nfailures == (to->one ? 1 : HN_FAILURES_MAX))
        return NULL;
    f = &to->failures[to->nfailures];
    f->times = 0;
    f->found_at = to->executions;
    snprintf(f->strategy, sizeof(f->strategy), "%s", to->strategy_now);
    return f;
}

static bool is_better(const struct hn_found *to, const struct hn_failure *f)
{
    if (to->racy_now != f->racy)
        return f->racy;
    return to->now.n < f->record.n;
}

void hn_found_add(struct hn_found *to, const struct hn_failed *how)
{
    struct hn_failure *f;
    bool known;

    if (to->one && to->nfailures && to->failures[0].how.gravity < how->gravity)
        to->nfailures = 0;
    f = find(to, how);
    known = f != NULL;

    if (!known)
        f = add(to);
    if (!f) {
        to->others++;
        return;
    }
    f->times++;
    if (known && !is_better(to, f))
        return;
    f->racy = to->racy_now;
    f->how = *how;
    hn_record_copy(&f->record, &to->now);
    if (!known)
        __atomic_store_n(&to->nfailures, to->nfailures + 1, __ATOMIC_RELEASE);
}
