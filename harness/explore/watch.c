/*
 * watch.c - sees that an execution goes round.
 *
 * In:  steps as they are taken. Out: a livelock, with who does what in it.
 *
 * Method: steps that may bring nothing (a yield, a try, a look) are counted,
 * until one comes that does. When there are many, memory is hashed before
 * each of the next WINDOW steps. A moment that was there before is a livelock
 * if all between was of a kind that shows in memory, and every way that was
 * open somewhere between, one's step, a case of a select, a meeting, was taken
 * there at least once.
 *
 * L1  So what lies between can be repeated for ever, each time with the same
 *     outcome, and in that endless execution whatever can be done again and
 *     again is done again and again: strong fairness. That other schedules
 *     leave the round is no objection: a random one may, this one need not.
 *     (Musuvathi & Qadeer, "Fair Stateless Model Checking", 2008, look for
 *     fair executions that do not end, but go by their length.)
 * L2  Where anything else could change what follows, there is no claim: a
 *     timer that is armed, a number that was drawn, an operation on what is
 *     not in memory (a channel, a context), system calls (whoever confirms it
 *     looks for these, outside.h).
 * L3  Which round is seen, and when, depends on the steps, on when it was looked,
 *     and on bytes that are no part of the schedule; what led there does not
 *     (follow.h). Of a schedule that is given all is done first, or less of it
 *     might be enough one day, and not the next.
 *
 * Why not a number of steps without progress: it proves nothing. A loop may
 * count, and end a step later.
 */
#include "harness/explore/watch.h"

#include <string.h>
#include <vigil/chan.h>

#include "harness/explore/memory.h"
#include "harness/explore/round.h"

enum {
    WINDOW = 256, /* moments that are compared */
    OPEN = 8192,  /* ways that were open in them */
    EMPTY = HN_WATCH_EMPTY,
    NEARLY = 1,  /* what one that may have been idle counts */
    ENOUGH = 160 /* of that: then it is looked */
};

struct moment {
    struct hn_state state;
    uint64_t taken; /* the way, as a number */
    uint64_t what;  /* operation and site: what people see */
    struct go_point at;
    uint32_t open; /* ways[open..] */
};

struct hn_watch {
    struct hn_watch_head head; /* idle: in units of EMPTY */
    const struct hn_states *states;
    bool look;       /* allowed, in this execution */
    bool looking;    /* choices are made in stillness */
    bool noted;      /* the moment before this choice was looked at */
    uint32_t due;    /* look at so many, */
    uint32_t enough; /* and after a break at so many again */
    uint32_t n;      /* moments */
    uint32_t nways;
    uint64_t looks, signature;
    struct hn_round round; /* the one that was told, or is known */
    struct moment moments[WINDOW];
    uint64_t ways[OPEN];
    char text[HN_ROUND_TEXT];
};

struct hn_watch *hn_watch_new(const struct hn_states *states)
{
    struct hn_watch *w = hn_memory_take(sizeof(*w));

    if (w)
        w->states = states;
    return w;
}

void hn_watch_free(struct hn_watch *w)
{
    hn_memory_give(w);
}

static void stop_looking(struct hn_watch *w)
{
    if (w->looking)
        go_control_still(false);
    w->looking = w->noted = false;
    w->n = w->nways = 0;
}

/* What head says follows from the rest. */
static void see(struct hn_watch *w)
{
    w->head.alert =
        w->looking || w->round.to || (w->look && w->head.idle >= w->due);
    w->head.close = w->noted || w->round.to;
}

void hn_watch_begin(struct hn_watch *w, enum hn_watch_how how)
{
    w->look = how != HN_WATCH_COUNT && w->states;
    w->looking = w->noted = false;
    w->round = (struct hn_round){0, 0};
    w->head.idle = w->head.at = w->n = w->nways = 0;
    w->head.held = false;
    w->due = w->enough = how == HN_WATCH_EAGER ? NEARLY : ENOUGH;
    see(w);
}

void hn_watch_begin_known(struct hn_watch *w, struct hn_round round)
{
    hn_watch_begin(w, HN_WATCH_COUNT);
    w->round = round;
    see(w);
}

struct hn_round hn_watch_round(const struct hn_watch *w)
{
    return w->round;
}

uint64_t hn_watch_looks(const struct hn_watch *w)
{
    return w->looks;
}

