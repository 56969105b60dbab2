/*
 * made.h - made-up snapshots for the tests of the graph and the reports.
 *
 * A small struct go_inspect is put together call by call; ids are index + 1,
 * so that goroutine 0 is main. Everything else is what a quiet goroutine
 * would say; tests change fields of m->in directly where they want more.
 */
#ifndef TESTS_MADE_H
#define TESTS_MADE_H

#include <vigil/inspect.h>

#include "runtime/base/arena.h"
#include "runtime/monitor/finding.h"

enum {
    MADE_MAX = 64
};

struct made {
    struct go_inspect in;
    struct go_inspect_goroutine g[MADE_MAX];
    struct go_inspect_object o[MADE_MAX];
    struct go_inspect_wait w[MADE_MAX], wait_given[MADE_MAX];
    struct go_inspect_hold h[MADE_MAX], hold_given[MADE_MAX];
    uint32_t wait_of[MADE_MAX], hold_of[MADE_MAX];
    struct go_inspect_timer t[MADE_MAX];
    struct go_inspect_ended e[MADE_MAX];
    struct go_inspect_abandoned a[MADE_MAX];
    struct go_inspect_limit l[MADE_MAX];
    struct rt_arena arena;
};

void made_new(struct made *m);
void made_free(struct made *m);
/* Indices. A goroutine is parked for this reason, or GO_WAIT_NONE: it runs. */
uint32_t made_g(struct made *m, enum go_wait_reason reason);
uint32_t made_object(struct made *m, enum go_kind kind, const char *name);
void made_wait(struct made *m, uint32_t g, uint32_t object, enum go_want want);
struct go_inspect_hold *made_hold(struct made *m, uint32_t g, uint32_t object);
void made_use(struct made *m, uint32_t object, uint64_t id, enum go_did did);
/* Puts waits and holds in the order of their goroutines; before every look. */
struct go_inspect *made_done(struct made *m);
/* made_done and mon_find. */
void made_find(struct made *m, struct mon_findings *f);
/* g parks on a lock: wants it exclusively. */
uint32_t made_locker(struct made *m, uint32_t mutex);
/* Of n goroutines each has the mutex of its number and waits for that of the one
   before, 0 for the last. */
void made_ring(struct made *m, uint32_t n);
/* Two goroutines in a ring over two mutexes "a" and "b", main waiting on
   their wait group "wg": goroutines 0, 1, 2. */
void made_abba(struct made *m);

#endif
