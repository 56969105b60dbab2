/*
 * chan_model_test.c - channels against a model of 40 lines.
 *
 * A random sequence of sends, receives and a close, each by a goroutine of
 * its own, is done by the runtime and by the model; after each step all have
 * parked or ended, and who waits, who got what, and who panicked must agree.
 */
#include "tests/inside.h"

#include "runtime/base/rng.h"

enum {
    OPS = 60,
    ROUNDS = 300
};
enum kind {
    SEND,
    RECV,
    CLOSE
};
enum fate {
    PENDING,
    DONE,
    CLOSED,
    PANICKED
};

struct op {
    enum kind kind;
    enum fate fate;
    int v;
};

struct fifo {
    int at[OPS], from, to;
};

struct model {
    struct op op[OPS];
    struct fifo ring, sendq, recvq; /* values; operations */
    int cap;
    bool closed;
};

static void put(struct fifo *q, int x)
{
    q->at[q->to++] = x;
}

static int get(struct fifo *q)
{
    return q->from < q->to ? q->at[q->from++] : -1;
}

static int count(const struct fifo *q)
{
    return q->to - q->from;
}

static void end(struct op *op, enum fate fate, int v)
{
    op->fate = fate;
    op->v = v;
}

static void model_send(struct model *m, int i)
{
    struct op *op = &m->op[i];

    if (m->closed) {
        op->fate = PANICKED;
        return;
    }
    op->fate = DONE;
    if (count(&m->recvq)) {
        end(&m->op[get(&m->recvq)], DONE, op->v);
    } else if (count(&m->ring) < m->cap) {
        put(&m->ring, op->v);
    } else {
        op->fate = PENDING;
        put(&m->sendq, i);
    }
}

static void model_recv(struct model *m, int i)
{
    int s = -1;

    if (count(&m->ring)) {
        end(&m->op[i], DONE, get(&m->ring));
        if ((s = get(&m->sendq)) >= 0)
            put(&m->ring, m->op[s].v);
    } else if ((s = get(&m->sendq)) >= 0) {
        end(&m->op[i], DONE, m->op[s].v);
    } else if (m->closed) {
        end(&m->op[i], CLOSED, 0);
    } else {
        put(&m->recvq, i);
    }
    if (s >= 0)
        m->op[s].fate = DONE;
}

static void model_close(struct model *m, int i)
{
    int other;

    m->op[i].fate = m->closed ? PANICKED : DONE;
    m->closed = true;
    while ((other = get(&m->recvq)) >= 0)
        end(&m->op[other], CLOSED, 0);
    while ((other = get(&m->sendq)) >= 0)
        m->op[other].fate = PANICKED;
}

static void send_op(chan(int) c, struct op *op)
{
    chan_send(c, op->v);
}

static void close_op(chan(int) c)
{
    chan_close(c);
}

static void real(chan(int) c, struct op *op)
{
    char *message = NULL;
    int v = -1;

    if (op->kind == RECV) {
        bool ok = chan_recv_ok(c, &v);

        end(op, ok ? DONE : CLOSED, v);
        return;
    }
    message = op->kind == SEND ? go_try(send_op, c, op) : go_try(close_op, c);
    op->fate = message ? PANICKED : DONE;
    free(message);
}

static void step(struct model *m, struct op *mine, chan(int) c, int i)
{
    static void (*const does[])(struct model *, int) = {model_send, model_recv,
                                                        model_close};

    does[m->op[i].kind](m, i);
    go(real, c, &mine[i]);
    let_all_park();
    for (int k = 0; k <= i; k++)
        if (mine[k].fate != m->op[k].fate || mine[k].v != m->op[k].v)
            go_panic("cap %d, operation %d of kind %d: fate %d value %d, the "
                     "model says %d %d",
                     m->cap, k, mine[k].kind, mine[k].fate, mine[k].v,
                     m->op[k].fate, m->op[k].v);
    CHECK_EQ(chan_len(c), count(&m->ring));
}

static void round_of(struct rt_rng *r, int cap)
{
    struct model *m = calloc(1, sizeof(*m));
    struct op *mine = calloc(OPS, sizeof(*mine));
    chan(int) c = chan_make(int, cap);

    m->cap = cap;
    for (int i = 0; i < OPS; i++) {
        uint32_t x = rt_rng_below(r, 100);

        m->op[i].kind = mine[i].kind = x < 2 ? CLOSE : x < 51 ? SEND : RECV;
        m->op[i].v = mine[i].v = i + 1;
        step(m, mine, c, i);
    }
    if (!m->closed) {
        model_close(m, OPS - 1);
        chan_close(c); /* lets all end */
    }
    let_all_park();
    CHECK_EQ(go_count(), 1);
    chan_free(c);
    free(mine);
    free(m);
}

INSIDE_TEST(chan_model, agrees_with_channels_of_all_capacities)
{
    struct rt_rng r = {20240229};

    for (int i = 0; i < ROUNDS; i++)
        round_of(&r, i % 5);
}
