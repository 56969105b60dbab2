/*
 * order_model_test.c - the judge of lock orders: random programs of locks,
 * messages, forks and joins, run once for real, against all their schedules.
 *
 * Model: a program is straight-line code for up to four goroutines; what is
 * held, sent and done follows from the program counters, so a state is one
 * number and all of them can be visited. A deadlock of the model is a ring of
 * goroutines each of which asks for a lock that the next one holds. Sender and
 * receiver of a channel are fixed, so messages order the same things in every
 * schedule.
 *
 * The real run follows one random schedule of the model that ends well. Then
 *
 * J1  every ring of the model is a hint: what the run did not show, for it was
 *     lucky, was told nevertheless;
 * J2  a hint that no schedule shows is one of two kinds: another deadlock of
 *     the program comes before it in every schedule; or somebody waits for a
 *     message, or for a goroutine's end, while he holds a lock, which orders
 *     critical sections in a way that pairs of edges do not show.
 */
#include "runtime/base/rng.h"
#include "runtime/monitor/order.h"
#include "runtime/sched/sanitize.h"
#include "tests/inside.h"

#if defined(RT_TSAN)
#define PROGRAMS 1000 /* each takes twenty times as long there */
#else
#define PROGRAMS 20000
#endif

enum {
    GS = 4,
    LOCKS = 3,
    CHANS = 2,
    OPS = 9,
    STATES = (OPS + 1) * (OPS + 1) * (OPS + 1) * (OPS + 1),
    RINGS = 256
};

enum what {
    LOCK,
    RLOCK,
    UNLOCK, /* of either kind */
    SEND,
    RECV,
    GO,
    WAIT,
    END
};

struct op {
    enum what what;
    int arg;
    int held; /* UNLOCK: the op that locked */
};

struct program {
    int n; /* goroutines */
    int len[GS];
    struct op op[GS][OPS];
    int cap[CHANS]; /* 0: they meet */
    bool waits_inside;
};

/* One goroutine's part of a ring: it holds since one op, and asks in another. */
struct part {
    uint8_t g, held, taken;
};
struct ring {
    int n;
    struct part part[GS]; /* by g */
};
struct rings {
    int n;
    struct ring ring[RINGS];
};

static struct rt_rng rng = {1};
static struct program prog;
static uint8_t seen[STATES], ends[STATES]; /* reached; and can end well */
static struct rings reached, hinted;
static uint32_t stack[STATES];
static struct {
    unsigned programs, rings, hints, shadowed, inside, stuck;
} counts;

static uint32_t below(uint32_t n)
{
    return rt_rng_below(&rng, n);
}

/* ---- programs --------------------------------------------------------- */

static void emit(int g, enum what what, int arg, int held)
{
    prog.op[g][prog.len[g]++] = (struct op){what, arg, held};
}

/* Locks, or lets go of one; what is held is in since[]: op + 1, 0: not. */
static void random_lock(int g, int *since)
{
    int l = (int)below(LOCKS);

    if (since[l]) {
        emit(g, UNLOCK, l, since[l] - 1);
        since[l] = 0;
    } else {
        since[l] = prog.len[g] + 1;
        emit(g, l == 0 && below(2) ? RLOCK : LOCK, l, 0);
    }
}

static int nheld(const int *since)
{
    int n = 0;

    for (int l = 0; l < LOCKS; l++)
        n += since[l] != 0;
    return n;
}

/* Room for what is still to be unlocked, joined and ended is kept. */
static bool has_room(int g, const int *since, int more)
{
    return prog.len[g] + nheld(since) + more + 2 < OPS;
}

/* Channel c goes from goroutine c + 1 to another one, or to the main one. */
static void message(int g, const int *since, int *sent)
{
    int c = (int)below(CHANS), from = 1 + c, to = c ? 1 : (int)below(2) * 2;

    if (from >= prog.n || to >= prog.n || sent[c] || nheld(since))
        return;
    (void)g;
    if (prog.len[from] + 3 >= OPS || prog.len[to] + 3 >= OPS)
        return;
    sent[c] = 1 + to;
}

