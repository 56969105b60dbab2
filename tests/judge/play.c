/*
 * play.c - makes a planned world real, and has it looked at.
 *
 * In:  a plan. Out: whom looks have proven stuck; who ran again after them.
 *
 * Method: goroutine 1 directs, in steps. The actors begin, so that there are
 * stacks to point into; a builder makes all else, and ends; the actors take
 * what they hold, then do what they are to do; when all have come to that,
 * the director calls go_check, and asks each goroutine what it was told. Then
 * those that live are asked to use all that they can reach.
 *
 * P1  What the plan says is held is in that place, as the machine sees it,
 *     from before the look until after it: else a proof were false by our
 *     fault. P2 What it does not say is nowhere, as far as we can help it:
 *     else the misses say nothing.
 */
#include "tests/judge/play.h"

#include <sched.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/sched/park.h"
#include "runtime/sched/sched.h"
#include "tests/judge/places.h"
#include "tests/judge/real.h"
#include "tests/judge/truth.h"

enum step {
    STEP_BEGIN,
    STEP_TAKE, /* what one holds, and one's locks */
    STEP_DO,
    STEP_COMPUTE /* who does: it keeps its worker, and what is queued there */
};

static struct {
    struct played *to;
    uint32_t step;             /* [atomic] enum step */
    uint32_t arrived, built;   /* [atomic] */
    uint32_t stop;             /* [atomic] who computes is to end it */
    uint32_t ready[MAX_ACTOR]; /* [atomic] does what it is to do */
    uint32_t over[MAX_ACTOR];  /* [atomic] has done it */
    uint32_t woke;             /* [atomic] bits */
    uint32_t used[ITEM_COUNT]; /* [atomic] things that may be used once */
    uint64_t id[MAX_ACTOR];
    uintptr_t saved[MAX_ACTOR + 1][REGISTERS]; /* hidden */
    uintptr_t one[MAX_ACTOR];                  /* hidden */
    sem_t block[MAX_ACTOR];
} show;

static uint32_t now_at(void)
{
    return __atomic_load_n(&show.step, __ATOMIC_ACQUIRE);
}

static void go_to(enum step step)
{
    __atomic_store_n(&show.step, step, __ATOMIC_RELEASE);
}

static void until_step(enum step step)
{
    __atomic_add_fetch(&show.arrived, 1, __ATOMIC_ACQ_REL);
    while (now_at() < step)
        go_yield();
}

/* ---- using what can be reached --------------------------------------------- */

static bool first_use(unsigned item)
{
    return !__atomic_exchange_n(&show.used[item], 1, __ATOMIC_ACQ_REL);
}

static void use_node(unsigned i)
{
    struct node *n = real_node(i);

    switch ((enum sync)real.w->node[i].sync) {
    case SYNC_WAITGROUP:
        if (first_use(ITEM_NODE + i))
            go_waitgroup_done(&n->sync.group);
        break;
    case SYNC_SEMAPHORE:
        go_semaphore_release(&n->sync.semaphore, MAX_ACTOR);
        break;
    case SYNC_COND:
        go_cond_broadcast(&n->sync.cond);
        break;
    default:
        break; /* who arrives at a barrier may have to wait there */
    }
}

static void use_item(unsigned item)
{
    uintptr_t word = 0;

    if (item < ITEM_RECV) {
        for (int i = 0; i < MAX_ACTOR; i++)
            go_chan_try_send_at(real_chan(item), &word, GO_SITE(""));
    } else if (item < ITEM_NODE) {
        for (int i = 0; i < MAX_ACTOR; i++)
            go_chan_try_recv_at(real_chan(item - ITEM_RECV), &word,
                                GO_SITE(""));
    } else if (item < ITEM_CANCEL) {
        if (!real.w->node[item - ITEM_NODE].freed)
            use_node(item - ITEM_NODE);
    } else if (item < ITEM_READ) {
        go_context_cancel(real_context(item - ITEM_CANCEL));
    } else if (item >= ITEM_TIMER && !real.w->timer[item - ITEM_TIMER].func) {
        go_timer_reset(real_timer(item - ITEM_TIMER), GO_NANOSECOND);
    }
}

static void use_all(uint64_t items)
{
    items = truth_closure(real.w, items, BELIEF_NONE);
    for (unsigned i = 0; i < ITEM_COUNT; i++)
        if (items >> i & 1)
            use_item(i);
}

static void unlock_all(unsigned actor)
{
    for (unsigned i = 0; i < real.w->nnode; i++)
        if (real.w->node[i].sync == SYNC_MUTEX &&
            real.w->node[i].owner == actor && !real.w->node[i].freed)
            go_mutex_unlock(&real_node(i)->sync.mutex);
}

