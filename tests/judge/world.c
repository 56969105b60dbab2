/*
 * world.c - random worlds for the judge of memory reachability.
 *
 * Method: first what there is, then who waits on what, then words: each gets
 * a target, a form and a place, of which there is room in the actors, nodes,
 * channels, timers and threads that the world happens to have.
 *
 * A channel has senders or receivers that wait, never both, and is full or
 * empty accordingly: so who is planned to wait does.
 */
#include "tests/judge/world.h"

#include <string.h>

#include "runtime/base/rng.h"

static bool chance(struct rt_rng *r, uint32_t percent)
{
    return rt_rng_below(r, 100) < percent;
}

static uint8_t pick(struct rt_rng *r, uint32_t n)
{
    return (uint8_t)rt_rng_below(r, n);
}

/* ---- what there is ------------------------------------------------------- */

static void plan_chans(struct world *w, struct rt_rng *r)
{
    w->nmade = w->nchan = 1 + pick(r, 5);
    for (int i = 0; i < w->nmade; i++) {
        struct chan_plan *c = &w->chan[i];

        c->cap = pick(r, 3);
        c->use = chance(r, 55) ? USE_RECV : chance(r, 60) ? USE_SEND : USE_IDLE;
        if (c->use == USE_SEND)
            c->len = c->cap;
        else if (c->use == USE_IDLE)
            c->len = pick(r, c->cap + 1u);
    }
}

static void plan_timers(struct world *w, struct rt_rng *r)
{
    w->ntimer = chance(r, 50) ? 0 : 1 + pick(r, 3);
    for (int i = 0; i < w->ntimer; i++) {
        struct timer_plan *t = &w->timer[i];

        t->func = chance(r, 60);
        t->armed = chance(r, t->func ? 50 : 25);
        t->chan = w->nchan;
        if (!t->func)
            w->chan[w->nchan++] =
                (struct chan_plan){.cap = 1, .use = USE_RECV, .of_timer = true};
    }
}

static void plan_contexts(struct world *w, struct rt_rng *r)
{
    w->ncontext = chance(r, 55) ? 0 : 1 + pick(r, 4);
    for (uint8_t i = 0; i < w->ncontext; i++) {
        w->context[i].parent = i && chance(r, 75) ? pick(r, i) : i;
        w->context[i].timeout = chance(r, 12);
        w->context[i].value = !w->context[i].timeout && chance(r, 35);
    }
}

static void plan_nodes(struct world *w, struct rt_rng *r)
{
    static const uint16_t pads[] = {0, 0, 8, 40, 200, 1000, 9000, 40000};

    w->nnode = chance(r, 10) ? 0 : 1 + pick(r, 8);
    for (int i = 0; i < w->nnode; i++) {
        struct node_plan *n = &w->node[i];

        n->region = chance(r, 76)   ? REGION_HEAP
                    : chance(r, 25) ? REGION_GLOBAL
                                    : REGION_STACK;
        n->host = pick(r, w->nactor);
        n->owner = pick(r, w->nactor);
        n->sync = chance(r, 50) ? SYNC_NONE : 1 + pick(r, SYNC_GROUP);
        n->pad = n->region == REGION_HEAP ? pads[pick(r, 8)] : 0;
        n->freed =
            n->region == REGION_HEAP && n->sync == SYNC_NONE && chance(r, 15);
    }
    for (int i = 0; i < w->nnode; i++) /* a goroutine is in one group */
        for (int k = 0; k < i; k++)
            if (w->node[i].sync == SYNC_GROUP &&
                w->node[k].sync == SYNC_GROUP &&
                w->node[i].owner == w->node[k].owner)
                w->node[i].sync = SYNC_SEMAPHORE;
    /* its memory must be there before the member is */
    for (int i = 0; i < w->nnode; i++)
        if (w->node[i].sync == SYNC_GROUP && w->node[i].region == REGION_STACK)
            w->node[i].region = REGION_HEAP;
}

/* ---- who waits ------------------------------------------------------------- */

static void wait_add(struct actor *a, enum wait kind, uint8_t target)
{
    a->wait[a->nwait].kind = (uint8_t)kind;
    a->wait[a->nwait++].target = target;
}

/* Something that can be one case of several; false: not this time. */
static bool plan_case(struct world *w, struct rt_rng *r, struct actor *a)
{
    uint8_t c;

    if (w->ncontext && chance(r, 20)) {
        c = pick(r, w->ncontext);
        if (!w->context[c].value)
            wait_add(a, WAIT_DONE, c);
        return !w->context[c].value;
    }
    if (w->ntimer && chance(r, 25)) {
        c = pick(r, w->ntimer);
        if (!w->timer[c].func)
            wait_add(a, WAIT_TIMER, c);
        return !w->timer[c].func;
    }
    c = pick(r, w->nmade);
    if (w->chan[c].use == USE_IDLE)
        return false;
    wait_add(a, w->chan[c].use == USE_SEND ? WAIT_SEND : WAIT_RECV, c);
    return true;
}

