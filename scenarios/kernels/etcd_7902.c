/*
 * etcd_7902 - who waits for the leader keeps the leader out.
 *
 * What it did: a test tool for elections lets three clients go through a
 * hundred rounds. In each a client remembers the channel of the round, and
 * releases: the leader closes that channel and makes the next, and everybody
 * waits until the one that he remembered is closed. Release runs with the
 * lock of the rounds held.
 * Why it bites: a follower who comes to release before the leader waits, with
 * the lock, for a close that needs the lock.
 * The fix: not to hold it there. And as a late follower would then wait for a
 * leader who has ended, the leader closes a round when all have remembered it.
 * Class: mixed (channel and lock). Expected: LEAK of who supervises, of a
 * follower with the lock, and of those who want it. In the program itself
 * nobody was the leader, by a loop variable that all clients shared.
 * Origin: GoKer etcd_7902.
 */
#include <stdlib.h>
#include <vigil/scenario.h>

#define CLIENTS 3
#define LEADER  0
#define ROUNDS  100

struct election {
    struct go_mutex mu;
    struct go_waitgroup clients;
    chan(bool) next;       /* [mu] closed when its round ends */
    chan(bool) remembered; /* a token of each follower and round */
};

static void begin_round(struct election *e)
{
    e->next = chan_make(bool, 0);
    chan_name(e->next, "round");
}

static void end_round(struct election *e)
{
    chan_close(e->next);
    begin_round(e);
}

static chan(bool) remember(struct election *e)
{
    go_mutex_lock(&e->mu);
    chan(bool) mine = e->next;
    go_mutex_unlock(&e->mu);
    return mine;
}

static void release(struct election *e, int client, chan(bool) mine)
{
    go_mutex_lock(&e->mu);
    if (client == LEADER)
        end_round(e);
    chan_recv(mine); /* with the lock */
    go_mutex_unlock(&e->mu);
}

static void release_fixed(struct election *e, int client, chan(bool) mine)
{
    if (client == LEADER) {
        for (int i = 1; i < CLIENTS; i++)
            chan_recv(e->remembered);
        go_mutex_lock(&e->mu);
        end_round(e);
        go_mutex_unlock(&e->mu);
    } else {
        chan_send(e->remembered, true);
    }
    chan_recv(mine);
}

typedef void release_fn(struct election *, int client, chan(bool) mine);

static void run_client(struct election *e, int client, release_fn *let_go)
{
    go_name(client == LEADER ? "leader" : "follower");
    for (int round = 0; round < ROUNDS; round++)
        let_go(e, client, remember(e));
}

static void supervise(struct election *e, release_fn *let_go)
{
    go_name("supervisor");
    begin_round(e);
    e->remembered = chan_make(bool, 0);
    chan_name(e->remembered, "remembered");
    for (int i = 0; i < CLIENTS; i++)
        go_waitgroup_go(&e->clients, run_client, e, i, let_go);
    go_waitgroup_wait(&e->clients);
}

SCENARIO(etcd_7902, .about = "a wait for the leader, with the leader's lock",
         .expect = EXPECT_LEAKS(2, 4), .explore = true,
         .origin = "GoKer etcd_7902", .class = "mixed")
{
    struct election *e = calloc(1, sizeof(*e));

    go(supervise, e, release);
}

SCENARIO(etcd_7902_fixed, .about = "a wait for the leader without his lock",
         .explore = true, .origin = "GoKer etcd_7902", .class = "mixed")
{
    struct election *e = calloc(1, sizeof(*e));

    go(supervise, e, release_fixed);
}