/* ---- actors ------------------------------------------------------------------ */

static bool computes(unsigned i)
{
    return real.w->actor[i].act == ACT_SPIN || real.w->actor[i].act == ACT_MOVE;
}

static uintptr_t give_way(uintptr_t none)
{
    sched_yield();
    return none;
}

/*
 * Nobody steals from a worker that computes while all others have somebody who
 * yields. So who must go on is not queued behind one who computes, and who
 * computes has a worker by then: a call gives it up, and takes any.
 */
static void leave_worker(void)
{
    go_blocking(give_way, 0);
}

/* For others, and maybe for a thread. */
static void director_waits(void)
{
    if (now_at() >= STEP_COMPUTE && real.w->procs > 1)
        leave_worker();
    else
        go_yield();
    sched_yield();
}

static void set_ready(unsigned i)
{
    __atomic_store_n(&show.ready[i], 1, __ATOMIC_RELEASE);
}

static void wait_node(unsigned i)
{
    struct go_mutex own = {0};
    struct node *n = real_node(i);

    switch ((enum sync)real.w->node[i].sync) {
    case SYNC_WAITGROUP:
    case SYNC_GROUP:
        go_waitgroup_wait(&n->sync.group);
        break;
    case SYNC_SEMAPHORE:
        go_semaphore_acquire(&n->sync.semaphore, 1);
        break;
    case SYNC_COND:
        go_mutex_lock(&own);
        go_cond_wait(&n->sync.cond, &own);
        go_mutex_unlock(&own);
        break;
    case SYNC_BARRIER:
        go_barrier_wait(&n->sync.barrier);
        break;
    default:
        go_mutex_lock(&n->sync.mutex);
        go_mutex_unlock(&n->sync.mutex);
    }
}

static struct go_case case_of(unsigned kind, unsigned target, uintptr_t *word)
{
    struct go_case c = {.op = kind == WAIT_SEND ? GO_CASE_SEND : GO_CASE_RECV,
                        .value = word,
                        .site = GO_SITE("")};

    if (kind == WAIT_DONE)
        c = (struct go_case){
            .op = GO_CASE_RECV,
            .chan = GO_X_HANDLE(go_context_done(real_context(target))),
            .site = c.site};
    else if (kind == WAIT_TIMER)
        c.chan = real_chan(real.w->timer[target].chan);
    else
        c.chan = real_chan(target);
    return c;
}

static void wait_one(unsigned actor, unsigned kind, unsigned target)
{
    uintptr_t word = 0;
    struct go_case c;

    if (kind == WAIT_NODE) {
        wait_node(target);
        return;
    }
    real_put_all(&word, PLACE_SENT, actor);
    c = case_of(kind, target, &word);
    if (c.op == GO_CASE_SEND)
        go_chan_send_at(c.chan, &word, GO_SITE(""));
    else
        go_chan_recv_at(c.chan, NULL, GO_SITE(""));
}

static __attribute__((noinline)) void act_park(unsigned i)
{
    const struct actor *a = &real.w->actor[i];
    struct go_case cases[MAX_WAIT];
    uintptr_t word[MAX_WAIT] = {0};

    set_ready(i);
    if (a->nwait == 1) {
        wait_one(i, a->wait[0].kind, a->wait[0].target);
    } else {
        for (unsigned k = 0; k < a->nwait; k++)
            cases[k] = case_of(a->wait[k].kind, a->wait[k].target, &word[k]);
        go_select_at(cases, a->nwait, GO_SITE(""));
    }
    __atomic_or_fetch(&show.woke, 1u << i, __ATOMIC_ACQ_REL);
}

static __attribute__((noinline)) void act_spin(unsigned i)
{
    enum place place = PLACE_SCRATCH;

    for (unsigned k = 0; k < real.w->nref; k++)
        if (real.w->ref[k].owner == i &&
            real.w->ref[k].place >= PLACE_REGISTER &&
            real.w->ref[k].place <= PLACE_RED_ZONE)
            place = (enum place)real.w->ref[k].place;
    leave_worker();
    hands_spin(place, &show.one[i], &show.ready[i], &show.stop);
}

static __attribute__((noinline)) void act_move(unsigned i)
{
    static volatile uintptr_t global;
    volatile uintptr_t own = 0, *heap = calloc(1, 40);
    volatile uintptr_t *const cell[] = {&own, heap, &global};

    leave_worker();
    hands_move(cell, 3, &show.one[i], &show.ready[i], &show.stop);
    free((void *)heap);
}

