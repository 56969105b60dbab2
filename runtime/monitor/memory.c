/*
 * memory.c - who can get at what: the scan of the program's memory.
 *
 * In:  the stopped world and its snapshot. Out: which objects whoever lives
 * can reach, and which the stuck hold, as plain data (sight.h).
 *
 * Method: the reduction is run with the marker as its oracle: each source that
 * comes to life (armed timers, globals and other threads, then goroutine by
 * goroutine) is marked when its turn comes; what is found opens gates, which
 * brings others to life, to the fixed point. A scan costs time, so first the
 * graph is reduced twice without: once as if nobody reached anything, once as
 * if all who live reached everything. Only when that makes a difference does
 * memory have anything to say.
 *
 * Y1  All threads stand still from the first word to the last, or it is a copy
 *     of such a moment: then what nobody alive can load now, nobody can ever.
 * Y2  What was not read is life: a region that could not be read, a thread
 *     that did not stop, a timer that calls we do not know what. It is named.
 *
 * Why not mark in advance, apart from the reduction: which stacks count is
 * known only as it goes on.
 */
#include "runtime/monitor/memory.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#if __has_include(<valgrind/valgrind.h>)
#include <valgrind/valgrind.h>
#else
#define RUNNING_ON_VALGRIND 0
#endif

#include "runtime/base/own.h"
#include "runtime/monitor/heapdoor.h"
#include "runtime/monitor/image.h"
#include "runtime/monitor/scan.h"
#include "runtime/sched/sanitize.h"
#include "runtime/sched/saved.h"
#include "runtime/sched/threads.h"
#include "runtime/sched/timer.h"
#include "runtime/sync/known.h"

enum {
    SPANS = 8192,         /* not to be scanned; more: no scan */
    COPY_FROM = 48 << 20, /* bytes resident: then a copy is worth it */
};

static void note_seen(struct mon_scanning *k, uint32_t object, unsigned wants)
{
    if (rt_arena_grow(k->arena, &k->seen, k->nseen, &k->seen_cap,
                      sizeof(*k->seen)))
        k->seen[k->nseen++] = (struct mon_seen){k->source, object, wants};
    else
        k->failed = true;
}

unsigned mon_scan_news(struct mon_scanning *k, uint32_t object, unsigned wants)
{
    struct mon_told *t = &k->told[object];

    if (t->ask != k->ask)
        *t = (struct mon_told){k->ask, 0};
    wants &= ~t->wants;
    if (k->graph->gates[object * MON_SIDES].exact)
        return 0;
    t->wants |= wants;
    return wants;
}

static void found(void *arg, uint32_t object, unsigned wants)
{
    struct mon_scanning *k = arg;

    wants = mon_scan_news(k, object, wants);
    if (!wants)
        return;
    if (!k->r) {
        mon_holders_note(k, object, wants, false);
        return;
    }
    note_seen(k, object, wants);
    mon_reduce_reach(k->r, object, wants);
}

/* Y2 */
static void found_anything(struct mon_scanning *k)
{
    for (uint32_t o = 0; o < k->in->nobject; o++)
        found(k, o, MON_WANT_ALL);
}

static void mark_outside(struct mon_scanning *k)
{
    uint32_t n;
    struct rt_timer *const *all = rt_timer_all(&n);
    const void *const *known;

    for (uint32_t i = 0; i < n; i++)
        if (!mon_mark_timer(&k->marker, all[i]))
            found_anything(k);
    n = rt_known_elsewhere(&known);
    for (uint32_t i = 0; i < n; i++)
        mon_mark_word(&k->marker, (uintptr_t)known[i]);
}

static void visit(void *arg, const uintptr_t *words, size_t n,
                  uintptr_t address)
{
    mon_mark_words(arg, words, n, address);
}

static void take(void *arg, const uintptr_t *words, size_t n, uintptr_t address)
{
    mon_marker_take(arg, words, n, address);
}

static void read_carefully(void *arg, uintptr_t low, uintptr_t high)
{
    struct mon_scanning *k = arg;

    mon_regions_visit_range(&k->regions, low, high, take, &k->marker);
}

