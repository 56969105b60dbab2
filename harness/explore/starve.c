/*
 * starve.c - follows who tries in vain, and who gets it meanwhile.
 *
 * In:  the steps of executions that are fair, and which tries failed. Out: the
 * worst that was seen.
 *
 * Method: a try that fails makes a wish; who gets the same passes it by; the
 * next try that fails, after that, is a round. A wish ends when its task gets
 * it, or does anything that is more than waiting. What a step was is known
 * only after it, so each is settled when the next one comes.
 *
 * T1  Only tries make wishes. Who waits in a queue is served in turn, and what
 *     an unfair choice does to somebody is the choice's doing.
 * T2  A round is counted when its try has failed: what is told has happened.
 * T3  When too many wish, those with the fewest rounds are forgotten.
 */
#include "harness/explore/starve.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/explore/walk.h"

#define BIT(op) (1ull << (op))

/* What one does who waits in a loop: see starve.h. */
static const uint64_t waiting =
    BIT(GO_OP_YIELD) | BIT(GO_OP_SLEEP) | BIT(GO_OP_LEN) | BIT(GO_OP_ERR) |
    BIT(GO_OP_LOAD) | BIT(GO_OP_STORE) | BIT(GO_OP_UPDATE) | BIT(GO_OP_READ) |
    BIT(GO_OP_WRITE) | BIT(GO_OP_LOCK) | BIT(GO_OP_RLOCK) | BIT(GO_OP_WLOCK) |
    BIT(GO_OP_UNLOCK) | BIT(GO_OP_TRYLOCK) | BIT(GO_OP_TRYRLOCK) |
    BIT(GO_OP_ACQUIRE) | BIT(GO_OP_TRYACQUIRE) | BIT(GO_OP_RELEASE);

void hn_starve_begin(struct hn_starve *s)
{
    s->n = 0;
    s->worst.who.times = 0;
    s->any = false;
}

/* ---- what a step is ------------------------------------------------------*/

static void add_case(struct hn_starve_wish *w, const struct go_case *k)
{
    if (w->nkeys == HN_STARVE_KEYS || !k->chan)
        return;
    w->sends |= (uint32_t)(k->op == GO_CASE_SEND) << w->nkeys;
    w->keys[w->nkeys++] = hn_walk_channel(k);
}

/* What it gets, or would have: of a default all its cases. */
static void find_keys(struct hn_starve_wish *w, const struct go_step *step)
{
    const struct go_point *p = step->point;

    w->nkeys = w->sends = 0;
    if (!p->cases) {
        w->keys[0] = p->object;
        w->nkeys = p->object != NULL;
        return;
    }
    for (uint32_t i = 0; i < p->ncase; i++)
        if (p->cases[i].op != GO_CASE_DEFAULT &&
            (hn_walk_is_default(step) || step->which < 0 ||
             step->which == (int32_t)i))
            add_case(w, &p->cases[i]);
}

/* Who does op with its key has got what was wished. */
static bool is_wished(const struct hn_starve_wish *w, enum go_op op)
{
    switch ((enum go_op)w->who.at.op) {
    case GO_OP_TRYLOCK:
        return op == GO_OP_LOCK || op == GO_OP_TRYLOCK || op == GO_OP_RLOCK ||
               op == GO_OP_TRYRLOCK;
    case GO_OP_TRYRLOCK:
        return op == GO_OP_LOCK || op == GO_OP_TRYLOCK;
    case GO_OP_TRYACQUIRE:
        return op == GO_OP_ACQUIRE || op == GO_OP_TRYACQUIRE;
    case GO_OP_UPDATE:
        return op == GO_OP_UPDATE || op == GO_OP_STORE;
    default:
        return op == GO_OP_SEND || op == GO_OP_RECV || op == GO_OP_TRYSEND ||
               op == GO_OP_TRYRECV || op == GO_OP_SELECT;
    }
}

static bool has_key(const struct hn_starve_wish *w, const void *key, bool sends)
{
    for (uint32_t i = 0; i < w->nkeys; i++)
        if (w->keys[i] == key && (w->sends >> i & 1) == sends)
            return true;
    return false;
}

/* ---- wishes --------------------------------------------------------------*/

static void end_wish(struct hn_starve *s, uint32_t i)
{
    if (s->wishes[i].who.times > s->worst.who.times)
        s->worst = s->wishes[i];
    s->wishes[i] = s->wishes[--s->n];
}

static void end_wishes_of(struct hn_starve *s, uint32_t task)
{
    for (uint32_t i = 0; i < s->n;)
        if (s->wishes[i].who.at.task == task)
            end_wish(s, i);
        else
            i++;
}

static bool is_same(const struct hn_starve_wish *a,
                    const struct hn_starve_wish *b)
{
    return a->who.at.task == b->who.at.task &&
           a->who.at.site == b->who.at.site && a->who.at.op == b->who.at.op &&
           a->nkeys == b->nkeys && a->sends == b->sends &&
           memcmp(a->keys, b->keys, a->nkeys * sizeof(a->keys[0])) == 0;
}

