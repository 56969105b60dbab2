/*
 * chat_room - all members see all messages, in one order.
 *
 * Pattern: fan-in to a hub, fan-out to the members' inboxes. Expected: CLEAN;
 * the orders are equal, and everybody's own messages are in theirs.
 */
#include <string.h>
#include "scenarios/check.h"

enum {
    MEMBERS = 5,
    EACH = 10,
    ALL = MEMBERS * EACH
};

struct room {
    chan(int) hub, inbox[MEMBERS];
    int heard[MEMBERS][ALL]; /* one row a member */
};

static void run_hub(struct room *r)
{
    for (int i = 0; i < ALL; i++) {
        int message = chan_recv(r->hub);

        for (int m = 0; m < MEMBERS; m++)
            chan_send(r->inbox[m], message);
    }
}

static void talk(struct room *r, int me)
{
    for (int i = 0; i < EACH; i++) {
        chan_send(r->hub, me * EACH + i);
        go_yield();
    }
}

static void listen(struct room *r, int me)
{
    int next = me * EACH; /* of my own messages */

    for (int i = 0; i < ALL; i++) {
        int message = chan_recv(r->inbox[me]);

        r->heard[me][i] = message;
        if (message / EACH == me)
            CHECK_EQ(message, next++);
    }
    CHECK_EQ(next, (me + 1) * EACH);
}

SCENARIO(chat_room, .about = "five members hear one order")
{
    struct room r = {.hub = chan_make(int, 0)};
    struct go_waitgroup wg = {0};

    for (int m = 0; m < MEMBERS; m++)
        r.inbox[m] = chan_make(int, 0);
    go_waitgroup_go(&wg, run_hub, &r);
    for (int m = 0; m < MEMBERS; m++) {
        go_waitgroup_go(&wg, talk, &r, m);
        go_waitgroup_go(&wg, listen, &r, m);
    }
    go_waitgroup_wait(&wg);
    for (int m = 1; m < MEMBERS; m++)
        CHECK(!memcmp(r.heard[0], r.heard[m], sizeof r.heard[0]));
}