uint64_t hn_watch_signature(const struct hn_watch *w)
{
    return w->signature;
}

/* ---- what steps are ------------------------------------------------------*/

static uint64_t mixed(uint64_t h, uint64_t value)
{
    h = (h ^ value) * 0x9e3779b97f4a7c15u;
    return h ^ h >> 29;
}

static uint64_t way_of(const struct go_step *s)
{
    const struct go_point *p = s->point;
    uint64_t h = 1;

    if (!p)
        return 0; /* the clock */
    h = mixed(h, (uint64_t)p->task << 16 | p->op);
    h = mixed(h, (uintptr_t)p->object);
    h = mixed(h, (uintptr_t)p->site);
    h = mixed(h, (uint64_t)(uint32_t)s->which << 32 | s->partner);
    return mixed(h, (uint32_t)s->partner_which);
}

/* Whoever does it: the same for two goroutines that run the same code. */
static uint64_t what_of(const struct go_point *p)
{
    uint64_t h = mixed(3, p->op);

    if (!p->site)
        return h;
    if (!p->site->file)
        return mixed(h, (uintptr_t)p->site->pc);
    for (const char *c = p->site->file; *c; c++)
        h = mixed(h, (unsigned char)*c);
    return mixed(h, (uint64_t)p->site->line);
}

static bool is_default(const struct go_step *s)
{
    const struct go_point *p = s->point;

    if (!p->otherwise)
        return false;
    return s->which < 0 || p->cases[s->which].op == GO_CASE_DEFAULT;
}

/* How much it counts as bringing nothing; -1: it is not to be seen in memory
   what it has brought, L2. */
static int idleness(const struct go_step *s)
{
    switch (s->point ? (enum go_op)s->point->op : GO_OP_CLOCK) {
    case GO_OP_YIELD:
    case GO_OP_TRYLOCK:
    case GO_OP_TRYRLOCK:
    case GO_OP_TRYACQUIRE:
    case GO_OP_LEN:
    case GO_OP_ERR:
    case GO_OP_LOAD:
        return EMPTY;
    case GO_OP_UPDATE:
        return NEARLY;
    case GO_OP_LOCK: /* HN_WATCH_NEUTRAL */
    case GO_OP_UNLOCK:
    case GO_OP_RLOCK:
    case GO_OP_WLOCK:
    case GO_OP_ACQUIRE:
    case GO_OP_RELEASE:
    case GO_OP_ONCE:
    case GO_OP_STORE:
    case GO_OP_READ: /* of plain memory: a loop may well read all of it */
    case GO_OP_WRITE:
    case GO_OP_ASK: /* L2: that the kernel was asked is seen later */
        return 0;
    case GO_OP_TRYSEND:
    case GO_OP_TRYRECV:
    case GO_OP_SELECT:
        return is_default(s) ? EMPTY : -1;
    default:
        return -1;
    }
}

/* ---- the proof -----------------------------------------------------------*/

static bool is_taken(const struct hn_watch *w, uint32_t from, uint64_t way)
{
    for (uint32_t i = from; i < w->n; i++)
        if (w->moments[i].taken == way)
            return true;
    return false;
}

/* L1: from that moment to now. */
static bool is_fair(const struct hn_watch *w, uint32_t from)
{
    for (uint32_t i = w->moments[from].open; i < w->nways; i++)
        if (!is_taken(w, from, w->ways[i]))
            return false;
    return true;
}

static bool main_lives(void)
{
    struct go_point at;

    return go_control_point(0) || go_control_parked(0, &at) == 0;
}

/* Who takes part, by number; how many. */
static uint32_t tasks_of(const struct hn_watch *w, uint32_t from,
                         uint32_t tasks[GO_LIVELOCK_MAX],
                         uint64_t ids[GO_LIVELOCK_MAX])
{
    uint32_t n = 0;

    for (uint32_t i = from; i < w->n; i++) {
        const struct go_point *p = &w->moments[i].at;
        uint32_t j = 0;

        while (j < n && tasks[j] != p->task)
            j++;
        if (j == GO_LIVELOCK_MAX)
            return 0;
        if (j < n)
            continue;
        for (; j > 0 && ids[j - 1] > p->goroutine; j--) {
            ids[j] = ids[j - 1];
            tasks[j] = tasks[j - 1];
        }
        ids[j] = p->goroutine;
        tasks[j] = p->task;
        n++;
    }
    return n;
}

