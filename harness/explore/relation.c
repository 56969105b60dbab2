/*
 * relation.c - the independence relation, as a table.
 *
 * In:  steps, points and notes of a controlled run. Out: touches: which object,
 * in which way. What orders them is past.c's business.
 *
 * Method: one kind of touch for each thing that can be done to an object; a
 * step has one, or one for each channel that it looks at. Where the table says
 * race although two steps commute in some state (two signals, a receive that
 * takes what was there before the close) the search is longer than need be;
 * never the other way round.
 *
 * R1  Who can not be reversed only follows: an unlock and the lock after it
 *     are never both possible. That one of them was needed must be certain:
 *     units of a semaphore can come from anybody, so they race.
 * R2  A buffered channel's sends and receives commute, but for the pair that
 *     carries a value and the pair that passes on a place.
 * R3  A select, or a try, looks at all its channels: whatever can make one of
 *     them ready, or take it away, races with it. Two that look at the two
 *     halves of one channel could have met. And so does who counts what is in
 *     one of them, for taking one case ends the others: what slept of these
 *     would not be woken.
 */
#include "harness/explore/relation.h"

#include <vigil/chan.h>

#define BIT(kind) (1u << HN_##kind)

const uint32_t hn_races[HN_KINDS] = {
    [HN_LOCK] = BIT(LOCK) | BIT(TRY) | BIT(GONE),
    [HN_TRY] = BIT(LOCK) | BIT(TRY) | BIT(UNLOCK) | BIT(RLOCK) | BIT(TRYR) |
               BIT(WLOCK) | BIT(GONE),
    [HN_RLOCK] = BIT(WLOCK) | BIT(TRY) | BIT(GONE),
    [HN_TRYR] = BIT(WLOCK) | BIT(TRY) | BIT(UNLOCK) | BIT(GONE),
    [HN_WLOCK] = BIT(RLOCK) | BIT(TRYR) | BIT(WLOCK) | BIT(TRY) | BIT(GONE),
    [HN_UNLOCK] = BIT(TRY) | BIT(TRYR) | BIT(GONE),
    [HN_RELEASE] = BIT(ADD) | BIT(ADDED) | BIT(WANT_RECV) | BIT(GONE),
    [HN_RUNLOCK] = BIT(GONE),
    [HN_ADDED] = BIT(RELEASE) | BIT(ADD),
    [HN_GONE] = BIT(LOCK) | BIT(TRY) | BIT(RLOCK) | BIT(TRYR) | BIT(WLOCK) |
                BIT(UNLOCK) | BIT(RELEASE) | BIT(RUNLOCK) | BIT(GONE) |
                BIT(TIMER) | BIT(SEND) | BIT(RECV) | BIT(RECV_CLOSED) |
                BIT(CLOSE) | BIT(LEN) | BIT(WANT_SEND) | BIT(WANT_RECV),
    [HN_ACQUIRE] = BIT(ACQUIRE) | BIT(UNITS),
    [HN_UNITS] = BIT(ACQUIRE) | BIT(UNITS),
    [HN_ADD] = BIT(ADD) | BIT(ADDED) | BIT(RELEASE) | BIT(WAIT),
    [HN_WAIT] = BIT(ADD),
    [HN_ONCE] = BIT(ONCE),
    [HN_BARRIER] = BIT(BARRIER),
    [HN_COND_WAIT] = BIT(SIGNAL),
    [HN_SIGNAL] = BIT(SIGNAL) | BIT(COND_WAIT),
    [HN_CANCEL] = BIT(CANCEL) | BIT(ERR),
    [HN_ERR] = BIT(CANCEL),
    [HN_TIMER] = BIT(TIMER) | BIT(RECV) | BIT(WANT_RECV) | BIT(LEN) | BIT(GONE),
    [HN_LOAD] = BIT(STORE),
    [HN_STORE] = BIT(STORE) | BIT(LOAD),
    [HN_SEND] = BIT(SEND) | BIT(CLOSE) | BIT(LEN) | BIT(WANT_SEND) |
                BIT(WANT_RECV) | BIT(GONE),
    [HN_RECV] = BIT(RECV) | BIT(RECV_CLOSED) | BIT(LEN) | BIT(WANT_SEND) |
                BIT(WANT_RECV) | BIT(TIMER) | BIT(GONE),
    [HN_RECV_CLOSED] = BIT(RECV) | BIT(WANT_SEND) | BIT(GONE),
    [HN_CLOSE] = BIT(SEND) | BIT(CLOSE) | BIT(LEN) | BIT(WANT_SEND) |
                 BIT(WANT_RECV) | BIT(GONE),
    [HN_LEN] = BIT(SEND) | BIT(RECV) | BIT(CLOSE) | BIT(WANT_SEND) |
               BIT(WANT_RECV) | BIT(TIMER) | BIT(GONE),
    [HN_WANT_SEND] = BIT(LEN) | BIT(SEND) | BIT(RECV) | BIT(RECV_CLOSED) |
                     BIT(CLOSE) | BIT(WANT_RECV) | BIT(GONE),
    [HN_WANT_RECV] = BIT(LEN) | BIT(SEND) | BIT(RECV) | BIT(CLOSE) |
                     BIT(WANT_SEND) | BIT(RELEASE) | BIT(TIMER) | BIT(GONE),
    [HN_TIME] = BIT(IN_TIME),
    [HN_IN_TIME] = BIT(TIME),
};

