/*
 * cockroach_10214 - heartbeats are handed out under the lock of their queue.
 *
 * A store gathers the heartbeats of its replicas in one queue. Its sender
 * locks the queue and tells each replica of each response, which locks the
 * replica. The ticker of a replica holds that replica's locks and queues a
 * heartbeat, which locks the queue. The orders are opposite: the sender has
 * the queue and wants the replica, the ticker has the replica and wants the
 * queue. The fix: the sender takes the responses out of the queue, gives the
 * lock back, and then visits the replicas.
 *
 * Class: resource. Expected: LEAK(2), sender and ticker.
 */
#include <vigil/scenario.h>

#define REPLICAS  2
#define RESPONSES 2

struct replica {
    struct go_mutex raft;
    struct go_mutex state; /* inside raft */
};

static struct store {
    struct go_mutex coalesced; /* the queue of heartbeats */
    int responses;             /* [coalesced] */
    struct replica replicas[REPLICAS];
} store;

static void report_unreachable(struct replica *r)
{
    go_mutex_lock(&r->raft);
    go_mutex_unlock(&r->raft);
}

static void tell_replicas(struct store *s, int responses)
{
    for (int i = 0; i < responses; i++)
        for (int r = 0; r < REPLICAS; r++)
            report_unreachable(&s->replicas[r]);
}

static void sender(struct store *s)
{
    go_mutex_lock(&s->coalesced);
    tell_replicas(s, s->responses); /* the bug: with the queue locked */
    go_mutex_unlock(&s->coalesced);
}

static void sender_fixed(struct store *s)
{
    go_mutex_lock(&s->coalesced);
    int responses = s->responses;
    s->responses = 0;
    go_mutex_unlock(&s->coalesced);
    tell_replicas(s, responses);
}

static void queue_heartbeat(struct store *s)
{
    go_mutex_lock(&s->coalesced);
    go_mutex_unlock(&s->coalesced);
}

static void ticker(struct store *s, struct replica *r)
{
    go_mutex_lock(&r->raft);
    go_mutex_lock(&r->state);
    for (int i = 0; i < REPLICAS; i++)
        queue_heartbeat(s);
    go_mutex_unlock(&r->state);
    go_mutex_unlock(&r->raft);
}

static void heartbeats(void (*send)(struct store *))
{
    store.responses = RESPONSES;
    go(send, &store);
    go(ticker, &store, &store.replicas[0]);
}

SCENARIO(cockroach_10214, .about = "heartbeats told under the queue's lock",
         .expect = EXPECT_LEAK(2), .explore = true,
         .origin = "GoKer cockroach_10214", .class = "resource")
{
    heartbeats(sender);
}

SCENARIO(cockroach_10214_fixed, .about = "the queue is emptied, then told",
         .explore = true, .origin = "GoKer cockroach_10214",
         .class = "resource")
{
    heartbeats(sender_fixed);
}