static void body(int g, bool inside, const int *sent)
{
    int since[LOCKS] = {0};
    int turns = 3 + (int)below(4);
    bool done[CHANS] = {false};

    for (int i = 0; i < turns && has_room(g, since, 2); i++) {
        for (int c = 0; c < CHANS; c++) {
            bool mine = sent[c] && (1 + c == g || sent[c] - 1 == g);

            if (!mine || done[c] || !has_room(g, since, 1) || below(3) ||
                (nheld(since) && !inside))
                continue;
            done[c] = true;
            prog.waits_inside |= nheld(since) > 0;
            emit(g, 1 + c == g ? SEND : RECV, c, 0);
        }
        random_lock(g, since);
    }
    for (int l = LOCKS; l-- > 0;)
        if (since[l])
            emit(g, UNLOCK, l, since[l] - 1);
    for (int c = 0; c < CHANS; c++)
        if (sent[c] && !done[c] && (1 + c == g || sent[c] - 1 == g))
            emit(g, 1 + c == g ? SEND : RECV, c, 0);
    emit(g, END, 0, 0);
}

/* Goroutine 0 starts the others, and may wait for some before it goes on. */
static void random_program(void)
{
    int sent[CHANS] = {0}, none[LOCKS] = {0};
    bool joins = below(2);

    memset(&prog, 0, sizeof(prog));
    prog.n = 3 + (int)below(2);
    for (int g = 1; g < prog.n; g++) {
        emit(0, GO, g, 0);
        if (joins && below(3) == 0)
            emit(0, WAIT, g, 0);
    }
    for (int c = 0; c < CHANS; c++) {
        prog.cap[c] = (int)below(2);
        if (below(2))
            message(0, none, sent);
    }
    for (int c = 0; c < CHANS; c++)
        if (sent[c] == 1 && prog.len[0] > 5)
            sent[c] = 0;
    for (int g = 0; g < prog.n; g++)
        body(g, below(4) == 0, sent);
}

/* ---- the model -------------------------------------------------------- */

struct state {
    uint8_t pc[GS];
};

static uint32_t number(const struct state *s)
{
    uint32_t n = 0;

    for (int g = 0; g < GS; g++)
        n = n * (OPS + 1) + s->pc[g];
    return n;
}

static struct state numbered(uint32_t n)
{
    struct state s;

    for (int g = GS; g-- > 0; n /= OPS + 1)
        s.pc[g] = (uint8_t)(n % (OPS + 1));
    return s;
}

/* How often goroutine g has done it with arg. */
static int did(const struct state *s, int g, enum what what, int arg)
{
    int n = 0;

    for (int i = 0; i < s->pc[g]; i++)
        n += prog.op[g][i].what == what && prog.op[g][i].arg == arg;
    return n;
}

/* The op since which g holds l, -1: it does not. */
static int since(const struct state *s, int g, int l)
{
    int at = -1;

    for (int i = 0; i < s->pc[g]; i++) {
        const struct op *o = &prog.op[g][i];

        if (o->arg == l && (o->what == LOCK || o->what == RLOCK))
            at = i;
        else if (o->arg == l && o->what == UNLOCK)
            at = -1;
    }
    return at;
}

/* Whether g, which is at o, must wait for what h holds. */
static bool excludes(const struct state *s, int h, const struct op *o)
{
    int at = since(s, h, o->arg);

    return at >= 0 && !(o->what == RLOCK && prog.op[h][at].what == RLOCK);
}

static const struct op *next_op(const struct state *s, int g)
{
    return g < prog.n && s->pc[g] < prog.len[g] ? &prog.op[g][s->pc[g]] : NULL;
}

static int total(const struct state *s, enum what what, int arg)
{
    int n = 0;

    for (int g = 0; g < prog.n; g++)
        n += did(s, g, what, arg);
    return n;
}

static bool started(const struct state *s, int g)
{
    return g == 0 || total(s, GO, g) > 0;
}

/* The goroutine that is at the other half of o; -1. */
static int partner(const struct state *s, int g, const struct op *o)
{
    for (int h = 0; h < prog.n; h++) {
        const struct op *p = next_op(s, h);

        if (h != g && p && started(s, h) && p->arg == o->arg &&
            p->what == (o->what == SEND ? RECV : SEND))
            return h;
    }
    return -1;
}

