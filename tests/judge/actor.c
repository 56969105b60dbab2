/*
 * actor.c - the goroutines of a planned world.
 *
 * Method: each begins, so that there is a stack to point into; takes what it
 * holds, and its locks; then does what it is to do, until the director ends
 * it, or somebody else. All of a step are done before the next begins.
 *
 * P1  What the plan says is held is in that place, as the machine sees it,
 *     from before the look until after it: else a proof were false by our
 *     fault.
 * P2  What it does not say is nowhere, as far as we can help it: else the
 *     misses say nothing.
 */
#include "tests/judge/actor.h"

#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "tests/judge/use.h"

struct actors actors;

static struct real *real_of(uintptr_t role)
{
    return &reals[role / MAX_ACTOR];
}

static unsigned actor_of(uintptr_t role)
{
    return role % MAX_ACTOR;
}

enum step actors_step(void)
{
    return (enum step)__atomic_load_n(&actors.step, __ATOMIC_ACQUIRE);
}

/* For goroutines; now and then for threads, which on a busy machine takes
   long: and others wait for our turns to come round. */
static void wait_a_while(unsigned round)
{
    go_yield();
    if (actors.threads && round % 32 == 31)
        sched_yield();
}

static void until_step(enum step step)
{
    __atomic_add_fetch(&actors.arrived, 1, __ATOMIC_ACQ_REL);
    for (unsigned round = 0; actors_step() < step; round++)
        wait_a_while(round);
}

bool actor_computes(struct real *real, unsigned i)
{
    return real->w->actor[i].act == ACT_SPIN ||
           real->w->actor[i].act == ACT_MOVE;
}

static uintptr_t give_way(uintptr_t none)
{
    sched_yield();
    return none;
}

void actor_leaves_worker(void)
{
    go_blocking(give_way, 0);
}

static void set_ready(struct real *real, unsigned i)
{
    __atomic_store_n(&real->ready[i], 1, __ATOMIC_RELEASE);
}