static void mark_globals(struct mon_scanning *k)
{
    for (uint32_t i = 0; i < k->threads.nroot; i++)
        mon_mark_range(&k->marker, k->threads.roots[i].low,
                       k->threads.roots[i].high);
    for (size_t i = 0; i < k->threads.kernel.n; i++)
        mon_mark_word(&k->marker, k->threads.kernel.words[i]);
    mon_regions_visit(&k->regions, visit, &k->marker);
    k->globals_done = true;
}

static void mark_goroutine(struct mon_scanning *k, uint32_t i)
{
    const struct g *g = k->s->gs[i];

    if (k->in->goroutines[i].state == GO_STATE_FOREIGN)
        return; /* its stack is a thread's */
    mon_mark_stack(&k->marker, g);
    mon_mark_goroutine(&k->marker, g);
}

void mon_scan_source(struct mon_scanning *k, uint32_t source)
{
    if (source == MON_GLOBALS)
        mark_globals(k);
    else
        mark_goroutine(k, source);
}

static void from(void *arg, uint32_t source, struct mon_reduction *r)
{
    struct mon_scanning *k = arg;

    k->r = r;
    k->source = source;
    if (source == MON_OUTSIDE)
        mark_outside(k);
    else
        mon_scan_source(k, source);
}

/* ---- the scan ---------------------------------------------------------------- */

int mon_threads_ask(struct mon_threads *t, struct rt_arena *arena)
{
    t->skip = rt_arena_alloc(arena, SPANS * sizeof(*t->skip));
    t->roots = rt_arena_alloc(arena, SPANS * sizeof(*t->roots));
    if (!t->skip || !t->roots)
        return -ENOMEM;
    t->nroot = rt_saved_roots(t->roots, SPANS);
    t->nskip = rt_saved_skips(t->skip, SPANS);
    if (t->nroot > SPANS || t->nskip > SPANS)
        return -E2BIG;
    return mon_kernel_words(&t->kernel, arena);
}

/* What of the process is not to be scanned word by word: ours, or its parts
   are known. */
static int skips_complete(struct mon_threads *t, const struct rt_blocks *blocks)
{
    uint32_t n = t->nskip;

    if (blocks && n < SPANS)
        t->skip[n++] = (struct rt_span){blocks->own_low, blocks->own_high};
    n += rt_own_list(t->skip + n, SPANS - n);
    if (n > SPANS)
        return -E2BIG;
    t->nskip = rt_spans_join(t->skip, n);
    return 0;
}

static int scan_open(struct mon_scanning *k)
{
    const struct rt_blocks *blocks = mon_heap();
    struct mon_threads *t = &k->threads;
    int err;

    k->told = rt_arena_alloc(&k->scratch, k->in->nobject * sizeof(*k->told));
    if (!k->told)
        return -ENOMEM;
    err = mon_marker_open(&k->marker, k->in, blocks, &k->scratch);
    k->marker.found = found;
    k->marker.careful = read_carefully;
    k->marker.arg = k;
    if (!err)
        err = skips_complete(t, blocks);
    if (!err)
        err = mon_regions_open(&k->regions, t->skip, t->nskip, &k->scratch);
    if (!err && t->kernel.unseen)
        mon_regions_doubt(&k->regions, t->kernel.unseen);
    return err;
}

/* Marks and reduces; 0, or why not. */
static int scan_run(struct mon_scanning *k, struct mon_sight *sight)
{
    const struct mon_reach reach = {from, k};
    int err = scan_open(k);

    if (!err)
        err = mon_reduce(k->graph, &reach, MON_DOUBT_ALL, &k->scratch,
                         &k->result);
    if (!err && k->holders_too)
        sight->all_holders = mon_holders_ask(k);
    mon_regions_close(&k->regions);
    if (!err && (k->failed || k->marker.failed))
        err = -ENOMEM;
    if (!err && k->copied && k->regions.shared)
        err = -EXDEV; /* image.c Z1 */
    if (err)
        return err;
    sight->seen = k->seen;
    sight->nseen = (uint32_t)k->nseen;
    sight->holders = k->holders;
    sight->nholder = (uint32_t)k->nholder;
    sight->maybes_cut = k->maybes_cut;
    if (!k->regions.whole)
        sight->doubt = true;
    return 0;
}

/* ---- whether to ---------------------------------------------------------------- */

static void reaches_nothing(void *arg, uint32_t source, struct mon_reduction *r)
{
    (void)arg;
    (void)source;
    (void)r;
}

/* Memory can tell only what lies between nobody reaching anything and all who
   live reaching everything. -ENOMEM, 0 or 1. */
