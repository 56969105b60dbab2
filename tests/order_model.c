/* order_model.c - a program is drawn, its states are visited. */
#include "tests/order_model.h"

#include <string.h>

#include "runtime/base/rng.h"
#include "runtime/base/throw.h"

enum {
    STATES = (OPS + 1) * (OPS + 1) * (OPS + 1) * (OPS + 1)
};

struct state {
    uint8_t pc[GS];
};

struct program order_prog;

static struct rt_rng rng = {1};
static uint8_t seen[STATES], ends[STATES]; /* reached; and can end well */
static uint32_t stack[STATES];

static uint32_t below(uint32_t n)
{
    return rt_rng_below(&rng, n);
}

/* ---- programs --------------------------------------------------------- */

static void emit(int g, enum what what, int arg, int held)
{
    order_prog.op[g][order_prog.len[g]++] = (struct op){what, arg, held};
}

/* Locks, or lets go of one; what is held is in since[]: op + 1, 0: not. */
static void random_lock(int g, int *since)
{
    int l = (int)below(LOCKS);

    if (since[l]) {
        emit(g, UNLOCK, l, since[l] - 1);
        since[l] = 0;
    } else {
        since[l] = order_prog.len[g] + 1;
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
    return order_prog.len[g] + nheld(since) + more + 2 < OPS;
}

/* Channel c goes from goroutine c + 1 to another one, or to the main one. */
static void message(int *sent)
{
    int c = (int)below(CHANS), from = 1 + c, to = c ? 1 : (int)below(2) * 2;

    if (from >= order_prog.n || to >= order_prog.n || sent[c])
        return;
    if (order_prog.len[from] + 3 >= OPS || order_prog.len[to] + 3 >= OPS)
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
            order_prog.waits_inside |= nheld(since) > 0;
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
void order_draw(void)
{
    int sent[CHANS] = {0};
    bool joins = below(2);

    memset(&order_prog, 0, sizeof(order_prog));
    order_prog.n = 3 + (int)below(2);
    for (int g = 1; g < order_prog.n; g++) {
        emit(0, GO, g, 0);
        if (joins && below(3) == 0)
            emit(0, WAIT, g, 0);
    }
    for (int c = 0; c < CHANS; c++) {
        order_prog.cap[c] = (int)below(2);
        if (below(2))
            message(sent);
    }
    for (int c = 0; c < CHANS; c++)
        if (sent[c] == 1 && order_prog.len[0] > 5)
            sent[c] = 0;
    for (int g = 0; g < order_prog.n; g++)
        body(g, below(4) == 0, sent);
}

/* ---- its states -------------------------------------------------------- */

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
        n += order_prog.op[g][i].what == what && order_prog.op[g][i].arg == arg;
    return n;
}

/* The op since which g holds l, -1: it does not. */
static int since(const struct state *s, int g, int l)
{
    int at = -1;

    for (int i = 0; i < s->pc[g]; i++) {
        const struct op *o = &order_prog.op[g][i];

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

    return at >= 0 && !(o->what == RLOCK && order_prog.op[h][at].what == RLOCK);
}

static const struct op *next_op(const struct state *s, int g)
{
    return g < order_prog.n && s->pc[g] < order_prog.len[g]
               ? &order_prog.op[g][s->pc[g]]
               : NULL;
}

static int total(const struct state *s, enum what what, int arg)
{
    int n = 0;

    for (int g = 0; g < order_prog.n; g++)
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
    for (int h = 0; h < order_prog.n; h++) {
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
        for (int h = 0; h < order_prog.n; h++)
            if (h != g && excludes(s, h, o))
                return false;
        return true;
    case SEND:
        if (order_prog.cap[o->arg])
            return total(s, SEND, o->arg) - total(s, RECV, o->arg) <
                   order_prog.cap[o->arg];
        return partner(s, g, o) >= 0;
    case RECV:
        if (order_prog.cap[o->arg])
            return total(s, SEND, o->arg) > total(s, RECV, o->arg);
        return partner(s, g, o) >= 0;
    case WAIT:
        return s->pc[o->arg] == order_prog.len[o->arg];
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
    if ((o->what == SEND || o->what == RECV) && !order_prog.cap[o->arg])
        t.pc[partner(s, g, o)]++;
    return t;
}

static bool same_ring(const struct ring *a, const struct ring *b)
{
    return a->n == b->n &&
           !memcmp(a->part, b->part, (size_t)a->n * sizeof(a->part[0]));
}

bool order_has_ring(const struct rings *all, const struct ring *r)
{
    for (int i = 0; i < all->n; i++)
        if (same_ring(&all->ring[i], r))
            return true;
    return false;
}

void order_add_ring(struct rings *all, struct ring r)
{
    for (int i = 1; i < r.n; i++)
        for (int j = i; j > 0 && r.part[j - 1].g > r.part[j].g; j--) {
            struct part swap = r.part[j];

            r.part[j] = r.part[j - 1];
            r.part[j - 1] = swap;
        }
    rt_check(all->n < RINGS, "too many rings");
    if (!order_has_ring(all, &r))
        all->ring[all->n++] = r;
}

/* Rings from goroutine first on, through those with a higher number. */
static void rings_at(const struct state *s, const int *path, int n,
                     struct rings *reached)
{
    const struct op *o = next_op(s, path[n - 1]);

    if (!o || o->what > RLOCK || !started(s, path[n - 1]))
        return;
    for (int h = path[0]; h < order_prog.n; h++) {
        int more[GS + 1];
        bool told = false;

        for (int i = 1; i < n; i++)
            told |= path[i] == h;
        if (told || (h == path[0] && n == 1) || !excludes(s, h, o))
            continue;
        memcpy(more, path, (size_t)n * sizeof(*path));
        more[n] = h;
        if (h != path[0]) {
            rings_at(s, more, n + 1, reached);
            continue;
        }
        struct ring r = {.n = n};
        for (int i = 0; i < n; i++) {
            const struct op *before = next_op(s, path[(i + n - 1) % n]);

            r.part[i] = (struct part){(uint8_t)path[i],
                                      (uint8_t)since(s, path[i], before->arg),
                                      s->pc[path[i]]};
        }
        order_add_ring(reached, r);
    }
}

/* All states, with their rings; then those from which the end is reached. */
bool order_explore(struct rings *reached)
{
    struct state s = {{0}}, end = {{0}};
    uint32_t n = 0, visited = 0;
    bool more = true;

    memset(seen, 0, sizeof(seen));
    memset(ends, 0, sizeof(ends));
    reached->n = 0;
    seen[stack[n++] = number(&s)] = 1;
    while (visited < n) {
        s = numbered(stack[visited++]);
        for (int g = 0; g < order_prog.n; g++) {
            rings_at(&s, &g, 1, reached);
            if (!enabled(&s, g))
                continue;
            struct state t = after(&s, g);
            if (!seen[number(&t)])
                seen[stack[n++] = number(&t)] = 1;
        }
    }
    for (int g = 0; g < order_prog.n; g++)
        end.pc[g] = (uint8_t)order_prog.len[g];
    ends[number(&end)] = 1;
    while (more) {
        more = false;
        for (uint32_t i = n; i-- > 0;) {
            s = numbered(stack[i]);
            for (int g = 0; g < order_prog.n && !ends[stack[i]]; g++) {
                if (!enabled(&s, g))
                    continue;
                struct state t = after(&s, g);
                ends[stack[i]] = ends[number(&t)];
                more |= ends[stack[i]];
            }
        }
    }
    return ends[0];
}

void order_schedule(int to[GS * OPS + 1])
{
    struct state s = {{0}};
    int at = 0;

    for (;;) {
        int can[GS], n = 0;

        for (int g = 0; g < order_prog.n; g++) {
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
        to[at++] = g;
        if ((o->what == SEND || o->what == RECV) && !order_prog.cap[o->arg])
            to[at++] = partner(&s, g, o);
        s = after(&s, g);
    }
    to[at] = -1;
}
