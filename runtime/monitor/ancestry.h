/*
 * ancestry.h - who created a goroutine, who created that one, up to the root.
 */
#ifndef MON_ANCESTRY_H
#define MON_ANCESTRY_H

#include "runtime/monitor/finding.h"

/* One who created: the child's creator, or a creator's. */
struct mon_ancestor {
    uint64_t id;                /* 0: a thread that is no goroutine */
    size_t nth;                 /* 1: the child's creator, 2: that one's, ... */
    uint32_t goroutine;         /* its index, GO_NOWHERE once it has ended */
    uint8_t fate;               /* enum mon_fate */
    const char *name;           /* NULL: none */
    const struct go_site *site; /* where it created the one before */
    uint64_t created_by;        /* the next one, as created is its site */
    const struct go_site *created;
};

/* Who created the goroutine with this index; false: nobody, it is main. */
bool mon_ancestor_first(const struct mon_findings *f, uint32_t goroutine,
                        struct mon_ancestor *a);
/* Goes on to who created *a; false: nobody did, or it is not known. */
bool mon_ancestor_next(const struct mon_findings *f, struct mon_ancestor *a);

#endif