/* A lock's owner has it already, and a group's member would wait for itself. */
static bool plan_node_wait(struct world *w, struct rt_rng *r, uint8_t actor)
{
    uint8_t n;

    if (!w->nnode)
        return false;
    n = pick(r, w->nnode);
    if (w->node[n].sync == SYNC_NONE || w->node[n].freed ||
        (w->node[n].sync >= SYNC_MUTEX && w->node[n].owner == actor))
        return false;
    wait_add(&w->actor[actor], WAIT_NODE, n);
    return true;
}

static void plan_wait(struct world *w, struct rt_rng *r, uint8_t actor)
{
    struct actor *a = &w->actor[actor];
    int cases = chance(r, 75) ? 1 : 2 + pick(r, 2);

    if (chance(r, 35) && plan_node_wait(w, r, actor))
        return;
    for (int tries = 0; tries < 20 && a->nwait < cases; tries++)
        plan_case(w, r, a);
    if (!a->nwait)
        a->act = ACT_YIELD;
}

/* Computing costs a worker and its thread: few worlds have it, these much;
   and of those that are played together one at the most. */
static enum act plan_act(struct rt_rng *r, bool computing)
{
    if (computing && chance(r, 40))
        return chance(r, 75) ? ACT_SPIN : ACT_MOVE;
    if (chance(r, 65))
        return ACT_PARK;
    return chance(r, 12) ? ACT_BLOCK : ACT_YIELD + pick(r, 3);
}

static void plan_actors(struct world *w, struct rt_rng *r)
{
    bool computing = w->seed % WORLDS == 0 && chance(r, 30);

    for (uint8_t i = 0; i < w->nactor; i++) {
        struct actor *a = &w->actor[i];

        a->act = plan_act(r, computing && w->procs < 3);
        w->procs += a->act == ACT_SPIN || a->act == ACT_MOVE;
        a->saves = a->act == ACT_PARK && chance(r, 50);
        if (a->act == ACT_PARK)
            plan_wait(w, r, i);
        w->looks = a->act == ACT_MOVE ? 4 : w->looks;
    }
}

/* ---- words ----------------------------------------------------------------- */

static bool plan_target(const struct world *w, struct rt_rng *r, struct ref *f)
{
    uint32_t what = rt_rng_below(r, 100);

    f->tag = chance(r, 10) ? 1 + pick(r, 7) : 0;
    if (what < 50) {
        f->form = chance(r, 55) ? FORM_CHAN : FORM_SENDER + pick(r, 2);
        f->target = pick(r, w->nchan);
        return true;
    }
    if (what < 80) {
        f->form = FORM_NODE + (chance(r, 50) ? 0 : pick(r, 3));
        f->target = w->nnode ? pick(r, w->nnode) : 0;
        /* one past the end of others is somebody else */
        if (f->form == FORM_PAST_END && w->nnode &&
            w->node[f->target].region != REGION_HEAP)
            f->form = FORM_NODE;
        return w->nnode;
    }
    if (what < 90) {
        f->form = FORM_TIMER;
        f->target = w->ntimer ? pick(r, w->ntimer) : 0;
        return w->ntimer;
    }
    f->form = chance(r, 70) ? FORM_CONTEXT : FORM_DONE;
    f->target = w->ncontext ? pick(r, w->ncontext) : 0;
    return w->ncontext &&
           (f->form == FORM_CONTEXT || !w->context[f->target].value);
}

static bool taken(const struct world *w, const struct ref *f)
{
    for (int i = 0; i < w->nref; i++)
        if (w->ref[i].place == f->place && w->ref[i].owner == f->owner &&
            w->ref[i].at == f->at)
            return true;
    return false;
}

static enum place place_of_actor(const struct actor *a, struct rt_rng *r)
{
    switch (a->act) {
    case ACT_SPIN:
        return PLACE_REGISTER + pick(r, PLACE_RED_ZONE - PLACE_REGISTER + 1);
    case ACT_MOVE:
        return chance(r, 70) ? PLACE_MOVING : PLACE_STACK;
    case ACT_BLOCK:
        return chance(r, 70) ? PLACE_BLOCKING : PLACE_STACK;
    default:
        return a->saves && chance(r, 60) ? PLACE_SAVED : PLACE_STACK;
    }
}

