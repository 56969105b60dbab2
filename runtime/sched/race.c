/*
 * race.c - vector clocks of a controlled run's goroutines.
 *
 * In:  the hooks of everything that orders goroutines (race.h), and accesses.
 * Out: for each access the clock that it is made at; shadow.c compares.
 *
 * Method: as DJIT+ has it (Pozniansky and Schuster, 2003): a clock for each
 * goroutine and each key. A release joins the goroutine's clock to the key's,
 * and its own time goes on; an acquire joins the key's to the goroutine's.
 * A buffer has a clock for each place, which the k-th send and the (k+cap)-th
 * receive share, so that values in it order only who handles the same one.
 *
 * H1  Doubt counts as order: to consume is to acquire; places of big buffers
 *     are shared; a store joins what was released before, whoever did. So a race
 *     that is told is one.
 * H2  What orders two goroutines here is a pair of steps that the exhaustive
 *     search tries in both orders, or that can not be turned round. So two
 *     accesses that could ever be next to each other are, in some execution,
 *     told as a race.
 * H3  Memory lasts for one execution: nothing is given back before.
 * H4  When there is not enough of it, or a thread of the program's own takes
 *     part, nothing is said any more: a missing clock would be a false race.
 *
 * Why not causal.h: there unlock and lock are chance and no order, and most
 * goroutines are in no clock.
 */
#define _GNU_SOURCE
#include "runtime/sched/race.h"

#include <string.h>
#include <sys/mman.h>

#include "runtime/base/own.h"
#include "runtime/sched/causal.h"
#include "runtime/sched/control.h"
#include "runtime/sched/m.h"
#include "runtime/sched/shadow.h"
#include "runtime/sched/task.h"

enum {
    KEYS = 1 << 16, /* a power of two */
    SMALL = 8,      /* entries of a new clock */
};
#define MEMORY ((size_t)512 << 20) /* reserved, used as needed */

/* By line: up to which time of it all is past. */
struct clock {
    uint32_t n, cap;
    uint32_t *at;
};

struct key {
    uintptr_t key;
    uint32_t execution; /* of another: free */
    uint32_t nslot;
    struct clock clock;
    struct clock *slot;  /* [nslot] of a buffer's places */
    uint64_t put, taken; /* its counts */
};

/* A goroutine of this execution. */
struct line {
    struct clock clock;
    struct clock loaded;  /* what an acquire fence would make past */
    struct clock fenced;  /* what was before its last release fence */
    struct go_access who; /* what is the same in all its accesses */
};

bool rt_races;
bool rt_instrumented;

static struct {
    const struct go_control *by;
    bool silent; /* H4 */
    uint32_t execution;
    char *memory; /* H3 */
    size_t used;
    struct key *keys; /* [KEYS] by hash */
    uint32_t nkeys;
    struct line *lines; /* [RT_TASKS_MAX] */
    uint32_t nlines;
    uint16_t line_of[RT_TASKS_MAX]; /* a task's, if it is one of nlines */
} all;

/* What was not watched, in words: more than once. */
#define TASKS "more goroutines than can be told apart"

const char *rt_race_untold;

/* ---- memory --------------------------------------------------------------*/

void rt_race_note_unseen(const char *what)
{
    if (all.by->unseen)
        all.by->unseen(all.by->arg, what);
}

void rt_race_be_silent(const char *what)
{
    all.silent = true;
    rt_race_note_unseen(what);
}

void *rt_race_room(size_t n)
{
    void *p = all.memory + all.used;

    n = (n + 15) & ~(size_t)15;
    if (MEMORY - all.used < n) {
        rt_race_be_silent("what needs too much memory");
        return NULL;
    }
    all.used += n;
    return memset(p, 0, n);
}

