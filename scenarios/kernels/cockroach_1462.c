/*
 * cockroach_1462 - a producer looks whether to stop, and then sends anyway.
 *
 * A producer sends to a consumer until the stopper closes its channel. It
 * asks before each send whether that has happened, and then sends without
 * looking again. When the stop comes in between, the consumer may see it first
 * and go; the producer stays in its send, and main waits for both workers.
 * The fix: the send is one case of a select, the stop the other.
 *
 * Class: mixed (channel and wait group). Expected: DEADLOCK, of main and the
 * producer.
 */
#include <vigil/scenario.h>

struct stopper {
    struct go_mutex mu;
    struct go_cond idle; /* tasks came to 0 */
    bool winding;        /* [mu] */
    int tasks;           /* [mu] never any here */
    struct go_waitgroup workers;
    chan(bool) stop, stopped; /* only closed */
};

static bool must_stop(struct stopper *s)
{
    return go_select(GO_RECV(s->stop, NULL), GO_DEFAULT) == 0;
}

static void producer(struct stopper *s, chan(int) messages)
{
    go_defer(go_waitgroup_done, &s->workers);
    while (!must_stop(s))
        chan_send(messages, 1); /* the bug: the stop is not seen here */
}

static void producer_fixed(struct stopper *s, chan(int) messages)
{
    go_defer(go_waitgroup_done, &s->workers);
    while (go_select(GO_SEND(messages, 1), GO_RECV(s->stop, NULL)) == 0)
        ;
}

static void consumer(struct stopper *s, chan(int) messages)
{
    go_defer(go_waitgroup_done, &s->workers);
    while (go_select(GO_RECV(messages, NULL), GO_RECV(s->stop, NULL)) == 0)
        ;
}

static void drain(struct stopper *s)
{
    go_mutex_lock(&s->mu);
    s->winding = true;
    while (s->tasks > 0)
        go_cond_wait(&s->idle, &s->mu);
    go_mutex_unlock(&s->mu);
}

static void shutdown(struct stopper *s)
{
    drain(s);
    chan_close(s->stop);
    go_waitgroup_wait(&s->workers);
    go_mutex_lock(&s->mu);
    chan_close(s->stopped);
    go_mutex_unlock(&s->mu);
}

static void exchange(void (*produce)(struct stopper *, chan(int)))
{
    struct stopper stopper = {0};
    chan(int) messages = chan_make(int, 0);

    stopper.stop = chan_make(bool, 0);
    stopper.stopped = chan_make(bool, 0);
    go_waitgroup_add(&stopper.workers, 1);
    go(produce, &stopper, messages);
    go_waitgroup_add(&stopper.workers, 1);
    go(consumer, &stopper, messages);
    shutdown(&stopper);
}

SCENARIO(cockroach_1462,
         .about = "the consumer stops first, the producer sends",
         .expect = EXPECT_DEADLOCK, .explore = true,
         .origin = "GoKer cockroach_1462", .class = "mixed")
{
    exchange(producer);
}

SCENARIO(cockroach_1462_fixed, .about = "sends, or stops", .explore = true,
         .origin = "GoKer cockroach_1462", .class = "mixed")
{
    exchange(producer_fixed);
}