/* Who computes is asked first: there are few, and that is what they are for. */
static uint8_t pick_actor(const struct world *w, struct rt_rng *r)
{
    uint8_t i = pick(r, w->nactor);

    for (int tries = 0; tries < 3 && w->actor[i].act != ACT_SPIN &&
                        w->actor[i].act != ACT_MOVE;
         tries++)
        i = pick(r, w->nactor);
    return w->procs > 1 ? i : pick(r, w->nactor);
}

/* One that computes has one word, in one place. */
static bool plan_actor_place(const struct world *w, struct rt_rng *r,
                             struct ref *f)
{
    f->owner = pick_actor(w, r);
    f->place = place_of_actor(&w->actor[f->owner], r);
    f->at = pick(r, SLOTS);
    if (f->place >= PLACE_REGISTER && f->place <= PLACE_RED_ZONE) {
        f->at = 0;
        for (int i = 0; i < w->nref; i++)
            if (w->ref[i].owner == f->owner &&
                w->ref[i].place >= PLACE_REGISTER &&
                w->ref[i].place <= PLACE_RED_ZONE)
                return false;
    }
    if (f->place == PLACE_MOVING || f->place == PLACE_BLOCKING)
        f->at = 0;
    return true;
}

/* Who looks has but one set of registers. */
static bool plan_outside_place(const struct world *w, struct rt_rng *r,
                               struct ref *f)
{
    f->place = PLACE_DATA + pick(r, PLACE_LOOKER - PLACE_DATA + 1);
    if (f->place == PLACE_LOOKER && w->seed % WORLDS)
        f->place = PLACE_SPECIFIC;
    f->owner = 0;
    f->at = pick(r, SLOTS);
    return true;
}

static bool of_timer(const struct world *w, const struct ref *f)
{
    return f->form <= FORM_RECEIVER && w->chan[f->target].of_timer;
}

/* What it names must have been made before: contexts, then timers. */
static bool plan_inner_place(const struct world *w, struct rt_rng *r,
                             struct ref *f)
{
    uint32_t what = rt_rng_below(r, 100);

    f->at = 0;
    if (what < 40) {
        f->place = PLACE_NODE;
        f->owner = w->nnode ? pick(r, w->nnode) : 0;
        f->at = pick(r, NODE_WORDS);
        return w->nnode;
    }
    if (what < 70) {
        f->place = PLACE_BUFFER;
        f->owner = pick(r, w->nmade);
        f->at = pick(r, 2);
        return f->at < w->chan[f->owner].len;
    }
    if (what < 85) {
        f->place = PLACE_TIMER;
        f->owner = w->ntimer ? pick(r, w->ntimer) : 0;
        f->at = pick(r, TIMER_WORDS);
        return w->ntimer && w->timer[f->owner].func &&
               (f->form != FORM_TIMER || f->target < f->owner) &&
               !of_timer(w, f);
    }
    f->place = PLACE_VALUE;
    f->owner = w->ncontext ? pick(r, w->ncontext) : 0;
    return w->ncontext && w->context[f->owner].value && f->form != FORM_TIMER &&
           !of_timer(w, f) &&
           ((f->form != FORM_CONTEXT && f->form != FORM_DONE) ||
            f->target < f->owner);
}

/* The value of a parked sender: it waits there and nowhere else. */
static bool plan_sent_place(const struct world *w, struct rt_rng *r,
                            struct ref *f)
{
    const struct actor *a;

    f->place = PLACE_SENT;
    f->owner = pick(r, w->nactor);
    f->at = 0;
    a = &w->actor[f->owner];
    return a->act == ACT_PARK && a->nwait == 1 && a->wait[0].kind == WAIT_SEND;
}

static bool plan_place(const struct world *w, struct rt_rng *r, struct ref *f)
{
    uint32_t what = rt_rng_below(r, 100);

    if (what < 45)
        return plan_actor_place(w, r, f);
    if (what < 52)
        return plan_outside_place(w, r, f);
    if (what < 62)
        return plan_sent_place(w, r, f);
    return plan_inner_place(w, r, f);
}

/* Places that few worlds have are tried more often. */
static bool plan_place_often(const struct world *w, struct rt_rng *r,
                             struct ref *f)
{
    for (int tries = 0; tries < 3; tries++)
        if (plan_place(w, r, f))
            return true;
    return false;
}

/* Names what the first case of some who waits is about. */
static bool plan_waited_for(const struct world *w, struct rt_rng *r,
                            struct ref *f)
{
    static const uint8_t form[] = {[WAIT_RECV] = FORM_CHAN,
                                   [WAIT_SEND] = FORM_CHAN,
                                   [WAIT_DONE] = FORM_CONTEXT,
                                   [WAIT_TIMER] = FORM_TIMER,
                                   [WAIT_NODE] = FORM_NODE};
    const struct actor *a = &w->actor[pick(r, w->nactor)];