static void wait_node(struct real *real, unsigned i)
{
    struct go_mutex own = {0};
    struct node *n = real_node(real, i);

    switch ((enum sync)real->w->node[i].sync) {
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

static struct go_case case_of(struct real *real, unsigned kind, unsigned target,
                              uintptr_t *word)
{
    struct go_case c = {.op = kind == WAIT_SEND ? GO_CASE_SEND : GO_CASE_RECV,
                        .value = word,
                        .site = GO_SITE("")};

    if (kind == WAIT_DONE)
        c = (struct go_case){
            .op = GO_CASE_RECV,
            .chan = GO_X_HANDLE(go_context_done(real_context(real, target))),
            .site = c.site};
    else if (kind == WAIT_TIMER)
        c.chan = real_chan(real, real->w->timer[target].chan);
    else
        c.chan = real_chan(real, target);
    return c;
}

static void wait_one(struct real *real, unsigned actor, unsigned kind,
                     unsigned target)
{
    uintptr_t word = 0;
    struct go_case c;

    if (kind == WAIT_NODE) {
        wait_node(real, target);
        return;
    }
    real_put_all(real, &word, PLACE_SENT, actor);
    c = case_of(real, kind, target, &word);
    if (c.op == GO_CASE_SEND)
        go_chan_send_at(c.chan, &word, GO_SITE(""));
    else
        go_chan_recv_at(c.chan, NULL, GO_SITE(""));
}

static __attribute__((noinline)) void act_park(struct real *real, unsigned i)
{
    const struct actor *a = &real->w->actor[i];
    struct go_case cases[MAX_WAIT];
    uintptr_t word[MAX_WAIT] = {0};

    set_ready(real, i);
    if (a->nwait == 1) {
        wait_one(real, i, a->wait[0].kind, a->wait[0].target);
    } else {
        for (unsigned k = 0; k < a->nwait; k++)
            cases[k] =
                case_of(real, a->wait[k].kind, a->wait[k].target, &word[k]);
        go_select_at(cases, a->nwait, GO_SITE(""));
    }
    __atomic_or_fetch(&real->woke, 1u << i, __ATOMIC_ACQ_REL);
}

static __attribute__((noinline)) void act_spin(struct real *real, unsigned i)
{
    enum place place = PLACE_SCRATCH;

    for (unsigned k = 0; k < real->w->nref; k++)
        if (real->w->ref[k].owner == i &&
            real->w->ref[k].place >= PLACE_REGISTER &&
            real->w->ref[k].place <= PLACE_RED_ZONE)
            place = (enum place)real->w->ref[k].place;
    actor_leaves_worker();
    hands_spin(place, &real->one[i], &real->ready[i], &actors.stop);
}

static __attribute__((noinline)) void act_move(struct real *real, unsigned i)
{
    static volatile uintptr_t globals[WORLDS][MAX_ACTOR];
    volatile uintptr_t own = 0, *heap = calloc(1, 40);
    volatile uintptr_t *const cell[] = {&own, heap, &globals[real - reals][i]};

    actor_leaves_worker();
    hands_move(cell, 3, &real->one[i], &real->ready[i], &actors.stop);
    free((void *)heap);
}

static uintptr_t in_blocking(uintptr_t role)
{
    struct real *real = real_of(role);
    unsigned i = actor_of(role);
    volatile uintptr_t word[SLOTS] = {0};

    real_put_all(real, word, PLACE_BLOCKING, i);
    set_ready(real, i);
    while (sem_wait(&real->block[i]))
        ;
    __asm__ volatile("" ::"r"(word) : "memory");
    for (int k = 0; k < SLOTS; k++)
        word[k] = 0;
    return 0;
}

static void act(uintptr_t role)
{
    struct real *real = real_of(role);
    unsigned i = actor_of(role);

    switch ((enum act)real->w->actor[i].act) {
    case ACT_PARK:
        act_park(real, i);
        break;
    case ACT_SPIN:
        act_spin(real, i);
        break;
    case ACT_MOVE:
        act_move(real, i);
        break;
    case ACT_BLOCK:
        go_blocking(in_blocking, role);
        break;
    case ACT_SLEEP:
        set_ready(real, i);
        go_sleep(GO_HOUR);
        break;
    case ACT_TIMED:
        set_ready(real, i);
        chan_recv(go_after(GO_HOUR));
        break;
    default:
        set_ready(real, i);
        for (unsigned n = 0; !__atomic_load_n(&actors.stop, __ATOMIC_ACQUIRE);
             n++)
            wait_a_while(n);
    }
}

static void take_locks(struct real *real, unsigned actor)
{
    for (unsigned i = 0; i < real->w->nnode; i++)
        if (real->w->node[i].sync == SYNC_MUTEX &&
            real->w->node[i].owner == actor)
            go_mutex_lock(&real_node(real, i)->sync.mutex);
}

static void take_hidden(struct real *real, unsigned i)
{
    for (unsigned k = 0; k < real->w->nref; k++) {
        const struct ref *r = &real->w->ref[k];

        if (r->owner != i)
            continue;
        if (r->place == PLACE_SAVED)
            real_put_hidden(real, &real->saved[i][r->at], r);
        else if (r->place >= PLACE_REGISTER && r->place <= PLACE_MOVING)
            real_put_hidden(real, &real->one[i], r);
    }
}

static void own_nodes(struct real *real, unsigned actor, struct node *nodes)
{
    for (unsigned i = 0; i < real->w->nnode; i++)
        if (real->w->node[i].region == REGION_STACK &&
            real->w->node[i].host == actor)
            real->node[i] = hide((uintptr_t)nodes++);
}

void actor(uintptr_t role)
{
    struct real *real = real_of(role);
    unsigned i = actor_of(role);
    volatile uintptr_t word[SLOTS] = {0};
    struct node nodes[MAX_NODE];

    memset(nodes, 0, sizeof(nodes));
    real->id[i] = go_self();
    own_nodes(real, i, nodes);
    until_step(STEP_TAKE);
    real_put_all(real, word, PLACE_STACK, i);
    take_hidden(real, i);
    take_locks(real, i);
    until_step(actor_computes(real, i) ? STEP_COMPUTE : STEP_DO);
    hands_hold(real->saved[i], act, role);
    if (real->w->acts) {
        use_all(real, truth_actor(real->w, i, BELIEF_NONE));
        use_locks(real, i);
    }
    __atomic_store_n(&real->over[i], 1, __ATOMIC_RELEASE);
    go_select(); /* stays, for others use what is on this stack */
    __asm__ volatile("" ::"r"(word), "r"(nodes) : "memory");
}