static int worth_it(struct mon_scanning *k)
{
    const struct mon_reach nothing = {reaches_nothing, NULL};
    struct mon_reduction least, most;
    bool differs = false, stuck = false;

    if (mon_reduce(k->graph, &nothing, MON_DOUBT_ALL, &k->scratch, &least) ||
        mon_reduce(k->graph, NULL, MON_DOUBT_ALL, &k->scratch, &most))
        return -ENOMEM;
    for (uint32_t i = 0; i < k->in->ngoroutine; i++) {
        rt_check(least.live[i] <= most.live[i], "memory: less life by reach");
        differs |= least.live[i] != most.live[i];
        stuck |= !most.live[i];
    }
    return differs || (k->holders_too && stuck);
}

/* Why memory cannot be scanned in this process; NULL: it can. */
static const char *hindrance(void)
{
#if defined(RT_ASAN)
    return "memory not scanned: AddressSanitizer keeps it";
#elif defined(RT_TSAN)
    return "memory not scanned: ThreadSanitizer keeps it";
#else
    return RUNNING_ON_VALGRIND ? "memory not scanned: valgrind keeps it" : NULL;
#endif
}

static const char *why(int err)
{
    return err == -ENOMEM  ? "there is not enough of it"
           : err == -E2BIG ? "it is in too many pieces"
           : err == -EXDEV ? "a copy of the process has not all of it"
                           : "/proc does not tell what there is";
}

bool mon_memory_copy(void)
{
    return !hindrance() && mon_image_extent().resident >=
                               COPY_FROM / (unsigned long)sysconf(_SC_PAGESIZE);
}

/* Says in the limits what is to be said of a scan. */
static enum mon_scan outcome(struct mon_snapshot *s, int err, bool doubt,
                             const char *doubtful)
{
    if (err)
        mon_snapshot_limit(s, 0, "memory not scanned: %s", why(err));
    else if (doubt)
        mon_snapshot_limit(s, 0, "%s", doubtful);
    if (!err && !mon_heap())
        mon_snapshot_limit(s, 0,
                           "heap blocks not known: all that malloc gave "
                           "counts as held");
    return err == -EXDEV ? MON_SCAN_PARTIAL
           : err         ? MON_SCAN_NONE
                         : MON_SCAN_DONE;
}

static enum mon_scan scan(struct mon_scanning *k, void *frame,
                          struct mon_sight *sight)
{
    int tid = 0, err;

    if (!k->copied && !rt_threads_stop(frame, &tid)) {
        if (!tid)
            return outcome(k->s, -EIO, false, NULL);
        mon_snapshot_limit(k->s, 0,
                           "thread %d did not stop, memory not scanned", tid);
        return MON_SCAN_NONE;
    }
    err = k->copied ? 0 : mon_threads_ask(&k->threads, &k->scratch);
    if (!err)
        err = scan_run(k, sight);
    if (!k->copied)
        rt_threads_start();
    return outcome(k->s, err, sight->doubt, k->regions.why);
}

static enum mon_scan look(struct mon_scanning *k, void *frame,
                          struct mon_sight *sight)
{
    struct mon_graph graph;
    int worth = mon_graph_build(&graph, k->in, NULL, &k->scratch);

    k->graph = &graph;
    if (!worth)
        worth = worth_it(k);
    if (worth < 0)
        return outcome(k->s, worth, false, NULL);
    if (worth > 0 && hindrance()) {
        mon_snapshot_limit(k->s, 0, "%s", hindrance());
        worth = 0;
    }
    return worth > 0 ? scan(k, frame, sight) : MON_SCAN_NONE;
}

enum mon_scan mon_memory_look(struct mon_snapshot *s,
                              const struct mon_moment *moment,
                              const struct mon_threads *copied,
                              struct mon_sight *sight)
{
    struct mon_scanning k = {
        .s = s,
        .in = &s->in,
        .arena = &s->arena,
        .regions = {.pages = {.map = -1}, .mem = -1}, /* not open yet */
        .holders_too = moment->holders,
        .copied = copied != NULL};
    enum mon_scan how;

    memset(sight, 0, sizeof(*sight));
    if (copied)
        k.threads = *copied;
    how = look(&k, moment->frame, sight);
    rt_arena_free(&k.scratch);
    return how;
}
