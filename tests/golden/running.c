/*
 * running - leaks that are proven while the program goes on: who could wake
 * them is stuck itself, has ended, or has no handle any more.
 */
#include <stdlib.h>
#include <vigil/scenario.h>

struct work {
    chan_receiver(int) in;
};

static void heart(void)
{
    struct go_ticker *t = go_ticker_new(10 * GO_MILLISECOND);

    go_name("heart");
    chan_range(now, t->c) {
        (void)now;
    }
}

__attribute__((noinline)) static void take(struct work *work, int n)
{
    for (int i = 0; i < n; i++)
        chan_recv(work->in);
    free(work); /* the only handle it had */
}

static void consume(struct work *work)
{
    go_name("consumer");
    take(work, 3);
    go_select();
}

static void produce(chan_sender(int) out, struct go_waitgroup *wg)
{
    go_name("producer");
    for (int i = 0; i < 10; i++)
        chan_send(out, i);
    go_waitgroup_done(wg);
}

__attribute__((noinline)) static void hire(struct go_waitgroup *wg)
{
    chan(int) items = chan_make(int, 0);
    struct work *work = malloc(sizeof *work);

    chan_name(items, "items");
    work->in = chan_as_receiver(items);
    go(produce, chan_as_sender(items), wg);
    go(consume, work);
}

static void supervise(void)
{
    struct go_waitgroup wg = {0};

    go_name("supervisor");
    go_waitgroup_add(&wg, 1);
    hire(&wg);
    go_waitgroup_wait(&wg);
}

SCENARIO(running, .about = "a consumer that has had enough",
         .expect = EXPECT_LEAK(3))
{
    go(heart);
    go(supervise);
    go_sleep(GO_SECOND);
}