static bool enabled(const struct state *s, int g)
{
    const struct op *o = next_op(s, g);

    if (!o || !started(s, g))
        return false;
    switch (o->what) {
    case LOCK:
    case RLOCK:
        for (int h = 0; h < prog.n; h++)
            if (h != g && excludes(s, h, o))
                return false;
        return true;
    case SEND:
        if (prog.cap[o->arg])
            return total(s, SEND, o->arg) - total(s, RECV, o->arg) <
                   prog.cap[o->arg];
        return partner(s, g, o) >= 0;
    case RECV:
        if (prog.cap[o->arg])
            return total(s, SEND, o->arg) > total(s, RECV, o->arg);
        return partner(s, g, o) >= 0;
    case WAIT:
        return s->pc[o->arg] == prog.len[o->arg];
    default:
        return true;
    }
}

/* A meeting moves both. */
static struct state after(const struct state *s, int g)
{
    const struct op *o = next_op(s, g);
    struct state t = *s;

    t.pc[g]++;
    if ((o->what == SEND || o->what == RECV) && !prog.cap[o->arg])
        t.pc[partner(s, g, o)]++;
    return t;
}

static bool same_ring(const struct ring *a, const struct ring *b)
{
    return a->n == b->n &&
           !memcmp(a->part, b->part, (size_t)a->n * sizeof(a->part[0]));
}

static bool has_ring(const struct rings *all, const struct ring *r)
{
    for (int i = 0; i < all->n; i++)
        if (same_ring(&all->ring[i], r))
            return true;
    return false;
}

static void add_ring(struct rings *all, struct ring r)
{
    for (int i = 1; i < r.n; i++)
        for (int j = i; j > 0 && r.part[j - 1].g > r.part[j].g; j--) {
            struct part swap = r.part[j];

            r.part[j] = r.part[j - 1];
            r.part[j - 1] = swap;
        }
    CHECK(all->n < RINGS);
    if (!has_ring(all, &r))
        all->ring[all->n++] = r;
}

/* Rings from goroutine first on, through those with a higher number. */
static void rings_at(const struct state *s, const int *path, int n)
{
    const struct op *o = next_op(s, path[n - 1]);

    if (!o || o->what > RLOCK || !started(s, path[n - 1]))
        return;
    for (int h = path[0]; h < prog.n; h++) {
        int more[GS + 1];
        bool told = false;

        for (int i = 1; i < n; i++)
            told |= path[i] == h;
        if (told || (h == path[0] && n == 1) || !excludes(s, h, o))
            continue;
        memcpy(more, path, (size_t)n * sizeof(*path));
        more[n] = h;
        if (h != path[0]) {
            rings_at(s, more, n + 1);
            continue;
        }
        struct ring r = {.n = n};
        for (int i = 0; i < n; i++) {
            const struct op *before = next_op(s, path[(i + n - 1) % n]);

            r.part[i] = (struct part){(uint8_t)path[i],
                                      (uint8_t)since(s, path[i], before->arg),
                                      s->pc[path[i]]};
        }
        add_ring(&reached, r);
    }
}

/* All states, with their rings; then those from which the end is reached. */
static void explore(void)
{
    struct state s = {{0}}, end = {{0}};
    uint32_t n = 0, visited = 0;
    bool more = true;

    memset(seen, 0, sizeof(seen));
    memset(ends, 0, sizeof(ends));
    reached.n = 0;
    seen[stack[n++] = number(&s)] = 1;
    while (visited < n) {
        s = numbered(stack[visited++]);
        for (int g = 0; g < prog.n; g++) {
            rings_at(&s, &g, 1);
            if (!enabled(&s, g))
                continue;
            struct state t = after(&s, g);
            if (!seen[number(&t)])
                seen[stack[n++] = number(&t)] = 1;
        }
    }
    for (int g = 0; g < prog.n; g++)
        end.pc[g] = (uint8_t)prog.len[g];
    ends[number(&end)] = 1;
    while (more) {
        more = false;
        for (uint32_t i = n; i-- > 0;) {
            s = numbered(stack[i]);
            for (int g = 0; g < prog.n && !ends[stack[i]]; g++) {
                if (!enabled(&s, g))
                    continue;
                struct state t = after(&s, g);
                ends[stack[i]] = ends[number(&t)];
                more |= ends[stack[i]];
            }
        }
    }
}