/* T3. */
static void add_wish(struct hn_starve *s)
{
    uint32_t least = 0;

    if (s->n == HN_STARVE_WISHES) {
        for (uint32_t i = 1; i < s->n; i++)
            if (s->wishes[i].who.times < s->wishes[least].who.times)
                least = i;
        end_wish(s, least);
    }
    s->now.who.times = s->now.nby = 0;
    s->now.passed = false;
    s->wishes[s->n++] = s->now;
}

static void in_vain(struct hn_starve *s)
{
    if (!s->now.nkeys)
        return;
    for (uint32_t i = 0; i < s->n; i++) {
        struct hn_starve_wish *w = &s->wishes[i];

        if (!is_same(w, &s->now))
            continue;
        w->who.times += w->passed; /* T2 */
        w->passed = false;
        return;
    }
    add_wish(s);
}

static void note_by(struct hn_starve_wish *w, const struct go_point *by)
{
    uint32_t i = 0;

    w->passed = true;
    while (i < w->nby &&
           (w->by[i].at.task != by->task || w->by[i].at.site != by->site))
        i++;
    if (i == HN_STARVE_BY)
        return;
    if (i == w->nby)
        w->by[w->nby++] = (struct hn_starve_place){.at = *by};
    w->by[i].times++;
}

/* Who has got the key passes by all who wish for it, and has it himself. */
static void got(struct hn_starve *s, const struct go_point *by, const void *key,
                bool sends)
{
    for (uint32_t i = 0; i < s->n;) {
        struct hn_starve_wish *w = &s->wishes[i];

        if (!is_wished(w, (enum go_op)by->op) || !has_key(w, key, sends)) {
            i++;
        } else if (w->who.at.task == by->task) {
            end_wish(s, i);
        } else {
            note_by(w, by);
            i++;
        }
    }
}

/* What the last step was is known now. */
static void settle(struct hn_starve *s)
{
    const struct go_point *p = &s->now.who.at;

    if (!s->any)
        return;
    s->any = false;
    if (s->failed) {
        in_vain(s);
        return;
    }
    if (!(waiting & BIT(p->op)))
        end_wishes_of(s, p->task);
    if (s->met)
        end_wishes_of(s, s->partner.task);
    if (s->n && s->now.nkeys)
        got(s, p, s->now.keys[0], s->now.sends & 1);
    if (s->n && s->met && s->now.nkeys)
        got(s, &s->partner, s->now.keys[0], !(s->now.sends & 1));
}

void hn_starve_took(struct hn_starve *s, const struct go_step *step)
{
    const struct go_point *partner;

    settle(s);
    if (!step->point)
        return; /* the clock */
    s->any = true;
    s->now.who.at = *step->point;
    find_keys(&s->now, step);
    s->failed = hn_walk_is_default(step);
    partner = hn_walk_is_meeting(step) ? go_control_point(step->partner) : NULL;
    s->met = partner != NULL;
    if (partner)
        s->partner = *partner;
}

void hn_starve_failed(struct hn_starve *s, uint32_t task)
{
    if (s->any && s->now.who.at.task == task)
        s->failed = true;
}

/* ---- what is told --------------------------------------------------------*/

static struct hn_starve_deed deed_of(const struct hn_starve_place *p)
{
    const struct go_step step = {&p->at, -1, GO_NOWHERE, -1};
    struct hn_starve_deed deed = {.times = p->times};

    hn_did_step(&deed.did, &step);
    return deed;
}

static int more_often(const void *a, const void *b)
{
    const struct hn_starve_place *one = a, *other = b;

    return (one->times < other->times) - (one->times > other->times);
}

void hn_starve_end(struct hn_starve *s, uint64_t schedule,
                   struct hn_starved *to)
{
    struct hn_starve_wish *w = &s->worst;

    settle(s);
    while (s->n)
        end_wish(s, s->n - 1);
    if (to->schedule || w->who.times < HN_STARVE_ROUNDS)
        return;
    qsort(w->by, w->nby, sizeof(w->by[0]), more_often);
    to->schedule = schedule;
    to->who = deed_of(&w->who);
    to->nby = w->nby;
    for (uint32_t i = 0; i < w->nby; i++)
        to->by[i] = deed_of(&w->by[i]);
}

void hn_starved_text(const struct hn_starved *s, char *to, size_t n)
{
    struct hn_did did = hn_did_placed(&s->who.did);
    size_t at;

    to[0] = '\0';
    if (!s->schedule)
        return;
    at = (size_t)snprintf(
        to, n,
        "starvation: in schedule %llu, all in turn, goroutine %llu tried %u "
        "times in a row in vain: %s; each time another had got it since the "
        "try before:",
        (unsigned long long)s->schedule, (unsigned long long)did.goroutine,
        s->who.times, did.text);
    for (uint32_t i = 0; i < s->nby && at < n; i++) {
        did = hn_did_placed(&s->by[i].did);
        at += (size_t)snprintf(
            to + at, n - at, "%s goroutine %llu: %s (%u times)", i ? "," : "",
            (unsigned long long)did.goroutine, did.text, s->by[i].times);
    }
}
