/* knot - each of three waits to hear from another before it says anything. */
#include <vigil/scenario.h>

static void peer(chan(int) inbox, chan(int) one, chan(int) other)
{
    int rumour = chan_recv(inbox);

    chan_send(one, rumour + 1);
    chan_send(other, rumour + 1);
}

static void meet(void)
{
    chan(int) to[3];

    for (int i = 0; i < 3; i++) {
        to[i] = chan_make(int, 0);
        chan_name(to[i], "to %d", i);
    }
    for (int i = 0; i < 3; i++)
        go(peer, to[i], to[(i + 1) % 3], to[(i + 2) % 3]);
}

SCENARIO(knot, .about = "everybody waits for somebody to begin",
         .expect = EXPECT_LEAK(3))
{
    meet();
    go_sleep(GO_SECOND);
}