void *rt_race_reserve(size_t n)
{
    void *p = mmap(NULL, n, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    if (p == MAP_FAILED)
        return NULL;
    if (rt_own_add(p, n))
        return p;
    munmap(p, n);
    return NULL;
}

/* Once in a process; false: there is none. */
static bool open_memory(void)
{
    if (!all.lines)
        all.lines = rt_race_reserve(RT_TASKS_MAX * sizeof(*all.lines));
    if (!all.keys)
        all.keys = rt_race_reserve(KEYS * sizeof(*all.keys));
    if (!all.memory)
        all.memory = rt_race_reserve(MEMORY);
    return all.lines && all.keys && all.memory && rt_shadow_open();
}

/* ---- clocks --------------------------------------------------------------*/

/* Room for n lines; false: H4. */
static bool widen(struct clock *c, uint32_t n)
{
    uint32_t cap = c->cap ? c->cap : SMALL, *at;

    while (cap < n)
        cap *= 2;
    if (cap != c->cap) {
        at = rt_race_room(cap * sizeof(*at));
        if (!at)
            return false;
        if (c->n)
            memcpy(at, c->at, c->n * sizeof(*at));
        c->at = at;
        c->cap = cap;
    }
    if (c->n < n)
        c->n = n;
    return true;
}

static void join(struct clock *to, const struct clock *from)
{
    if (to->n < from->n && !widen(to, from->n))
        return;
    for (uint32_t i = 0; i < from->n; i++)
        if (to->at[i] < from->at[i])
            to->at[i] = from->at[i];
}

static void clear(struct clock *c)
{
    if (c->n)
        memset(c->at, 0, c->n * sizeof(*c->at));
}

bool rt_race_is_past(uint32_t line, uint32_t other, uint32_t time)
{
    const struct clock *c = &all.lines[line].clock;

    return other < c->n && c->at[other] >= time;
}

uint32_t rt_race_time(uint32_t line)
{
    return all.lines[line].clock.at[line];
}

void rt_race_who(uint32_t line, struct go_access *to)
{
    *to = all.lines[line].who;
}

/* ---- goroutines and keys -------------------------------------------------*/

/* NULL: it has none, and what it does counts for nothing. */
static struct line *line_of(const struct g *g)
{
    uint32_t i;

    if (!g || all.silent)
        return NULL;
    if (g->status == RT_G_FOREIGN || g->task >= RT_TASKS_MAX) {
        rt_race_be_silent(g->status == RT_G_FOREIGN ? RT_RACE_THREADS : TASKS);
        return NULL;
    }
    i = all.line_of[g->task];
    return i < all.nlines && all.lines[i].who.task == g->task ? &all.lines[i]
                                                              : NULL;
}

/* A new one; NULL: H4. */
static struct line *add_line(const struct g *g)
{
    struct line *l = &all.lines[all.nlines];

    if (all.silent)
        return NULL;
    if (all.nlines == RT_TASKS_MAX || g->task >= RT_TASKS_MAX) {
        rt_race_be_silent(TASKS);
        return NULL;
    }
    *l = (struct line){.who = {.task = g->task,
                               .goroutine = g->id,
                               .created = g->created,
                               .created_by = g->created_by}};
    all.line_of[g->task] = (uint16_t)all.nlines++;
    if (!widen(&l->clock, all.nlines))
        return NULL;
    l->clock.at[l - all.lines] = 1;
    return l;
}

/* Who has published its clock: what it does from now on is not in it. */
static void go_on(struct line *l)
{
    l->clock.at[l - all.lines]++;
}

/* NULL: there is none, and make is false; or H4. */
static struct key *find(uintptr_t key, bool make)
{
    uint32_t i = (uint32_t)(key * 0x9e3779b97f4a7c15u >> 32) & (KEYS - 1);
    struct key *k = &all.keys[i];

    for (; k->execution == all.execution; k = &all.keys[i]) {
        if (k->key == key)
            return k;
        i = (i + 1) & (KEYS - 1);
    }
    if (!make)
        return NULL;
    if (all.nkeys >= KEYS / 4 * 3) {
        rt_race_be_silent("too many objects");
        return NULL;
    }
    all.nkeys++;
    *k = (struct key){.key = key, .execution = all.execution};
    return k;
}

void rt_race_fork_slow(struct g *by, const struct g *child, uintptr_t key)
{
    struct line *parent = line_of(by), *l = add_line(child);
    const struct key *k = key && l ? find(key, false) : NULL;

    if (l && parent) {
        join(&l->clock, &parent->clock);
        go_on(parent);
    }
    if (k)
        join(&l->clock, &k->clock);
}

void rt_race_release_slow(const struct g *g, uintptr_t key)
{
    struct line *l = line_of(g);
    struct key *k = l ? find(key, true) : NULL;

    if (!k)
        return;
    join(&k->clock, &l->clock);
    go_on(l);
}

void rt_race_acquire_slow(const struct g *g, uintptr_t key)
{
    struct line *l = line_of(g);
    const struct key *k = l ? find(key, false) : NULL;

    if (k)
        join(&l->clock, &k->clock);
}

void rt_race_give_slow(const struct g *from, const struct g *to)
{
    struct line *a = line_of(from), *b = line_of(to);

    if (!a || !b)
        return;
    join(&b->clock, &a->clock);
    go_on(a);
}

void rt_race_meet_slow(const struct g *a, const struct g *b)
{
    rt_race_give_slow(a, b);
    rt_race_give_slow(b, a);
}

/* ---- orders that are asked for -------------------------------------------*/

static bool acquires(int order)
{
    return order != __ATOMIC_RELAXED && order != __ATOMIC_RELEASE;
}

static bool releases(int order)
{
    return order == __ATOMIC_RELEASE || order == __ATOMIC_ACQ_REL ||
           order == __ATOMIC_SEQ_CST;
}

void rt_race_loads(const struct g *g, const void *key, int order)
{
    struct line *l = line_of(g);
    const struct key *k = l ? find((uintptr_t)key, false) : NULL;

    if (k)
        join(acquires(order) ? &l->clock : &l->loaded, &k->clock);
}

void rt_race_stores(const struct g *g, const void *key, int order)
{
    struct line *l = line_of(g);
    struct key *k;

    if (releases(order)) {
        rt_race_release_slow(g, (uintptr_t)key);
    } else if (l && l->fenced.n) {
        k = find((uintptr_t)key, true);
        if (k)
            join(&k->clock, &l->fenced);
    }
}

void rt_race_fence(const struct g *g, int order)
{
    struct line *l = line_of(g);

    if (l && acquires(order))
        join(&l->clock, &l->loaded);
    if (l && releases(order)) {
        join(&l->fenced, &l->clock);
        go_on(l);
    }
}

/* ---- buffers -------------------------------------------------------------*/

static struct key *buffer(uintptr_t key, size_t cap, size_t len)
{
    struct key *k = all.silent ? NULL : find(key, true);

    if (!k)
        return NULL;
    if (!k->slot) {
        k->nslot = cap < RT_RACE_SLOTS ? (uint32_t)cap : RT_RACE_SLOTS;
        k->slot = rt_race_room(k->nslot * sizeof(*k->slot));
        k->put = len;
    }
    k->taken = k->put - len; /* a timer's buffer may have been emptied */
    return k->slot ? k : NULL;
}

/* g comes after who used the place before, and before who uses it next. */
static void pass(const struct g *g, struct key *k, uint64_t number)
{
    struct line *l = line_of(g);
    struct clock *slot = &k->slot[number % k->nslot];

    if (!l)
        return;
    join(&l->clock, slot);
    join(slot, &l->clock);
    go_on(l);
}

void rt_race_put_slow(const struct g *g, uintptr_t key, size_t cap, size_t len)
{
    struct key *k = buffer(key, cap, len);

    if (k)
        pass(g, k, k->put++);
}

void rt_race_take_slow(const struct g *g, uintptr_t key, size_t cap, size_t len)
{
    struct key *k = buffer(key, cap, len);

    if (k)
        pass(g, k, k->taken++);
}

/*
 * A semaphore is a buffer of units, without the way back: who releases one
 * does not come after who acquired the one before. The number-th is past for
 * who acquires it, for that many must have been released by then; so of two
 * who have a unit each at the same time none is past for the other.
 */
void rt_race_give_units_slow(const struct g *g, uintptr_t key, int64_t n,
                             int64_t there)
{
    struct line *l = line_of(g);
    struct key *k = buffer(key, RT_RACE_SLOTS, (size_t)there);

    if (!k || !l)
        return;
    for (int64_t i = 0; i < n && i < RT_RACE_SLOTS; i++) {
        struct clock *slot = &k->slot[(k->put + (uint64_t)i) % k->nslot];

        if (there + i < RT_RACE_SLOTS)
            clear(slot); /* its last one has been acquired */
        join(slot, &l->clock);
    }
    k->put += (uint64_t)n;
    go_on(l);
}

void rt_race_take_units_slow(const struct g *g, uintptr_t key, int64_t n,
                             int64_t there)
{
    struct line *l = line_of(g);
    const struct key *k = buffer(key, RT_RACE_SLOTS, (size_t)there);

    for (int64_t i = 0; k && l && i < n && i < RT_RACE_SLOTS; i++)
        join(&l->clock, &k->slot[(k->taken + (uint64_t)i) % k->nslot]);
}

/* ---- for access.c --------------------------------------------------------*/

uint32_t rt_race_line(const struct g *g)
{
    const struct line *l = line_of(g);

    return l ? (uint32_t)(l - all.lines) : GO_NOWHERE;
}

void rt_race_tell(const struct go_race *race)
{
    if (all.by->race)
        all.by->race(all.by->arg, race);
}

/* ---- life ----------------------------------------------------------------*/

void rt_race_reset(void)
{
    all.execution++;
    all.used = 0;
    all.nkeys = all.nlines = 0;
    all.silent = false;
    rt_shadow_reset();
    if (rt_load(rt_race_untold))
        rt_race_be_silent(rt_load(rt_race_untold));
}

void rt_race_begin(const struct go_control *by)
{
    if (!rt_load(rt_instrumented))
        return;
    all.by = by;
    if (!open_memory()) {
        rt_race_note_unseen("all, for there is no memory");
        return;
    }
    rt_race_reset();
    rt_store(rt_races, true);
    rt_store(rt_causal_live, rt_causal_live | RT_CAUSAL_RACES);
}

void rt_race_end(void)
{
    rt_store(rt_races, false);
    rt_store(rt_causal_live, rt_causal_live & ~RT_CAUSAL_RACES);
}

bool go_control_instrumented(void)
{
    return rt_load(rt_instrumented);
}
