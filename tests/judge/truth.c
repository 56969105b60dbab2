/* truth.c - who in a planned world is stuck, by brute force. */
#include "tests/judge/truth.h"

static uint64_t bit(unsigned item, unsigned n)
{
    return (uint64_t)1 << (item + n);
}

/* What a word gives to who has it. */
static uint64_t gives(const struct world *w, const struct ref *r,
                      unsigned beliefs)
{
    unsigned t = r->target;

    switch ((enum form)r->form) {
    case FORM_CHAN:
        return bit(ITEM_SEND, t) | bit(ITEM_RECV, t);
    case FORM_SENDER:
        return bit(ITEM_SEND, t);
    case FORM_RECEIVER:
        return bit(ITEM_RECV, t);
    case FORM_CONTEXT:
        return bit(ITEM_CANCEL, t) | bit(ITEM_READ, t);
    case FORM_TIMER:
        return bit(ITEM_TIMER, t);
    case FORM_NODE:
    case FORM_MIDDLE:
    case FORM_PAST_END:
        return w->node[t].freed && !(beliefs & BELIEF_FREED)
                   ? 0
                   : bit(ITEM_NODE, t);
    default:
        return 0; /* a done channel: its holder can wait, no more */
    }
}

static uint64_t words_of(const struct world *w, enum place place,
                         unsigned owner, unsigned beliefs)
{
    uint64_t items = 0;

    for (unsigned i = 0; i < w->nref; i++)
        if (w->ref[i].place == place && w->ref[i].owner == owner)
            items |= gives(w, &w->ref[i], beliefs);
    return items;
}

static uint64_t waits_on(const struct world *w, const struct actor *a)
{
    uint64_t items = 0;

    for (unsigned i = 0; i < a->nwait; i++) {
        unsigned t = a->wait[i].target;

        if (a->wait[i].kind == WAIT_NODE)
            items |= bit(ITEM_NODE, t);
        else if (a->wait[i].kind == WAIT_TIMER)
            items |= bit(ITEM_TIMER, t) | bit(ITEM_SEND, w->timer[t].chan) |
                     bit(ITEM_RECV, w->timer[t].chan);
        else if (a->wait[i].kind != WAIT_DONE)
            items |= bit(ITEM_SEND, t) | bit(ITEM_RECV, t);
    }
    return items;
}

static uint64_t held_by(const struct world *w, unsigned actor)
{
    uint64_t items = 0;

    for (unsigned i = 0; i < w->nnode; i++)
        if (w->node[i].sync >= SYNC_MUTEX && w->node[i].owner == actor)
            items |= bit(ITEM_NODE, i);
    return items;
}

uint64_t truth_actor(const struct world *w, unsigned actor, unsigned beliefs)
{
    uint64_t items = 0;

    for (int place = PLACE_STACK; place <= PLACE_BLOCKING; place++)
        items |= words_of(w, (enum place)place, actor, beliefs);
    for (unsigned i = 0; i < w->nnode; i++)
        if (w->node[i].region == REGION_STACK && w->node[i].host == actor)
            items |= bit(ITEM_NODE, i);
    if (beliefs & BELIEF_WAITS)
        items |= waits_on(w, &w->actor[actor]) |
                 words_of(w, PLACE_SENT, actor, beliefs);
    if (beliefs & BELIEF_HELD)
        items |= held_by(w, actor);
    return items;
}

uint64_t truth_roots(const struct world *w, unsigned beliefs)
{
    uint64_t items = 0;

    for (int place = PLACE_DATA; place <= PLACE_LOOKER; place++)
        items |= words_of(w, (enum place)place, 0, beliefs);
    for (unsigned i = 0; i < w->nnode; i++)
        if (w->node[i].region == REGION_GLOBAL ||
            (w->node[i].region == REGION_HEAP && (beliefs & BELIEF_HEAP)))
            items |= bit(ITEM_NODE, i);
    for (unsigned i = 0; i < w->ntimer; i++)
        if (w->timer[i].armed && w->timer[i].func)
            items |= words_of(w, PLACE_TIMER, i, beliefs);
        else if (w->timer[i].armed)
            items |= bit(ITEM_SEND, w->timer[i].chan);
    for (unsigned i = 0; i < w->ncontext; i++)
        if (w->context[i].timeout)
            items |= bit(ITEM_CANCEL, i);
    return items;
}

