/*
 * play.c - makes planned worlds real, and has them looked at.
 *
 * In:  plans. Out: whom looks have proven stuck; who ran again after them.
 *
 * Method: goroutine 1 directs, in steps. The actors begin, so that there are
 * stacks to point into; a builder makes all else, and ends; the actors take
 * what they hold, then do what they are to do; when all have come to that,
 * the director calls go_check, and asks each goroutine what it was told. Then
 * those that live are asked to use all that they can reach. The worlds know
 * nothing of each other, so what is left of one can only hide what is stuck in
 * another.
 */
#include "tests/judge/play.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/sched/park.h"
#include "runtime/sched/sched.h"
#include "tests/judge/actor.h"
#include "tests/judge/places.h"
#include "tests/judge/use.h"

static struct {
    struct played *to;
    uint32_t built; /* [atomic] how much of what the builders make is there */
    uint32_t nactor;
    uint8_t looks;
    bool acts;                   /* of any world */
    uintptr_t looker[REGISTERS]; /* hidden */
} show;

static void go_to(enum step step)
{
    __atomic_store_n(&actors.step, step, __ATOMIC_RELEASE);
}

/* For others, and maybe for a thread. */
static void wait_a_while(void)
{
    if (actors.threads && actors_step() >= STEP_COMPUTE)
        actor_leaves_worker();
    else
        go_yield();
    sched_yield();
}

/* That the actor is a member of, or NULL. */
static struct go_waitgroup *group_of(struct real *real, unsigned actor)
{
    for (unsigned i = 0; i < real->w->nnode; i++)
        if (real->w->node[i].sync == SYNC_GROUP &&
            real->w->node[i].owner == actor)
            return &real_node(real, i)->sync.group;
    return NULL;
}

static void build_first(struct real *real)
{
    real_make_nodes(real);
    for (unsigned i = 0; i < real->w->nactor; i++) {
        struct go_waitgroup *group = group_of(real, i);

        if (group)
            go_waitgroup_go(group, actor, actor_role(real, i));
        else
            go(actor, actor_role(real, i));
    }
}

static void build_all_first(void)
{
    for (int k = 0; k < WORLDS; k++)
        build_first(&reals[k]);
    __atomic_store_n(&show.built, 1, __ATOMIC_RELEASE);
}

static void build_rest(struct real *real)
{
    real_make_rest(real);
    for (unsigned k = 0; k < real->w->nref; k++)
        if (real->w->ref[k].place == PLACE_LOOKER)
            real_put_hidden(real, &show.looker[real->w->ref[k].at],
                            &real->w->ref[k]);
}

static void build_all_rest(void)
{
    for (int k = 0; k < WORLDS; k++)
        build_rest(&reals[k]);
    places_filled();
    __atomic_store_n(&show.built, 2, __ATOMIC_RELEASE);
}

/* Until the builder has ended, and its stack is nobody's. */
static void until_built(uint32_t n)
{
    while (__atomic_load_n(&show.built, __ATOMIC_ACQUIRE) < n ||
           go_count() != show.nactor + 1)
        go_yield();
}

static void until_arrived(uint32_t n)
{
    while (__atomic_load_n(&actors.arrived, __ATOMIC_ACQUIRE) < n)
        go_yield();
}

static enum rt_gstatus status_of(struct real *real, unsigned i, bool *proven)
{
    struct g *self = rt_enter(), *g = rt_g_find(real->id[i]);
    enum rt_gstatus status = g ? rt_g_status(g) : RT_G_DEAD;

    *proven = g && g->proven;
    rt_leave(self);
    return status;
}

/* Asleep, or over. */
static bool is_quiet(struct real *real, unsigned i)
{
    bool proven;

    return __atomic_load_n(&real->over[i], __ATOMIC_ACQUIRE) ||
           status_of(real, i, &proven) == RT_G_WAITING;
}

static bool is_settled(struct real *real, unsigned i)
{
    if (actor_computes(real, i) && actors_step() < STEP_COMPUTE)
        return true;
    if (!__atomic_load_n(&real->ready[i], __ATOMIC_ACQUIRE))
        return false;
    switch (real->w->actor[i].act) {
    case ACT_PARK:
    case ACT_SLEEP:
    case ACT_TIMED:
        return is_quiet(real, i);
    default:
        return true;
    }
}