    if (!a->nwait)
        return false;
    f->form = form[a->wait[0].kind];
    f->target = a->wait[0].target;
    f->tag = 0;
    return true;
}

/* Who computes has one word: mostly such as matters. */
static void plan_computing(struct world *w, struct rt_rng *r)
{
    for (uint8_t i = 0; i < w->nactor; i++) {
        struct ref *f = &w->ref[w->nref];
        const struct actor *a = &w->actor[i];

        if ((a->act == ACT_SPIN || a->act == ACT_MOVE) && chance(r, 80) &&
            plan_waited_for(w, r, f)) {
            f->owner = i;
            f->at = 0;
            f->place = a->act == ACT_MOVE ? PLACE_MOVING : place_of_actor(a, r);
            w->nref++;
        }
    }
}

static void plan_refs(struct world *w, struct rt_rng *r)
{
    int refs = 2 + pick(r, w->procs > 1 ? 8 : 22); /* few: each matters */

    plan_computing(w, r);
    for (int tries = 0; tries < 200 && w->nref < refs; tries++) {
        struct ref *f = &w->ref[w->nref];

        if (plan_target(w, r, f) && plan_place_often(w, r, f) && !taken(w, f))
            w->nref++;
    }
    memset(&w->ref[w->nref], 0, sizeof(*w->ref));
}

void world_make(struct world *w, uint64_t seed)
{
    struct rt_rng rng = {seed * 0x9e3779b97f4a7c15ull}, *r = &rng;

    memset(w, 0, sizeof(*w));
    w->seed = seed;
    w->procs = 1;
    w->looks = 1;
    w->clock_virtual = chance(r, 70);
    w->acts = chance(r, 30);
    w->nactor = 2 + pick(r, MAX_ACTOR - 1);
    plan_chans(w, r);
    plan_timers(w, r);
    plan_contexts(w, r);
    plan_nodes(w, r);
    plan_actors(w, r);
    plan_refs(w, r);
    w->procs += w->seed % WORLDS == 0 && chance(r, 5);
}

/* ---- losses ------------------------------------------------------------------ */

const char *world_loss_text(unsigned loss)
{
    static const char *const text[LOSS_COUNT] = {
        [LOSS_NONE] = "nothing",
        [PLACE_STACK] = "stacks",
        [PLACE_SAVED] = "registers of who waits",
        [PLACE_REGISTER] = "registers that calls save",
        [PLACE_SCRATCH] = "registers that calls do not save",
        [PLACE_VECTOR] = "vector registers",
        [PLACE_VECTOR_UP] = "upper halves of vector registers",
        [PLACE_RED_ZONE] = "the red zone",
        [PLACE_MOVING] = "handles that move",
        [PLACE_BLOCKING] = "threads in go_blocking",
        [PLACE_DATA] = "globals with a value",
        [PLACE_BSS] = "globals without",
        [PLACE_TLS] = "thread-local variables",
        [PLACE_MAPPED] = "mapped memory",
        [PLACE_THREAD] = "stacks of threads",
        [PLACE_SPECIFIC] = "thread-specific data",
        [PLACE_KNOWN] = "handles known elsewhere",
        [PLACE_LOOKER] = "registers of who looks",
        [PLACE_NODE] = "words of structures",
        [PLACE_BUFFER] = "values in channels",
        [PLACE_SENT] = "values of parked senders",
        [PLACE_TIMER] = "arguments of timers",
        [PLACE_VALUE] = "values of contexts",
        [LOSS_FORM + FORM_CHAN] = "channel handles",
        [LOSS_FORM + FORM_SENDER] = "handles that send",
        [LOSS_FORM + FORM_RECEIVER] = "handles that receive",
        [LOSS_FORM + FORM_DONE] = "done channels",
        [LOSS_FORM + FORM_CONTEXT] = "contexts",
        [LOSS_FORM + FORM_TIMER] = "timers",
        [LOSS_FORM + FORM_NODE] = "pointers to structures",
        [LOSS_FORM + FORM_MIDDLE] = "pointers into the middle",
        [LOSS_FORM + FORM_PAST_END] = "pointers one past the end",
        [LOSS_TAG] = "pointers with tags",
    };

    return text[loss];
}

bool world_is_lost(const struct ref *r, unsigned loss)
{
    if (loss == LOSS_TAG)
        return r->tag;
    return loss >= LOSS_FORM ? r->form == loss - LOSS_FORM
                             : loss && r->place == loss;
}
