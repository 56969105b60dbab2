/*
 * graph.h - the wait-for graph of one snapshot.
 *
 * Nodes are goroutines and gates. A gate is one way to wait on an object: to
 * get a read lock takes other goroutines than to get the write lock, and to
 * receive others than to send. So an object has two gates, of which most
 * kinds use one. A goroutine waits at its gates and needs any one to open
 * (select); a gate has the goroutines that could open it:
 *
 *   exact gate    all who can are listed, and it takes every one of them
 *                 (AND): the owner, all readers, all members of a group;
 *   other gate    whoever can reach the object may open it (OR); listed are
 *                 only those known to hold it, or to have used it last, for
 *                 the report, and those who may hold it.
 *
 * Arrays, no pointers between nodes: built by counting, in time and memory
 * linear in the snapshot.
 */
#ifndef MON_GRAPH_H
#define MON_GRAPH_H

#include <stdbool.h>
#include <vigil/inspect.h>

#include "runtime/base/arena.h"
#include "runtime/monitor/byid.h"

/* The two gates of an object, by what is wanted. */
enum mon_side {
    MON_SIDE_OWNER = 0, /* exact: the writer or owner, or pending writer */
    MON_SIDE_ALL = 1,   /* exact rwmutex: every reader, or the writer */
    MON_SIDE_MAIN = 0,  /* else: whatever is wanted, */
    MON_SIDE_RECV = 1,  /* but a receive, by who waits to send */
    MON_SIDES = 2
};

/* One who could open a gate. */
struct mon_opener {
    uint32_t goroutine;
    uint32_t hold; /* index in holds[], GO_NOWHERE: a member or last user */
};

struct mon_gate {
    uint32_t opener, nopener; /* graph->openers[...), by id */
    uint32_t waiter, nwaiter; /* graph->waiters[...): indices in waits[] */
    bool exact;
    bool unsure; /* not exact; some of the openers only may be ones */
    bool free;   /* nothing stands in the way: a wake-up is on its way */
    bool broken; /* an owner ended and left it locked: it never opens */
};

struct mon_graph {
    const struct go_inspect *in;
    struct mon_gate *gates; /* [ngate], gate = object * MON_SIDES + side */
    uint32_t ngate;
    struct mon_opener *openers;
    uint32_t *waiters;
    uint32_t *gate_of;  /* [in->nwait] gate, GO_NOWHERE: nil channel */
    uint32_t *waits_of; /* [in->nwait] goroutine */
    uint8_t *moves;     /* [ngoroutine] alive by itself */
    struct mon_byid goroutines, ended;
};

struct mon_sight; /* sight.h */

/*
 * 0, or -ENOMEM. The snapshot must outlive the graph. sight tells who holds
 * the objects that are not exact; NULL: only their last users are known.
 */
int mon_graph_build(struct mon_graph *graph, const struct go_inspect *in,
                    const struct mon_sight *sight, struct rt_arena *arena);

/* Gates that a hold of this object stands in front of: a bit for each side. */
unsigned mon_graph_sides_held(const struct go_inspect_object *o,
                              const struct go_inspect_hold *hold);
/* The exact gate that a group's members stand in front of, or GO_NOWHERE. */
uint32_t mon_graph_gate_of_member(const struct mon_graph *graph,
                                  uint32_t goroutine);
/* Whether this gate is one of those that the goroutine waits at. */
bool mon_graph_waits_at(const struct mon_graph *graph, uint32_t goroutine,
                        uint32_t gate);
/* Whether having done this last is being able to do what is wanted. */
bool mon_did_serves(enum go_did did, enum go_want want);

static inline uint32_t mon_gate_object(uint32_t gate)
{
    return gate / MON_SIDES;
}

#endif