/* Until all are so at a time: one may have set another going. */
static void until_all(bool (*test)(struct real *, unsigned))
{
    bool moved = true;

    while (moved) {
        moved = false;
        for (int k = 0; k < WORLDS; k++)
            for (unsigned i = 0; i < reals[k].w->nactor; i++)
                for (; !test(&reals[k], i); moved = true)
                    wait_a_while();
    }
}

static unsigned proven_in(struct real *real)
{
    unsigned proven = 0;

    for (unsigned i = 0; i < real->w->nactor; i++) {
        bool is;

        status_of(real, i, &is);
        proven |= (unsigned)is << i;
    }
    return proven;
}

/* What has been proven stays so. */
static void note_proven(void)
{
    for (int k = 0; k < WORLDS; k++) {
        unsigned now = proven_in(&reals[k]);
        struct played *to = &show.to[k];

        to->taken_back |= to->proven & ~now;
        to->proven |= now;
    }
}

static void look(uintptr_t none)
{
    (void)none;
    go_check();
}

/* Who computes ends it; who lives uses what it has. */
static void let_go(void)
{
    __atomic_store_n(&actors.stop, 1, __ATOMIC_RELEASE);
    for (int k = 0; k < WORLDS; k++) {
        struct real *real = &reals[k];

        for (unsigned i = 0; i < real->w->nactor; i++)
            sem_post(&real->block[i]);
        if (real->w->acts)
            use_all(real, truth_roots(real->w, BELIEF_NONE));
    }
    until_all(is_quiet);
}

static void note_end(void)
{
    for (int k = 0; k < WORLDS; k++) {
        struct played *to = &show.to[k];

        to->taken_back |= to->proven & ~proven_in(&reals[k]);
        to->woke = __atomic_load_n(&reals[k].woke, __ATOMIC_ACQUIRE);
        to->ran = true;
    }
}

static void direct(void)
{
    go(build_all_first);
    until_built(1);
    until_arrived(show.nactor);
    go(build_all_rest);
    until_built(2);
    places_await();
    go_to(STEP_TAKE);
    until_arrived(show.nactor * 2);
    go_to(STEP_DO);
    until_all(is_settled);
    go_to(STEP_COMPUTE);
    until_all(is_settled);
    for (int i = 0; i < show.looks; i++) {
        hands_hold(show.looker, look, 0);
        note_proven();
    }
    let_go();
    if (show.acts)
        go_check();
    note_end();
    places_clear();
}

static void open_real(struct real *real, const struct world *w, unsigned loss)
{
    memset(real, 0, sizeof(*real));
    memset(real->saved, 0xff, sizeof(real->saved)); /* 0, hidden */
    memset(real->one, 0xff, sizeof(real->one));
    for (int i = 0; i < MAX_ACTOR; i++)
        sem_init(&real->block[i], 0, 0);
    real->w = w;
    real->loss = loss;
}

/* Returns how many workers it takes. */
static int open_show(const struct world *w, unsigned loss, struct played *to)
{
    int procs = 1;

    memset(&show, 0, sizeof(show));
    memset(&actors, 0, sizeof(actors));
    memset(to, 0, WORLDS * sizeof(*to));
    memset(show.looker, 0xff, sizeof(show.looker));
    show.to = to;
    for (int k = 0; k < WORLDS; k++) {
        open_real(&reals[k], &w[k], loss);
        show.nactor += w[k].nactor;
        show.acts |= w[k].acts;
        if (show.looks < w[k].looks)
            show.looks = w[k].looks;
        procs += w[k].procs - 1;
    }
    actors.threads = procs > 1;
    return procs;
}

void play(const struct world w[WORLDS], unsigned loss, struct played to[WORLDS])
{
    struct go_outcome outcome = {0};
    struct go_run run = {.call = {.fn = (go_fn *)direct},
                         .site = GO_SITE(""),
                         .settle = GO_SETTLE_PROGRAM,
                         .settle_for = -1,
                         .clock_virtual = w->clock_virtual,
                         .procs = open_show(w, loss, to),
                         .seed = w->seed | 1,
                         .text_fd = -1,
                         .json_fd = -1,
                         .dot_fd = -1,
                         .outcome = &outcome};

    /* By itself it never looks, but it leaves nothing behind. */
    setenv("VIGIL", "look=1h", 1);
    places_open();
    go_run(&run);
    places_close();
    for (int k = 0; k < WORLDS; k++)
        real_free(&reals[k]);
    memcpy(to->panic, outcome.panic, sizeof(to->panic));
}