/* ---- the real run ----------------------------------------------------- */

static struct go_rwmutex lock[LOCKS];
static struct go_waitgroup wg[GS];
static chan(int) ch[CHANS];
static struct go_site site[GS][OPS];
static int schedule[GS * OPS + 1], turn;

static void schedule_add(int g)
{
    schedule[turn++] = g;
}

/* A random way through the states that can end well. */
static void random_schedule(void)
{
    struct state s = {{0}};

    turn = 0;
    for (;;) {
        int can[GS], n = 0;

        for (int g = 0; g < prog.n; g++) {
            if (!enabled(&s, g))
                continue;
            struct state t = after(&s, g);
            if (ends[number(&t)])
                can[n++] = g;
        }
        if (!n)
            break;
        int g = can[below((uint32_t)n)];
        const struct op *o = next_op(&s, g);
        schedule_add(g);
        if ((o->what == SEND || o->what == RECV) && !prog.cap[o->arg])
            schedule_add(partner(&s, g, o));
        s = after(&s, g);
    }
    schedule[turn] = -1;
    turn = 0;
}

static void unlock(int g, const struct op *o)
{
    if (prog.op[g][o->held].what == RLOCK)
        go_rwmutex_runlock(&lock[o->arg]);
    else
        go_rwmutex_unlock(&lock[o->arg]);
}

static void perform(int g);

static void do_op(int g, int pc)
{
    const struct op *o = &prog.op[g][pc];

    switch (o->what) {
    case LOCK:
        go_rwmutex_lock_at(&lock[o->arg], &site[g][pc]);
        break;
    case RLOCK:
        go_rwmutex_rlock_at(&lock[o->arg], &site[g][pc]);
        break;
    case UNLOCK:
        unlock(g, o);
        break;
    case SEND:
        chan_send(ch[o->arg], 1);
        break;
    case RECV:
        chan_recv(ch[o->arg]);
        break;
    case GO:
        go(perform, o->arg);
        break;
    case WAIT:
        go_waitgroup_wait(&wg[o->arg]);
        break;
    case END:
        go_waitgroup_done(&wg[g]);
        break;
    }
}

/* One worker, no preemption: an op begins as soon as its turn has come. */
static void perform(int g)
{
    for (int pc = 0; pc < prog.len[g]; pc++) {
        while (schedule[turn] != g)
            go_yield();
        turn++;
        do_op(g, pc);
    }
}

/* The notes of one program only: nobody but the caller is there. */
static void forget(void)
{
    struct g *g;

    rt_order_end();
    rt_order_begin(NULL);
    g = rt_enter();
    g->clock = NULL;
    g->epoch = 0;
    g->marked = false;
    rt_leave(g);
}

static void run_program(void)
{
    memset(lock, 0, sizeof(lock));
    memset(wg, 0, sizeof(wg));
    for (int c = 0; c < CHANS; c++)
        ch[c] = chan_make(int, (size_t)prog.cap[c]);
    for (int g = 0; g < prog.n; g++)
        go_waitgroup_add(&wg[g], 1);
    go(perform, 0);
    while (schedule[turn] >= 0)
        go_yield();
    while (go_count() > 1)
        go_yield();
    for (int c = 0; c < CHANS; c++)
        chan_free(ch[c]);
}

static void site_of(const struct go_site *at, int *g, int *pc)
{
    ptrdiff_t n = at - &site[0][0];

    CHECK(n >= 0 && n < GS * OPS);
    *g = (int)(n / OPS);
    *pc = (int)(n % OPS);
}

