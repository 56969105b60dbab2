/*
 * grpc_795 - a server is stopped, and its lock kept.
 *
 * What it did: stopping a server gently takes its lock, and returns without
 * giving it back; if it is stopped already, where it should give it back, it
 * takes it once more.
 * Why it bites: always, when it is stopped again.
 * The fix: unlock on both ways out.
 * Class: resource (lock). Expected: DEADLOCK of main; who serves is stuck too,
 * if it comes after the first stop. Origin: GoKer grpc_795.
 */
#include <stdlib.h>
#include <vigil/scenario.h>

#define STOPS 3

struct server {
    struct go_mutex mu;
    bool ended; /* [mu] */
};

static void serve(struct server *s)
{
    go_name("server");
    go_mutex_lock(&s->mu);
    go_mutex_unlock(&s->mu);
}

static void stop(struct server *s)
{
    go_mutex_lock(&s->mu);
    if (s->ended) {
        go_mutex_lock(&s->mu); /* where an unlock was meant */
        return;
    }
    s->ended = true;
}

static void stop_fixed(struct server *s)
{
    go_mutex_lock(&s->mu);
    if (s->ended) {
        go_mutex_unlock(&s->mu);
        return;
    }
    s->ended = true;
    go_mutex_unlock(&s->mu);
}

static void test_stops(void (*stop_it)(struct server *))
{
    struct server *s = calloc(1, sizeof(*s));

    go(serve, s);
    for (int i = 0; i < STOPS; i++)
        stop_it(s);
}

SCENARIO(grpc_795, .about = "a stop that keeps the lock",
         .expect = EXPECT_DEADLOCK, .explore = true, .origin = "GoKer grpc_795",
         .class = "resource")
{
    test_stops(stop);
}

SCENARIO(grpc_795_fixed, .about = "a stop that gives the lock back",
         .explore = true, .origin = "GoKer grpc_795", .class = "resource")
{
    test_stops(stop_fixed);
}
