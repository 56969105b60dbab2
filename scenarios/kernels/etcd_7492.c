/*
 * etcd_7492 - tokens are handed to their keeper with the store locked.
 *
 * What it did: an authentication store gives out tokens. Its keeper, a
 * goroutine of its own, gets each new token over a channel with room for one,
 * and on every tick deletes the expired ones by a callback that locks the
 * store. To add a token, a login locks the store and sends.
 * Why it bites: on a tick the keeper wants the store; a login has locked it
 * and finds the channel full, which only the keeper empties.
 * The fix: to send when the store is unlocked.
 * Class: mixed (channel and lock). Expected: DEADLOCK of the keeper, a login
 * and main, who waits for the logins. Origin: GoKer etcd_7492.
 */
#include <vigil/scenario.h>

#define LOGINS 3

struct store {
    struct go_rwmutex mu; /* of the tokens */
    struct go_waitgroup logins;
    struct go_ticker *ticks;
    chan(int) add;
    chan(chan(bool)) stop; /* carries where to say that it is done */
    int tokens;            /* [keeper] */
};

static void delete_expired(struct store *s)
{
    while (s->tokens > 0) {
        go_rwmutex_lock(&s->mu);
        go_rwmutex_unlock(&s->mu);
        s->tokens--;
    }
}

static void keep(struct store *s)
{
    chan(bool) stopped;
    int token;

    go_name("keeper");
    for (;;) {
        switch (go_select(GO_RECV(s->add, &token), GO_RECV(s->ticks->c, NULL),
                          GO_RECV(s->stop, &stopped))) {
        case 0:
            s->tokens = 1; /* there is only one name */
            break;
        case 1:
            delete_expired(s);
            break;
        case 2:
            chan_send(stopped, true);
            go_ticker_stop(s->ticks);
            return;
        }
    }
}

static void login(struct store *s)
{
    go_name("login");
    go_rwmutex_lock(&s->mu);
    chan_send(s->add, 1); /* with the store locked */
    go_rwmutex_unlock(&s->mu);
}

static void login_fixed(struct store *s)
{
    go_name("login");
    go_rwmutex_lock(&s->mu);
    go_rwmutex_unlock(&s->mu);
    chan_send(s->add, 1);
}

static void disable(struct store *s)
{
    chan(bool) stopped = chan_make(bool, 0);

    chan_name(stopped, "stopped");
    chan_send(s->stop, stopped);
    chan_recv(stopped);
    chan_close(s->stop);
    go_rwmutex_lock(&s->mu);
    go_rwmutex_unlock(&s->mu);
}

static void serve(void (*add_token)(struct store *))
{
    static struct store s;

    s.add = chan_make(int, 1);
    s.stop = chan_make(chan(bool), 0);
    chan_name(s.add, "add");
    chan_name(s.stop, "stop");
    s.ticks = go_ticker_new(GO_NANOSECOND);
    go(keep, &s);
    for (int i = 0; i < LOGINS; i++)
        go_waitgroup_go(&s.logins, add_token, &s);
    go_waitgroup_wait(&s.logins);
    disable(&s);
}

SCENARIO(etcd_7492, .about = "a send to the keeper, with its lock held",
         .expect = EXPECT_DEADLOCK, .explore = true,
         .origin = "GoKer etcd_7492", .class = "mixed")
{
    serve(login);
}

SCENARIO(etcd_7492_fixed, .about = "a send to the keeper when it is unlocked",
         .explore = true, .origin = "GoKer etcd_7492", .class = "mixed")
{
    serve(login_fixed);
}
