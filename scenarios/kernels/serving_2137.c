/*
 * serving_2137 - the second request overtakes the first.
 *
 * A breaker admits two requests and lets one of them work. The test holds back
 * both jobs, by a lock each, and lets them go one after the other: it waits
 * for the first to be through before it releases the second. That a worker has
 * started does not mean that it has the slot: if the second has it, it waits
 * for its release, the first for the slot, and main for the first. The fix:
 * both are released before any result is waited for.
 *
 * Class: mixed (channel and lock). Expected: DEADLOCK in rare schedules: the
 * second worker at its lock, which main owns, the first at the slot, main for
 * the first. Origin: GoKer serving_2137.
 */
#include <stdlib.h>
#include <vigil/scenario.h>

#define REQUESTS 2

struct breaker {
    chan(bool) pending, active;
};
struct request {
    struct go_mutex hold;
    struct go_waitgroup started;
    chan(bool) accepted;
};

static bool admitted(struct breaker *b, struct request *r)
{
    if (!chan_try_send(b->pending, true))
        return false;
    chan_send(b->active, true); /* the slot */
    go_mutex_lock(&r->hold);    /* the job */
    go_mutex_unlock(&r->hold);
    chan_recv(b->active);
    chan_recv(b->pending);
    return true;
}

static void worker(struct breaker *b, struct request *r, int i)
{
    go_name("worker %d", i);
    go_waitgroup_done(&r->started);
    chan_send(r->accepted, admitted(b, r));
}

static struct request *start(struct breaker *b, int i)
{
    struct request *r = calloc(1, sizeof(*r));

    r->accepted = chan_make(bool, 1);
    chan_name(r->accepted, "accepted %d", i);
    go_label(&r->hold, "hold %d", i);
    go_mutex_lock(&r->hold);
    go_waitgroup_add(&r->started, 1);
    go(worker, b, r, i);
    go_waitgroup_wait(&r->started); /* it runs, and need not have the slot */
    return r;
}

static void start_all(struct request **requests)
{
    struct breaker *b = calloc(1, sizeof(*b));

    b->pending = chan_make(bool, REQUESTS);
    b->active = chan_make(bool, 1);
    chan_name(b->pending, "pending");
    chan_name(b->active, "active");
    for (int i = 0; i < REQUESTS; i++) {
        go_yield();
        requests[i] = start(b, i + 1);
    }
}

static void collect(struct request *r)
{
    bool accepted = chan_recv(r->accepted);

    chan_send(r->accepted, accepted);
}

SCENARIO(serving_2137, .about = "the second request has the only slot",
         .expect = EXPECT_DEADLOCK, .explore = true,
         .origin = "GoKer serving_2137", .class = "mixed")
{
    struct request *requests[REQUESTS];

    start_all(requests);
    for (int i = 0; i < REQUESTS; i++) {
        go_mutex_unlock(&requests[i]->hold);
        collect(requests[i]);
    }
}

SCENARIO(serving_2137_fixed, .about = "both are released, then collected",
         .explore = true, .origin = "GoKer serving_2137", .class = "mixed")
{
    struct request *requests[REQUESTS];

    start_all(requests);
    for (int i = 0; i < REQUESTS; i++)
        go_mutex_unlock(&requests[i]->hold);
    for (int i = 0; i < REQUESTS; i++)
        collect(requests[i]);
}