const uint32_t hn_follows[HN_KINDS] = {
    [HN_LOCK] = BIT(RELEASE),  [HN_TRY] = BIT(RELEASE),
    [HN_RLOCK] = BIT(RELEASE), [HN_TRYR] = BIT(RELEASE),
    [HN_WLOCK] = BIT(RELEASE), [HN_WAIT] = BIT(RELEASE) | BIT(ADDED),
    [HN_ONCE] = BIT(RELEASE),  [HN_RECV_CLOSED] = BIT(CLOSE) | BIT(RELEASE),
};

const uint8_t hn_touched_by[GO_OP_COUNT] = {
    [GO_OP_LOCK] = HN_LOCK,
    [GO_OP_TRYLOCK] = HN_TRY,
    [GO_OP_UNLOCK] = HN_UNLOCK,
    [GO_OP_RLOCK] = HN_RLOCK,
    [GO_OP_TRYRLOCK] = HN_TRYR,
    [GO_OP_WLOCK] = HN_WLOCK,
    [GO_OP_CLOSE] = HN_CLOSE,
    [GO_OP_LEN] = HN_LEN,
    [GO_OP_ADD] = HN_ADD,
    [GO_OP_WAIT] = HN_WAIT,
    [GO_OP_COND_WAIT] = HN_COND_WAIT,
    [GO_OP_SIGNAL] = HN_SIGNAL,
    [GO_OP_BROADCAST] = HN_SIGNAL,
    [GO_OP_ACQUIRE] = HN_ACQUIRE,
    [GO_OP_TRYACQUIRE] = HN_ACQUIRE,
    [GO_OP_RELEASE] = HN_UNITS,
    [GO_OP_ONCE] = HN_ONCE,
    [GO_OP_BARRIER] = HN_BARRIER,
    [GO_OP_CANCEL] = HN_CANCEL,
    [GO_OP_CONTEXT] = HN_CANCEL,
    [GO_OP_ERR] = HN_ERR,
    [GO_OP_TIMER] = HN_TIMER,
    [GO_OP_LOAD] = HN_LOAD,
    [GO_OP_STORE] = HN_STORE,
    [GO_OP_UPDATE] = HN_STORE,
    [GO_OP_READ] = HN_LOAD,
    [GO_OP_WRITE] = HN_STORE,
    [GO_OP_IO] = HN_STORE,
    [GO_OP_ASK] = HN_STORE,
};

/* Timers without a channel: which of them it is, nobody says. */
static const char no_channel;

static inline struct hn_touch *add(struct hn_touches *t, const void *object,
                                   enum hn_kind kind, bool partners)
{
    struct hn_touch *touch;

    hn_touches_reserve(t);
    touch = hn_touches_add(t, object, kind);
    touch->partners = partners;
    return touch;
}

static const void *channel_of(const struct go_case *k)
{
    return k->op == GO_CASE_DEFAULT
               ? NULL
               : (const void *)((uintptr_t)k->chan &
                                ~(uintptr_t)(GO_CHAN_ALIGN - 1));
}

/* Whether it has no way but its one case: a plain send or receive. */
static bool is_plain(const struct go_point *p)
{
    return p->ncase == 1 && !p->otherwise;
}

/* R3. */
static void add_wants(struct hn_touches *t, const struct go_point *p,
                      bool partners)
{
    for (uint32_t i = 0; i < p->ncase; i++) {
        const struct go_case *k = &p->cases[i];

        if (channel_of(k))
            add(t, channel_of(k),
                k->op == GO_CASE_SEND ? HN_WANT_SEND : HN_WANT_RECV, partners)
                ->loose = true;
    }
}

