/*
 * time.c - pieces over contexts, timers and tickers.
 */
#include "pieces.h"
#include <errno.h>
#include <vigil/go.h>

static void until_told(struct go_context *ctx, struct go_atomic *ended)
{
    int which;

    do {
        chan(go_instant) soon = go_after(GO_MILLISECOND * 3);

        which =
            go_select(GO_RECV(go_context_done(ctx), NULL), GO_RECV(soon, NULL));
        chan_free(soon);
    } while (which);
    go_atomic_add(ended, 1);
}

/* A tree of contexts, ended by its root's deadline or by hand. */
long piece_context_tree(struct draw *d)
{
    long n = 1 + draw(d, 60);
    bool by_hand = draw(d, 2);
    struct go_atomic ended = {0};
    struct go_waitgroup wg = {0};
    struct go_context *made[64];
    int want = by_hand ? -ECANCELED : -ETIMEDOUT, wrong = 0;

    made[0] = by_hand
                  ? go_context_with_cancel(go_context_background())
                  : go_context_with_timeout(go_context_background(),
                                            GO_MILLISECOND * (1 + draw(d, 40)));
    for (long i = 1; i < n; i++)
        made[i] = go_context_with_cancel(made[draw(d, (uint32_t)i)]);
    for (long i = 0; i < n; i++)
        go_waitgroup_go(&wg, until_told, made[i], &ended);
    if (by_hand)
        go_context_cancel(made[0]);
    go_waitgroup_wait(&wg);
    for (long i = 0; i < n; i++)
        wrong += go_context_err(made[i]) != want;
    while (n)
        go_context_free(made[--n]);
    return wrong ? -1 : go_atomic_load(&ended);
}

static void ring_bell(struct go_atomic *rung)
{
    go_atomic_add(rung, 1);
}

/* Each timer fires, or was stopped: never both, never neither. */
long piece_bells(struct draw *d)
{
    long n = 1 + draw(d, 200), fires = 0;
    struct go_atomic rung = {0};
    struct go_timer *timers[200];

    for (long i = 0; i < n; i++)
        timers[i] =
            go_after_func(GO_MICROSECOND * draw(d, 5000), ring_bell, &rung);
    for (long i = 0; i < n; i++)
        fires += draw(d, 2) || !go_timer_stop(timers[i]);
    while (go_atomic_load(&rung) < fires)
        go_sleep(GO_MILLISECOND);
    for (long i = 0; i < n; i++)
        go_timer_free(timers[i]);
    return go_atomic_load(&rung) == fires ? fires : -1;
}

static void doze(long microseconds)
{
    go_sleep(GO_MICROSECOND * microseconds);
}

long piece_sleepers(struct draw *d)
{
    struct go_waitgroup wg = {0};
    struct go_ticker *t = go_ticker_new(GO_MILLISECOND * (1 + draw(d, 5)));
    long n = 1 + draw(d, 500);

    for (long i = 0; i < n; i++)
        go_waitgroup_go(&wg, doze, (long)draw(d, 20000));
    for (long ticks = draw(d, 5); ticks; ticks--)
        chan_recv(t->c);
    go_waitgroup_wait(&wg);
    go_ticker_free(t);
    return n;
}
