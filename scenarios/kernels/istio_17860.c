/*
 * istio_17860 - the only reader of exits leaves before all have exited.
 *
 * What it did: an agent runs a proxy, an epoch after each restart; whoever
 * waits for an epoch to exit tells the agent. The agent's loop ends when no
 * epoch is active, or when it is cancelled. A restart waits a little for the
 * epoch before it to become live, with the lock of the epochs held.
 * Why it bites: the loop is cancelled, or sees no active epoch just before the
 * next one begins; who waits for the others tells nobody.
 * The fix: room for all the exits.
 * Class: communication (channel and context). Expected: LEAK of who waits for
 * one epoch, or for both. Origin: GoKer istio_17860.
 */
#include <stdlib.h>
#include <vigil/scenario.h>

#define EPOCHS    2
#define POLL_LIVE (30 * GO_NANOSECOND)
#define GRACE     (100 * GO_NANOSECOND)
#define RUNS_FOR  (200 * GO_NANOSECOND)

struct agent {
    struct go_mutex mu;
    int epoch;               /* [mu] the latest */
    bool active[EPOCHS + 1]; /* [mu] */
};

static int remaining_locked(const struct agent *a)
{
    int n = 0;

    for (int e = 1; e <= EPOCHS; e++)
        n += a->active[e];
    return n;
}

static int remove_epoch(struct agent *a, int epoch)
{
    int n;

    go_mutex_lock(&a->mu);
    a->active[epoch] = false;
    n = remaining_locked(a);
    go_mutex_unlock(&a->mu);
    return n;
}

static void run_agent(struct agent *a, chan_receiver(int) exits,
                      struct go_context *ctx)
{
    int epoch;

    go_name("agent");
    while (go_select(GO_RECV(exits, &epoch),
                     GO_RECV(go_context_done(ctx), NULL)) == 0)
        if (remove_epoch(a, epoch) == 0)
            return;
}

static bool is_live(void)
{
    return false;
}

static void wait_until_live_locked(struct agent *a)
{
    struct go_ticker *poll;
    struct go_timer *grace;

    if (remaining_locked(a) == 0 || is_live())
        return;
    poll = go_ticker_new(POLL_LIVE);
    grace = go_timer_new(GRACE);
    while (go_select(GO_RECV(grace->c, NULL), GO_RECV(poll->c, NULL)) == 1)
        if (is_live())
            break;
    go_timer_stop(grace);
    go_ticker_stop(poll);
}

static void wait_for_exit(chan_sender(int) exits, int epoch)
{
    go_name("waiter for epoch %d", epoch);
    chan_send(exits, epoch);
}

static void restart(struct agent *a, chan_sender(int) exits)
{
    go_mutex_lock(&a->mu);
    wait_until_live_locked(a);
    a->active[++a->epoch] = true;
    go(wait_for_exit, exits, a->epoch);
    go_mutex_unlock(&a->mu);
}

static void test_restarts(int room)
{
    struct agent *a = calloc(1, sizeof(*a));
    chan(int) exits = chan_make(int, room);
    struct go_context *ctx = go_context_with_cancel(go_context_background());

    chan_name(exits, "exits");
    go(run_agent, a, chan_as_receiver(exits), ctx);
    restart(a, chan_as_sender(exits));
    go(restart, a, chan_as_sender(exits));
    go_sleep(RUNS_FOR);
    go_context_cancel(ctx);
}

SCENARIO(istio_17860, .about = "a loop that leaves before all exits are told",
         .expect = EXPECT_LEAKS(1, 2), .explore = true,
         .origin = "GoKer istio_17860", .class = "communication")
{
    test_restarts(0);
}

SCENARIO(istio_17860_fixed, .about = "exits that need no reader",
         .explore = true, .origin = "GoKer istio_17860",
         .class = "communication")
{
    test_restarts(EPOCHS);
}
