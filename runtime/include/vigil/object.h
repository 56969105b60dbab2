/*
 * object.h - the head of everything that a goroutine can wait on.
 *
 * Programs never touch it; it stands here because locks and wait groups live
 * in the program's own memory, zero value ready. A report names an object by
 * its label, else by the text of the argument at its first use, else by the
 * variable that it lies in, and tells who used it last, from these fields.
 */
#ifndef VIGIL_OBJECT_H
#define VIGIL_OBJECT_H

#include <vigil/call.h>

enum go_kind {
    GO_KIND_NONE, /* never used: what a zero value says */
    GO_KIND_CHAN,
    GO_KIND_MUTEX,
    GO_KIND_RWMUTEX,
    GO_KIND_WAITGROUP,
    GO_KIND_COND,
    GO_KIND_ONCE,
    GO_KIND_SEMAPHORE,
    GO_KIND_BARRIER,
    GO_KIND_ERRGROUP,
    GO_KIND_CONTEXT,
    GO_KIND_TIMER, /* no object is one; fingerprints have the numbers */
    GO_KIND_FD,
    GO_KIND_GONE, /* only in a snapshot: what was waited for is there no more */
    GO_KIND_COUNT
};

struct go_object {
    uint8_t kind;  /* [init] enum go_kind, set at the first use */
    uint8_t flags; /* [lock of the object] */
    uint16_t spare;
    uint32_t id;                /* [atomic] 0 until somebody asks */
    const char *name;           /* [atomic] go_label's, owned by the runtime */
    const struct go_site *born; /* [init] made, or first used, here */
};

/* Who did something last, and where. goroutine 0: nobody yet. */
struct go_use {
    uint64_t goroutine;
    const struct go_site *site;
};

/* The queue of who waits, oldest first; the runtime's own. */
struct go_waitq {
    void *first, *last;
};

#endif