static uintptr_t in_blocking(uintptr_t i)
{
    volatile uintptr_t word[SLOTS] = {0};

    real_put_all(word, PLACE_BLOCKING, (unsigned)i);
    set_ready((unsigned)i);
    while (sem_wait(&show.block[i]))
        ;
    __asm__ volatile("" ::"r"(word) : "memory");
    for (int k = 0; k < SLOTS; k++)
        word[k] = 0;
    return 0;
}

static void act(uintptr_t i)
{
    switch ((enum act)real.w->actor[i].act) {
    case ACT_PARK:
        act_park((unsigned)i);
        break;
    case ACT_SPIN:
        act_spin((unsigned)i);
        break;
    case ACT_MOVE:
        act_move((unsigned)i);
        break;
    case ACT_BLOCK:
        go_blocking(in_blocking, i);
        break;
    case ACT_SLEEP:
        set_ready((unsigned)i);
        go_sleep(GO_HOUR);
        break;
    case ACT_TIMED:
        set_ready((unsigned)i);
        chan_recv(go_after(GO_HOUR));
        break;
    default:
        set_ready((unsigned)i);
        while (!__atomic_load_n(&show.stop, __ATOMIC_ACQUIRE))
            go_yield();
    }
}

static void take_locks(unsigned actor)
{
    for (unsigned i = 0; i < real.w->nnode; i++)
        if (real.w->node[i].sync == SYNC_MUTEX &&
            real.w->node[i].owner == actor)
            go_mutex_lock(&real_node(i)->sync.mutex);
}

static void take_hidden(unsigned i)
{
    for (unsigned k = 0; k < real.w->nref; k++) {
        const struct ref *r = &real.w->ref[k];

        if (r->owner != i)
            continue;
        if (r->place == PLACE_SAVED)
            real_put_hidden(&show.saved[i][r->at], r);
        else if (r->place >= PLACE_REGISTER && r->place <= PLACE_MOVING)
            real_put_hidden(&show.one[i], r);
    }
}

static void own_nodes(unsigned actor, struct node *nodes)
{
    for (unsigned i = 0; i < real.w->nnode; i++)
        if (real.w->node[i].region == REGION_STACK &&
            real.w->node[i].host == actor)
            real.node[i] = hide((uintptr_t)nodes++);
}

static void actor(uintptr_t i)
{
    volatile uintptr_t word[SLOTS] = {0};
    struct node nodes[MAX_NODE];

    memset(nodes, 0, sizeof(nodes));
    show.id[i] = go_self();
    own_nodes((unsigned)i, nodes);
    until_step(STEP_TAKE);
    real_put_all(word, PLACE_STACK, (unsigned)i);
    take_hidden((unsigned)i);
    take_locks((unsigned)i);
    until_step(computes((unsigned)i) ? STEP_COMPUTE : STEP_DO);
    hands_hold(show.saved[i], act, i);
    if (real.w->acts) {
        use_all(truth_actor(real.w, (unsigned)i, BELIEF_NONE));
        unlock_all((unsigned)i);
    }
    __atomic_store_n(&show.over[i], 1, __ATOMIC_RELEASE);
    go_select(); /* stays, for others use what is on this stack */
    __asm__ volatile("" ::"r"(word), "r"(nodes) : "memory");
}

/* ---- the director -------------------------------------------------------------- */

static const struct node_plan *group_of(unsigned actor, unsigned *node)
{
    for (unsigned i = 0; i < real.w->nnode; i++)
        if (real.w->node[i].sync == SYNC_GROUP &&
            real.w->node[i].owner == actor) {
            *node = i;
            return &real.w->node[i];
        }
    return NULL;
}

static void build_first(void)
{
    unsigned node;

    real_make_nodes();
    for (uintptr_t i = 0; i < real.w->nactor; i++)
        if (group_of((unsigned)i, &node))
            go_waitgroup_go(&real_node(node)->sync.group, actor, i);
        else
            go(actor, i);
    __atomic_store_n(&show.built, 1, __ATOMIC_RELEASE);
}

static void build_rest(void)
{
    real_make_rest();
    for (unsigned k = 0; k < real.w->nref; k++)
        if (real.w->ref[k].place == PLACE_LOOKER)
            real_put_hidden(&show.saved[MAX_ACTOR][real.w->ref[k].at],
                            &real.w->ref[k]);
    __atomic_store_n(&show.built, 2, __ATOMIC_RELEASE);
}

/* Until the builder has ended, and its stack is nobody's. */
static void until_built(uint32_t n, size_t count)
{
    while (__atomic_load_n(&show.built, __ATOMIC_ACQUIRE) < n ||
           go_count() != count)
        go_yield();
}