/* R2: the case k is done now, by itself. */
static void add_done(struct hn_touches *t, const struct go_case *k)
{
    struct go_channel_state c;
    struct hn_touch *touch;

    go_control_channel(k->chan, &c);
    if (k->op == GO_CASE_SEND) {
        touch = add(t, channel_of(k), HN_SEND, false);
        touch->back = c.closed ? 0 : (uint32_t)(c.cap - c.len);
    } else if (c.closed && !c.len) {
        add(t, channel_of(k), HN_RECV_CLOSED, false)->loose = c.cap == 0;
    } else {
        touch = add(t, channel_of(k), HN_RECV, false);
        touch->back = (uint32_t)c.len;
    }
}

static const struct go_case *taken(const struct go_point *p, int32_t which)
{
    const struct go_case *k;

    if (which < 0 || (uint32_t)which >= p->ncase)
        return NULL;
    k = &p->cases[which];
    return channel_of(k) ? k : NULL;
}

static bool could_meet(const struct go_case *k, const struct go_point *q)
{
    struct go_channel_state c;

    go_control_channel(k->chan, &c);
    for (uint32_t i = 0; c.cap == 0 && i < q->ncase; i++)
        if (channel_of(&q->cases[i]) == channel_of(k) &&
            q->cases[i].op != k->op)
            return true;
    return false;
}

/*
 * Who tries, or has something ready, can meet a select only for as long as that
 * has nothing ready: so what those look at that p could have met matters to p.
 */
static void add_others_wants(struct hn_touches *t, const struct go_point *p,
                             bool partners)
{
    const struct go_point *q;

    for (uint32_t i = 0; i < p->ncase; i++) {
        uint32_t task = 0;

        if (!channel_of(&p->cases[i]))
            continue;
        for (; (task = go_control_next(task)) != GO_NOWHERE; task++) {
            q = go_control_point(task);
            if (q != p && q->cases && !is_plain(q) &&
                could_meet(&p->cases[i], q))
                add_wants(t, q, partners);
        }
    }
}

/* All that it looks at, whatever it does. */
static void add_looks(struct hn_touches *t, const struct go_point *p,
                      bool partners)
{
    if (is_plain(p))
        return;
    add_wants(t, p, partners);
    add_others_wants(t, p, partners);
}

/* One of two that meet. */
static void add_half(struct hn_touches *t, const struct go_point *p,
                     int32_t which, bool partners)
{
    const struct go_case *k = taken(p, which);
    struct go_channel_state c;

    if (k) {
        go_control_channel(k->chan, &c);
        add(t, channel_of(k), k->op == GO_CASE_SEND ? HN_SEND : HN_RECV,
            partners)
            ->loose = c.cap == 0;
    }
    add_looks(t, p, partners);
}

void hn_touches_of_channels(struct hn_touches *t, const struct go_step *step)
{
    const struct go_point *p = step->point;
    const struct go_case *k = taken(p, step->which);

    if (step->partner != GO_NOWHERE) {
        add_half(t, p, step->which, false);
        add_half(t, go_control_point(step->partner), step->partner_which, true);
        return;
    }
    if (k)
        add_done(t, k);
    add_looks(t, p, false);
}

/*
 * Memory is touched by 8 bytes at a time: who accesses any of them touches all.
 * vigil's own atomics have 8 of their own.
 */
static void add_memory(struct hn_touches *t, const struct go_point *p)
{
    const uintptr_t word = 8, low = (uintptr_t)p->object;

    for (uintptr_t at = low & -word; at < low + p->size; at += word)
        add(t, (const void *)at, (enum hn_kind)hn_touched_by[p->op], false);
}

void hn_touches_of_other(struct hn_touches *t, const struct go_point *p)
{
    if (p->size)
        add_memory(t, p);
    else if (p->op == GO_OP_TIMER)
        add(t, &no_channel, HN_TIMER, false);
}

void hn_touches_of_point(struct hn_touches *t, const struct go_point *p)
{
    hn_touches_reserve(t);
    if (!p->cases)
        hn_touches_of_object(t, p);
    else if (is_plain(p))
        add_half(t, p, 0, false);
    else
        add_looks(t, p, false);
}

const uint8_t hn_noted_as[GO_NOTES] = {
    [GO_NOTE_SPAWN] = HN_KINDS,     [GO_NOTE_RELEASE] = HN_RELEASE,
    [GO_NOTE_RUNLOCK] = HN_RUNLOCK, [GO_NOTE_UNITS] = HN_UNITS,
    [GO_NOTE_ADD] = HN_ADDED,       [GO_NOTE_TOUCH] = HN_GONE,
    [GO_NOTE_WAKE] = HN_KINDS,      [GO_NOTE_CLOCK] = HN_KINDS,
    [GO_NOTE_END] = HN_KINDS,       [GO_NOTE_COUNT] = HN_STORE,
    [GO_NOTE_FAILED] = HN_KINDS,    [GO_NOTE_GOT] = HN_KINDS,
};