static bool is_first(const struct hn_watch *w, uint32_t from, uint32_t i)
{
    for (uint32_t j = from; j < i; j++)
        if (w->moments[j].what == w->moments[i].what)
            return false;
    return true;
}

/* What is done in it, each thing once, in points; how many. */
static uint32_t points_of(struct hn_watch *w, uint32_t from,
                          const struct go_point *points[WINDOW])
{
    uint32_t n = 0;

    w->signature = 5;
    for (uint32_t i = from; i < w->n; i++) {
        if (!is_first(w, from, i))
            continue;
        w->signature += mixed(7, w->moments[i].what);
        points[n++] = &w->moments[i].at;
    }
    w->signature |= 1;
    return n;
}

/* What lies between moment from and now goes on for ever. */
static bool tell(struct hn_watch *w, uint32_t from)
{
    uint32_t tasks[GO_LIVELOCK_MAX], n, npoint;
    uint64_t ids[GO_LIVELOCK_MAX];
    const struct go_point *points[WINDOW];

    n = tasks_of(w, from, tasks, ids);
    if (!n)
        return false;
    npoint = points_of(w, from, points);
    hn_round_text(w->text, ids, n, points, npoint);
    go_control_livelock(w->text, hn_round_deeds(points, npoint), tasks, n);
    return true;
}

/* Back where it was at moment from, and nobody was left out. */
static bool claim(struct hn_watch *w, uint32_t from)
{
    if (w->head.held || !main_lives() || !is_fair(w, from) || !tell(w, from))
        return false;
    w->round = (struct hn_round){w->head.at - (w->n - from), w->head.at};
    return true;
}

/* Until it has gone on for twice as long. */
static void give_up(struct hn_watch *w)
{
    stop_looking(w);
    w->due = 2 * w->head.idle;
}

static bool look(struct hn_watch *w)
{
    struct hn_state now;

    w->looks++;
    if (!hn_state_take(w->states, &now)) {
        give_up(w);
        return false;
    }
    for (uint32_t i = 0; i < w->n; i++)
        if (w->moments[i].state.a == now.a && w->moments[i].state.b == now.b &&
            claim(w, i))
            return true;
    if (w->n == WINDOW) {
        give_up(w);
        return false;
    }
    w->moments[w->n].state = now;
    w->noted = true;
    return false;
}

static bool moment(struct hn_watch *w)
{
    if (w->looking)
        return look(w);
    if (w->round.to)
        return w->head.at == w->round.to && w->n > 0 && tell(w, 0);
    if (w->look && w->head.idle >= w->due) {
        go_control_still(true); /* from the next choice on */
        w->looking = true;
        w->n = w->nways = 0;
    }
    return false;
}

bool hn_watch_moment_slow(struct hn_watch *w)
{
    bool round = moment(w);

    see(w);
    return round;
}

static void forget(struct hn_watch *w)
{
    w->head.idle = 0;
    w->due = w->enough;
    stop_looking(w);
}

void hn_watch_moved(struct hn_watch *w)
{
    forget(w);
    see(w);
}

void hn_watch_break(struct hn_watch *w)
{
    w->head.at++;
    hn_watch_moved(w);
}

static void note(struct hn_watch *w, const struct go_step *steps, uint32_t n,
                 uint32_t k)
{
    struct moment *m = &w->moments[w->n++];

    m->taken = way_of(&steps[k]);
    m->what = what_of(steps[k].point);
    m->at = *steps[k].point;
    m->open = w->nways;
    for (uint32_t i = 0; i < n; i++)
        w->ways[w->nways++] = way_of(&steps[i]);
}

static void took(struct hn_watch *w, const struct go_step *steps, uint32_t n,
                 uint32_t k)
{
    int idle = idleness(&steps[k]);
    bool known = w->head.at >= w->round.from && w->head.at < w->round.to;

    w->head.at++;
    if (idle < 0) {
        forget(w);
        return;
    }
    w->head.idle += (uint32_t)idle;
    if (!w->noted && !known)
        return;
    w->noted = false;
    if (w->nways + n > OPEN)
        give_up(w);
    else
        note(w, steps, n, k);
}

void hn_watch_took_slow(struct hn_watch *w, const struct go_step *steps,
                        uint32_t n, uint32_t k)
{
    took(w, steps, n, k);
    see(w);
}
