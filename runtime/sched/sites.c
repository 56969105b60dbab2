/*
 * sites.c - a site for each pc that accesses memory: it can be compared, and
 * looked up when somebody wants to read it.
 */
#include "runtime/sched/race.h"

enum {
    SITES = 1 << 14, /* a power of two */
};

/* All for as long as the process lives; of what is too much nothing is known. */
static struct go_site sites[SITES]; /* by hash of the pc */
static uint32_t nsites;
static const struct go_site elsewhere = {NULL, NULL, "", NULL, 0};

const struct go_site *rt_race_site(const void *pc)
{
    uint32_t i = (uint32_t)((uintptr_t)pc * 0x9e3779b97f4a7c15u >> 40);

    for (;; i++) {
        struct go_site *s = &sites[i & (SITES - 1)];

        if (s->pc == pc)
            return s;
        if (s->pc)
            continue;
        if (nsites == SITES / 4 * 3)
            return &elsewhere;
        nsites++;
        *s = (struct go_site){NULL, NULL, "", pc, 0};
        return s;
    }
}