/* The nearest that can be cancelled, itself or above; or itself: none. */
static unsigned cancelled_by(const struct world *w, unsigned context)
{
    unsigned at = w->context[context].parent;

    while (w->context[at].value && w->context[at].parent != at)
        at = w->context[at].parent;
    return w->context[at].value ? context : at;
}

static uint64_t step_context(const struct world *w, unsigned i, uint64_t have,
                             unsigned beliefs)
{
    uint64_t items = 0;

    if (have & bit(ITEM_READ, i))
        items |= bit(ITEM_READ, w->context[i].parent) |
                 words_of(w, PLACE_VALUE, i, beliefs);
    if (have & bit(ITEM_CANCEL, cancelled_by(w, i)))
        items |= bit(ITEM_CANCEL, i);
    return items;
}

/* What who receives from it gets: what is in it, and what is being sent. */
static uint64_t step_chan(const struct world *w, unsigned c, unsigned beliefs)
{
    uint64_t items = words_of(w, PLACE_BUFFER, c, beliefs);

    for (unsigned i = 0; i < w->nactor; i++)
        if (w->actor[i].nwait && w->actor[i].wait[0].kind == WAIT_SEND &&
            w->actor[i].wait[0].target == c)
            items |= words_of(w, PLACE_SENT, i, beliefs);
    return items;
}

static uint64_t step_timer(const struct world *w, unsigned t, unsigned beliefs)
{
    if (w->timer[t].func)
        return words_of(w, PLACE_TIMER, t, beliefs);
    return bit(ITEM_SEND, w->timer[t].chan) | bit(ITEM_RECV, w->timer[t].chan);
}

static uint64_t step_node(const struct world *w, unsigned n, unsigned beliefs)
{
    uint64_t items = words_of(w, PLACE_NODE, n, beliefs);

    if (w->node[n].region == REGION_STACK && (beliefs & BELIEF_STACK))
        items |= truth_actor(w, w->node[n].host, beliefs | BELIEF_WAITS);
    return items;
}

uint64_t truth_closure(const struct world *w, uint64_t items, unsigned beliefs)
{
    for (uint64_t was = 0; was != items;) {
        was = items;
        for (unsigned i = 0; i < w->nchan; i++)
            if (was & bit(ITEM_RECV, i))
                items |= step_chan(w, i, beliefs);
        for (unsigned i = 0; i < w->nnode; i++)
            if (was & bit(ITEM_NODE, i))
                items |= step_node(w, i, beliefs);
        for (unsigned i = 0; i < w->ncontext; i++)
            items |= step_context(w, i, was, beliefs);
        for (unsigned i = 0; i < w->ntimer; i++)
            if (was & bit(ITEM_TIMER, i))
                items |= step_timer(w, i, beliefs);
    }
    return items;
}

static bool wait_may_end(const struct world *w, unsigned set, uint64_t items,
                         unsigned kind, unsigned t)
{
    switch ((enum wait)kind) {
    case WAIT_RECV:
        return items & bit(ITEM_SEND, t);
    case WAIT_SEND:
        return items & bit(ITEM_RECV, t);
    case WAIT_DONE:
        return items & bit(ITEM_CANCEL, t);
    case WAIT_TIMER:
        return items & bit(ITEM_SEND, w->timer[t].chan);
    default:
        if (w->node[t].sync >= SYNC_MUTEX)
            return !(set >> w->node[t].owner & 1);
        return items & bit(ITEM_NODE, t);
    }
}

static bool is_stuck(const struct world *w, unsigned set, unsigned beliefs)
{
    uint64_t items = truth_roots(w, beliefs);

    for (unsigned i = 0; i < w->nactor; i++)
        if (!(set >> i & 1))
            items |= truth_actor(w, i, beliefs);
    items = truth_closure(w, items, beliefs);
    for (unsigned i = 0; i < w->nactor; i++) {
        const struct actor *a = &w->actor[i];

        if (!(set >> i & 1))
            continue;
        if (a->act != ACT_PARK)
            return false;
        for (unsigned k = 0; k < a->nwait; k++)
            if (wait_may_end(w, set, items, a->wait[k].kind, a->wait[k].target))
                return false;
    }
    return true;
}

unsigned truth(const struct world *w, unsigned beliefs)
{
    unsigned answer = 0;

    for (unsigned set = 1; set < 1u << w->nactor; set++)
        if ((set & answer) != set && is_stuck(w, set, beliefs))
            answer |= set;
    return answer;
}