static void read_hints(void)
{
    struct rt_arena arena = {0};
    struct rt_order_notes notes;
    struct mon_orders orders;

    hinted.n = 0;
    rt_order_notes(&notes);
    CHECK(notes.refused == 0 && notes.dropped == 0);
    CHECK_EQ(mon_order_find(&notes, MON_ORDER_STEPS, &arena, &orders), 0);
    CHECK(!orders.cut && !orders.more);
    for (uint32_t i = 0; i < orders.n; i++) {
        struct ring r = {.n = (int)orders.list[i].n};

        CHECK(r.n <= GS && orders.list[i].times == 1);
        for (int k = 0; k < r.n; k++) {
            const struct rt_order_class *c = orders.list[i].link[k].class;
            int g, h, held, taken;

            site_of(c->held_at, &g, &held);
            site_of(c->taken_at, &h, &taken);
            CHECK_EQ(g, h);
            r.part[k] =
                (struct part){(uint8_t)g, (uint8_t)held, (uint8_t)taken};
        }
        add_ring(&hinted, r);
    }
    rt_arena_free(&arena);
}

static void show(void)
{
    static const char *const words[] = {"lock", "rlock", "unlock", "send",
                                        "recv", "go",    "wait",   "end"};

    for (int g = 0; g < prog.n; g++) {
        fprintf(stderr, "goroutine %d:", g);
        for (int i = 0; i < prog.len[g]; i++)
            fprintf(stderr, " %s(%d)", words[prog.op[g][i].what],
                    prog.op[g][i].arg);
        fprintf(stderr, "\n");
    }
    for (int i = 0; schedule[i] >= 0; i++)
        fprintf(stderr, "%s%d", i ? " " : "schedule: ", schedule[i]);
    fprintf(stderr, "\n");
}

static void show_ring(const char *what, const struct ring *r)
{
    fprintf(stderr, "%s:", what);
    for (int i = 0; i < r->n; i++)
        fprintf(stderr, " %d holds since %d, asks at %d;", r->part[i].g,
                r->part[i].held, r->part[i].taken);
    fprintf(stderr, "\n");
}

/* J1, J2 */
static void compare(void)
{
    for (int i = 0; i < reached.n; i++)
        if (!has_ring(&hinted, &reached.ring[i])) {
            show();
            show_ring("not hinted", &reached.ring[i]);
            go_panic("a deadlock is not hinted");
        }
    for (int i = 0; i < hinted.n; i++) {
        if (has_ring(&reached, &hinted.ring[i]))
            continue;
        if (reached.n)
            counts.shadowed++;
        else if (prog.waits_inside)
            counts.inside++;
        else {
            show();
            show_ring("hinted", &hinted.ring[i]);
            go_panic("no schedule has a hinted deadlock");
        }
    }
    counts.rings += (unsigned)reached.n;
    counts.hints += (unsigned)hinted.n;
}

static unsigned programs(void)
{
    const char *n = getenv("VIGIL_ORDER_PROGRAMS");

    return n ? (unsigned)atoi(n) : PROGRAMS;
}

static void judge_all(void)
{
    for (unsigned i = 0; i < programs(); i++) {
        random_program();
        explore();
        if (!ends[0]) {
            counts.stuck++;
            continue;
        }
        random_schedule();
        forget();
        run_program();
        read_hints();
        compare();
        counts.programs++;
    }
    fprintf(stderr,
            "%u programs (%u can not end well): %u deadlocks, %u hints, of "
            "these %u behind another deadlock, %u with a wait under a lock\n",
            counts.programs, counts.stuck, counts.rings, counts.hints,
            counts.shadowed, counts.inside);
    CHECK(counts.rings > counts.programs / 20);
}

Test(order_model, hints_are_the_deadlocks_that_some_schedule_has)
{
    struct go_outcome outcome = {0};
    struct go_run run = {.call = {.fn = (go_fn *)judge_all},
                         .site = GO_SITE(""),
                         .settle = GO_SETTLE_SCENARIO,
                         .settle_for = -1,
                         .clock_virtual = true,
                         .procs = 1,
                         .seed = 1,
                         .text_fd = 2,
                         .json_fd = -1,
                         .dot_fd = -1,
                         .outcome = &outcome};

    rt_threads_ours();
    go_run(&run);
    cr_assert_str_eq(outcome.panic, "", "%s", outcome.panic);
}
