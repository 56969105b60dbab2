/*
 * usual.c - fails by the default schedule, and hardly by any other.
 */
#include <vigil/scenario.h>

enum {
    N = 30
};

SCENARIO(usual, .about = "always the first of two that are ready",
         .explore = true)
{
    chan(int) a = chan_make(int, N), b = chan_make(int, N);
    int first = 0;

    for (int i = 0; i < N; i++) {
        chan_send(a, 1);
        chan_send(b, 1);
    }
    for (int i = 0; i < N; i++)
        first += go_select(GO_RECV(a, NULL), GO_RECV(b, NULL)) == 0;
    if (first == N)
        go_panic("always the first");
}
