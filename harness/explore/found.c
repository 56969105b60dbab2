/* found.c - the ways to fail that were met, each once. */
#include "harness/explore/found.h"

#include <stdio.h>

#include "harness/assert.h"

static struct hn_failure *find(struct hn_found *to, uint64_t signature)
{
    for (uint32_t i = 0; i < to->nfailures; i++)
        if (to->failures[i].signature == signature)
            return &to->failures[i];
    return NULL;
}

static struct hn_failure *add(struct hn_found *to, uint64_t signature)
{
    struct hn_failure *f;

    hn_check(to->nfailures <= HN_FAILURES_MAX, "too many failures are kept");
    if (to->nfailures == HN_FAILURES_MAX)
        return NULL;
    f = &to->failures[to->nfailures];
    f->signature = signature;
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

void hn_found_add(struct hn_found *to, uint64_t signature, int crash,
                  bool livelock)
{
    struct hn_failure *f;
    bool known;

    if (to->mild)
        to->nfailures = 0;
    to->mild = false;
    f = find(to, signature);
    known = f != NULL;

    if (!known)
        f = add(to, signature);
    if (!f) {
        to->others++;
        return;
    }
    f->times++;
    if (known && !is_better(to, f))
        return;
    f->racy = to->racy_now;
    f->crash = crash;
    f->livelock = livelock;
    hn_record_copy(&f->record, &to->now);
    if (!known)
        __atomic_store_n(&to->nfailures, to->nfailures + 1, __ATOMIC_RELEASE);
}
