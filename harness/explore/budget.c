/* budget.c - the time of an exploration: see the header. */
#include "harness/explore/budget.h"

enum {
    PARTS = 20, /* of a time-out, */
    SEARCH = 12,
    SEARCH_SMALL = 6,
};
#define GRACE_LEAST (GO_SECOND / 2)
#define GRACE_MOST  (2 * GO_SECOND)

int64_t hn_budget_search(int64_t timeout, bool small)
{
    return timeout / PARTS * (small ? SEARCH_SMALL : SEARCH);
}

/* A busy machine may not let it run for so long. */
int64_t hn_budget_grace(int64_t search)
{
    int64_t grace = search / 4;

    return grace > GRACE_MOST    ? GRACE_MOST
           : grace > GRACE_LEAST ? grace
                                 : GRACE_LEAST;
}

int64_t hn_budget_told(int64_t began, int64_t search)
{
    return search ? began + search / 2 * 3 : 0;
}

int64_t hn_budget_explained(int64_t now, int64_t search, int64_t told)
{
    int64_t until = now + search / 2 + GRACE_LEAST;

    return search && until < told ? until : told;
}

int64_t hn_budget_share(int64_t now, int64_t until, uint32_t parts)
{
    return until > now ? now + (until - now) / parts : until;
}

int64_t hn_budget_needed(int64_t now, int64_t until)
{
    int64_t needed = now + HN_BUDGET_NEEDED;

    return until && until < needed ? needed : until;
}
