/*
 * order_model_test.c - the judge of lock orders: random programs of locks,
 * messages, forks and joins, run once for real, against all their schedules.
 *
 * The real run follows one random schedule of the model (order_model.h) that
 * ends well. Then
 *
 * J1  every ring of the model is a hint: what the run did not show, for it was
 *     lucky, was told nevertheless;
 * J2  a hint that no schedule shows is one of two kinds: another deadlock of
 *     the program comes before it in every schedule; or somebody waits for a
 *     message, or for a goroutine's end, while he holds a lock, which orders
 *     critical sections in a way that pairs of edges do not show.
 */
#include "runtime/monitor/order.h"
#include "runtime/sched/sanitize.h"
#include "tests/body.h"
#include "tests/inside.h"
#include "tests/order_model.h"

#if defined(RT_TSAN)
#define PROGRAMS 1000 /* each takes twenty times as long there */
#else
#define PROGRAMS 20000
#endif

static struct rings reached, hinted;
static struct {
    unsigned programs, rings, hints, shadowed, inside, stuck;
} counts;

/* ---- the real run ----------------------------------------------------- */

static struct go_rwmutex lock[LOCKS];
static struct go_waitgroup wg[GS];
static chan(int) ch[CHANS];
static struct go_site site[GS][OPS];
static int schedule[GS * OPS + 1], turn;

static void unlock(int g, const struct op *o)
{
    if (order_prog.op[g][o->held].what == RLOCK)
        go_rwmutex_runlock(&lock[o->arg]);
    else
        go_rwmutex_unlock(&lock[o->arg]);
}

static void perform(int g);

static void do_op(int g, int pc)
{
    const struct op *o = &order_prog.op[g][pc];

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
    for (int pc = 0; pc < order_prog.len[g]; pc++) {
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
        ch[c] = chan_make(int, (size_t)order_prog.cap[c]);
    for (int g = 0; g < order_prog.n; g++)
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
        order_add_ring(&hinted, r);
    }
    rt_arena_free(&arena);
}

static void show(void)
{
    static const char *const words[] = {"lock", "rlock", "unlock", "send",
                                        "recv", "go",    "wait",   "end"};

    for (int g = 0; g < order_prog.n; g++) {
        fprintf(stderr, "goroutine %d:", g);
        for (int i = 0; i < order_prog.len[g]; i++)
            fprintf(stderr, " %s(%d)", words[order_prog.op[g][i].what],
                    order_prog.op[g][i].arg);
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
        if (!order_has_ring(&hinted, &reached.ring[i])) {
            show();
            show_ring("not hinted", &reached.ring[i]);
            go_panic("a deadlock is not hinted");
        }
    for (int i = 0; i < hinted.n; i++) {
        if (order_has_ring(&reached, &hinted.ring[i]))
            continue;
        if (reached.n)
            counts.shadowed++;
        else if (order_prog.waits_inside)
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
        order_draw();
        if (!order_explore(&reached)) {
            counts.stuck++;
            continue;
        }
        order_schedule(schedule);
        turn = 0;
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
    struct go_run run = body_run(judge_all);

    run.settle_for = -1;
    run.procs = 1;
    run.outcome = &outcome;
    rt_threads_ours();
    go_run(&run);
    cr_assert_str_eq(outcome.panic, "", "%s", outcome.panic);
}
