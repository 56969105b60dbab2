/*
 * scan.h - a scan of memory while it is made: what memory.c, which finds out
 * who lives, and holders.c, which then asks the stuck, have in common.
 */
#ifndef MON_SCAN_H
#define MON_SCAN_H

#include "runtime/monitor/marker.h"
#include "runtime/monitor/memory.h"

/* What was told of an object; for holders, of one source: of that ask. */
struct mon_told {
    uint32_t ask, wants;
};

/* H1, H2. A place that a source points into: somebody's stack, or a variable. */
struct mon_pointed {
    const struct g *g; /* NULL: the variable */
    uint32_t variable;
};
/* What it leads to: some of the leads, those that are sure first. */
struct mon_lead {
    uint32_t object, wants;
};
struct mon_leads {
    size_t first, sure, n;
    bool asked;
};

struct mon_scanning {
    struct mon_snapshot *s;
    const struct go_inspect *in;
    struct rt_arena *arena;  /* what outlives the scan */
    struct rt_arena scratch; /* the rest */
    const struct mon_graph *graph;
    struct mon_marker marker;
    struct mon_regions regions;
    struct mon_reduction *r; /* NULL: asks for holders now */
    struct mon_reduction result;
    uint32_t source;
    struct mon_told *told; /* [nobject] */
    uint32_t ask;          /* of holders; 0: none yet */
    struct mon_seen *seen;
    size_t nseen, seen_cap;
    struct mon_holder *holders;
    size_t nholder, holder_cap;
    struct mon_leads *leads_of; /* of each stack, then of each variable */
    struct mon_lead *leads;
    size_t nlead, lead_cap;
    struct mon_pointed *pointed;
    size_t npointed, pointed_cap;
    uint64_t maybe_seen, maybe_told; /* words looked at, leads told, */
    uint64_t sure_told;              /* and of the sure ones */
    bool maybes_cut;
    struct mon_threads threads;
    bool holders_too;
    bool copied;
    bool globals_done;
    bool failed;
};

/* memory.c. Marks what this source, a goroutine or MON_GLOBALS, can load. */
void mon_scan_source(struct mon_scanning *k, uint32_t source);
/* What of these was not told yet, of this ask; 0: nothing, or it is exact. */
unsigned mon_scan_news(struct mon_scanning *k, uint32_t object, unsigned wants);

/* holders.c. Asks who of the stuck holds what, or may; true: nobody else holds
   anything that the stuck wait for. */
bool mon_holders_ask(struct mon_scanning *k);
/* The source that is asked has this, surely or maybe. */
void mon_holders_note(struct mon_scanning *k, uint32_t object, unsigned wants,
                      bool maybe);

#endif
