/* play_chan.c - what goroutines do with channels. */
#include "tests/oracle/game.h"

/* The channel that a place stands for. */
static struct go_chan *channel(unsigned place)
{
    if (place <= PLACE_B)
        return (struct go_chan *)play_game.c[place];
    if (place == PLACE_TIMER)
        return (struct go_chan *)play_game.timer->c;
    if (place < PLACE_NIL)
        return (struct go_chan *)go_context_done(
            play_game.ctx[place - PLACE_DONE]);
    return NULL;
}

static void do_send(struct player *me, const struct op *o)
{
    int64_t v = program_value(me->index, me->at, 0);

    go_chan_send_at(channel(o->a), &v, GO_SITE("send"));
    play_note(me, 's');
}

static void do_recv(struct player *me, const struct op *o)
{
    int64_t v = 0;
    bool ok = go_chan_recv_at(channel(o->a), &v, GO_SITE("recv"));

    play_note(me, ok);
    play_note(me, v);
}

static void do_trysend(struct player *me, const struct op *o)
{
    int64_t v = program_value(me->index, me->at, 0);

    play_note(me, go_chan_try_send_at(channel(o->a), &v, GO_SITE("trysend")));
}

static void do_tryrecv(struct player *me, const struct op *o)
{
    int64_t v = 0;
    int got = go_chan_try_recv_at(channel(o->a), &v, GO_SITE("tryrecv"));

    play_note(me, got < 0 ? 2 : got);
    play_note(me, got ? v : 0);
}

static void do_select(struct player *me, const struct op *o)
{
    struct go_case cases[CASES + 1];
    int64_t v[CASES] = {0};
    bool ok[CASES] = {false};
    int i;

    for (unsigned k = 0; k < o->ncase; k++) {
        bool send = o->way[k].send;

        if (send)
            v[k] = program_value(me->index, me->at, k);
        cases[k] = (struct go_case){.op = send ? GO_CASE_SEND : GO_CASE_RECV,
                                    .chan = channel(o->way[k].place),
                                    .value = &v[k],
                                    .ok = send ? NULL : &ok[k],
                                    .site = GO_SITE("case")};
    }
    cases[o->ncase] = GO_DEFAULT;
    i = go_select_at(cases, o->ncase + o->otherwise, GO_SITE("select"));
    play_note(me, i);
    if (i < o->ncase && !o->way[i].send) {
        play_note(me, ok[i]);
        play_note(me, v[i]);
    }
}

static void do_close(struct player *me, const struct op *o)
{
    (void)me;
    go_chan_close_at(channel(o->a), GO_SITE("close"));
}

static void do_len(struct player *me, const struct op *o)
{
    play_note(me, (int64_t)go_chan_len(channel(o->a)));
}

play_fn *const play_chan_does[V_COUNT] = {
    [V_SEND] = do_send,       [V_RECV] = do_recv,     [V_TRYSEND] = do_trysend,
    [V_TRYRECV] = do_tryrecv, [V_SELECT] = do_select, [V_CLOSE] = do_close,
    [V_LEN] = do_len,
};
