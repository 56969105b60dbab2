/*
 * finding.h - what a look found: the verdicts, the goroutines that they are
 * about, and for each of these who could have woken it and what became of
 * them. Reporters print this and add nothing.
 *
 * Plain data over one snapshot: indices are those of struct go_inspect. All
 * memory comes from the caller's arena, and lives as long as arena and
 * snapshot do. One call, mon_find, makes it.
 */
#ifndef MON_FINDING_H
#define MON_FINDING_H

#include <stdbool.h>
#include <vigil/inspect.h>

#include "runtime/base/arena.h"

struct mon_sight; /* sight.h */

/* What became of a goroutine that could wake somebody, or is left. */
enum mon_fate {
    MON_FATE_STUCK,    /* waits itself, and can never run again */
    MON_FATE_WAITS,    /* waits, but somebody alive may wake it */
    MON_FATE_TIMER,    /* asleep, or waits with a deadline or on a timer */
    MON_FATE_EXTERNAL, /* in go_blocking or on a descriptor */
    MON_FATE_RUNNABLE,
    MON_FATE_RUNNING,
    MON_FATE_FOREIGN, /* a thread that is no goroutine */
    MON_FATE_ENDED,
    MON_FATE_GONE, /* ended, too long ago to tell when */
    MON_FATE_COUNT
};
const char *mon_fate_text(enum mon_fate fate); /* one word, as in JSON */

/* In what part somebody stands in a certificate. */
enum mon_role {
    MON_ROLE_HOLDS,   /* the lock; or runs the once */
    MON_ROLE_READS,   /* holds a read lock */
    MON_ROLE_PENDING, /* a writer that has the slot, waits for the readers */
    MON_ROLE_MEMBER,  /* of the group that is waited for */
    MON_ROLE_LAST,    /* was the last to do `did` with it */
    MON_ROLE_KNOWS,   /* has a handle of it */
    MON_ROLE_MAY_KNOW, /* may have one: it points into a stack that leads there */
    MON_ROLE_LEFT_LOCKED, /* ended, and still held it */
};

/* One who could wake the waiters of an object. */
struct mon_waker {
    uint64_t id;        /* goroutine */
    const char *name;   /* NULL: none, or not known */
    uint32_t goroutine; /* its index, GO_NOWHERE once it has ended */
    uint8_t role;       /* enum mon_role */
    uint8_t fate;       /* enum mon_fate */
    uint8_t did;        /* enum go_did, of MON_ROLE_LAST */
    bool could; /* its part is the half that is missing: a sender for who
                   waits to receive. False: it only had the object too, or
                   waits here itself */
    bool lost;  /* is alive, and was seen to hold it no more */
    const struct go_site *site; /* where it took, joined or used the object */
    const struct go_site *at;   /* where it waits, or ended last; may be NULL */
    int64_t when; /* it ended, or it is woken by a timer; -1: not known */
};

/* How complete a certificate is. */
enum mon_rest {
    MON_REST_UNKNOWN,    /* others may hold the object */
    MON_REST_NOBODY,     /* nobody else holds the object */
    MON_REST_ALL_ASLEEP, /* whoever else holds it is stuck or gone: nothing
                            that can move was seen to */
};

/* Who could wake those that want this of this object. */
struct mon_certificate {
    uint32_t object;
    bool shared;      /* of those who want a read lock */
    uint8_t want;     /* enum go_want */
    uint8_t rest;     /* enum mon_rest */
    bool all_needed;  /* AND: it takes every one of them, not any one */
    bool global;      /* a global holds it, that nobody alive can use, */
    bool global_may;  /* or may */
    bool names_alive; /* of the wakers that could, one is */
    uint32_t nwaker;
    const struct mon_waker *wakers; /* those with could first; by id */
};

/* One goroutine of a finding. */
struct mon_part {
    uint32_t goroutine; /* index */
    uint32_t component; /* 0..times-1: which of the finding's like groups */
    bool core;          /* in the ring, knot, ...; false: a bystander */
    uint8_t fate;       /* enum mon_fate: why it is left, or stuck */
};

struct mon_finding {
    enum go_verdict verdict;
    enum go_shape shape;
    bool proven;
    uint64_t fingerprint; /* survives line moves elsewhere */
    uint32_t times;       /* groups of goroutines that are stuck alike */
    uint32_t ncore;       /* goroutines with core set */
    uint32_t nparts;      /* 0 only for a panic of no goroutine */
    const struct mon_part *parts; /* the core of each group, in the order of
                                     its ring or by id; then all bystanders */
    const char *message; /* "2 goroutines wait in a ring"; a panic's text */
};

/* What time alone will bring: horizon.h. */
struct mon_horizon {
    int64_t next;   /* the first instant at which a timer does anything to
                       somebody; -1: none does */
    uint32_t first; /* whom it wakes: an index, GO_NOWHERE: nobody; by id */
    uint32_t wakes; /* how many */
    const struct go_site *calls; /* a timer that calls then; NULL: none */
    bool still;                  /* nothing at all moves before */
};

struct mon_findings {
    const struct go_inspect *in;
    struct mon_finding *list; /* gravest first; then by the lowest id */
    uint32_t n;
    enum go_verdict verdict; /* the gravest, CLEAN when there is none */
    uint32_t leaked;         /* proven stuck, main and daemons apart */
    uint32_t left;           /* alive after main's end, daemons apart */
    uint32_t stuck;          /* proven stuck, daemons apart: go_check() */
    bool main_stuck;
    bool all_asleep;         /* nothing at all is alive */
    const uint8_t *fate;     /* [ngoroutine] enum mon_fate */
    const uint8_t *proven;   /* [ngoroutine] can never run again */
    const uint32_t *finding; /* [ngoroutine] index in list, or GO_NOWHERE */
    const struct mon_certificate *const *certificates; /* [in->nwait], for each
                                 wait of somebody stuck; else NULL */
    const struct mon_graph *graph;                     /* graph.h */
    struct mon_horizon horizon;
};

/*
 * Looks at a snapshot: reduces it, and tells what is stuck, and after main's
 * end what is left. sight says who reaches what is not exact; NULL: memory was
 * not scanned, and whoever is alive reaches all. 0, or -ENOMEM.
 */
int mon_find(const struct go_inspect *in, const struct mon_sight *sight,
             struct rt_arena *arena, struct mon_findings *out);

/*
 * Puts an uncaught panic in front: of the goroutine with this index, or
 * GO_NOWHERE; what was found of who is alive is dropped, for the panic ends
 * the program. The message is not copied. 0, or -ENOMEM.
 */
int mon_find_panic(struct mon_findings *f, struct rt_arena *arena,
                   uint32_t goroutine, const char *message);

/*
 * Puts a livelock in front: of these goroutines, by index, n > 0, who do what
 * message says for ever, which deeds is a number for: where each of them stands
 * at the moment is chance. The message is not copied. 0, or -ENOMEM.
 */
int mon_find_livelock(struct mon_findings *f, struct rt_arena *arena,
                      const uint32_t *goroutines, uint32_t n,
                      const char *message, uint64_t deeds);

#endif
