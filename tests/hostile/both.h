/* both.h - two goroutines, and the end of both. */
#ifndef TESTS_HOSTILE_BOTH_H
#define TESTS_HOSTILE_BOTH_H

#include <vigil/go.h>

static void both(void (*one)(void), void (*other)(void))
{
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, one);
    go_waitgroup_go(&wg, other);
    go_waitgroup_wait(&wg);
}

#endif