static void until_arrived(uint32_t n)
{
    while (__atomic_load_n(&show.arrived, __ATOMIC_ACQUIRE) < n)
        go_yield();
}

static bool is_over(unsigned i)
{
    return __atomic_load_n(&show.over[i], __ATOMIC_ACQUIRE);
}

static enum rt_gstatus status_of(unsigned i, bool *proven)
{
    struct g *self = rt_enter(), *g = rt_g_find(show.id[i]);
    enum rt_gstatus status = g ? rt_g_status(g) : RT_G_DEAD;

    *proven = g && g->proven;
    rt_leave(self);
    return status;
}

static bool is_settled(unsigned i)
{
    bool proven;

    if (computes(i) && now_at() < STEP_COMPUTE)
        return true;
    if (!__atomic_load_n(&show.ready[i], __ATOMIC_ACQUIRE))
        return false;
    switch (real.w->actor[i].act) {
    case ACT_PARK:
    case ACT_SLEEP:
    case ACT_TIMED:
        return is_over(i) || status_of(i, &proven) == RT_G_WAITING;
    default:
        return true;
    }
}

/* Asleep, or over. */
static bool is_quiet(unsigned i)
{
    bool proven;

    return is_over(i) || status_of(i, &proven) == RT_G_WAITING;
}

static void until_all(bool (*test)(unsigned))
{
    for (unsigned i = 0; i < real.w->nactor; i++)
        while (!test(i))
            director_waits();
}

static unsigned read_proven(void)
{
    unsigned proven = 0;

    for (unsigned i = 0; i < real.w->nactor; i++) {
        bool is;

        status_of(i, &is);
        proven |= (unsigned)is << i;
    }
    return proven;
}

static void look(uintptr_t none)
{
    (void)none;
    go_check();
}

static void look_all(void)
{
    for (int i = 0; i < real.w->looks; i++) {
        unsigned now;

        hands_hold(show.saved[MAX_ACTOR], look, 0);
        now = read_proven();
        show.to->taken_back |= show.to->proven & ~now;
        show.to->proven |= now;
    }
}

/* Who computes ends it; who lives uses what it has. */
static void let_go(void)
{
    __atomic_store_n(&show.stop, 1, __ATOMIC_RELEASE);
    for (unsigned i = 0; i < real.w->nactor; i++)
        sem_post(&show.block[i]);
    if (real.w->acts)
        use_all(truth_roots(real.w, BELIEF_NONE));
    until_all(is_quiet);
    until_all(is_quiet);
}

static void direct(void)
{
    size_t n = real.w->nactor;

    go(build_first);
    until_built(1, n + 1);
    until_arrived((uint32_t)n);
    go(build_rest);
    until_built(2, n + 1);
    places_await();
    go_to(STEP_TAKE);
    until_arrived((uint32_t)n * 2);
    go_to(STEP_DO);
    until_all(is_settled);
    go_to(STEP_COMPUTE);
    until_all(is_settled);
    look_all();
    let_go();
    if (real.w->acts) {
        go_check();
        show.to->taken_back |= show.to->proven & ~read_proven();
    }
    show.to->woke = __atomic_load_n(&show.woke, __ATOMIC_ACQUIRE);
    places_clear();
    show.to->ran = true;
}

static void open_show(const struct world *w, unsigned loss, struct played *to)
{
    memset(&show, 0, sizeof(show));
    memset(&real, 0, sizeof(real));
    memset(to, 0, sizeof(*to));
    memset(show.saved, 0xff, sizeof(show.saved)); /* 0, hidden */
    memset(show.one, 0xff, sizeof(show.one));
    for (int i = 0; i < MAX_ACTOR; i++)
        sem_init(&show.block[i], 0, 0);
    show.to = to;
    real.w = w;
    real.loss = loss;
}

void play(const struct world *w, unsigned loss, struct played *to)
{
    struct go_outcome outcome = {0};
    struct go_run run = {.call = {.fn = (go_fn *)direct},
                         .site = GO_SITE(""),
                         .settle = GO_SETTLE_PROGRAM,
                         .settle_for = -1,
                         .clock_virtual = w->clock_virtual,
                         .procs = w->procs,
                         .seed = w->seed | 1,
                         .text_fd = -1,
                         .json_fd = -1,
                         .dot_fd = -1,
                         .outcome = &outcome};

    /* By itself it never looks, but it leaves nothing behind. */
    setenv("VIGIL", "look=1h", 1);
    open_show(w, loss, to);
    places_open();
    go_run(&run);
    places_close();
    real_free();
    memcpy(to->panic, outcome.panic, sizeof(to->panic));
}
