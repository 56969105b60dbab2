/*
 * abba_memory_reused - two orders of addresses, but not of locks.
 *
 * Pattern: the second pair of locks lies where the first one lay, the other
 * way round; nothing keeps the two goroutines apart, and nothing need: they
 * never use the same lock. Expected: CLEAN, and no lock-order hint. Has no
 * twin.
 */
#include <string.h>
#include <vigil/scenario.h>

static struct go_mutex place[2];

static void both(long first, long turn)
{
    go_sleep(turn * GO_MILLISECOND);
    memset(place, 0, sizeof(place)); /* two new locks */
    go_mutex_lock(&place[first]);
    go_mutex_lock(&place[!first]);
    go_mutex_unlock(&place[!first]);
    go_mutex_unlock(&place[first]);
}

SCENARIO(abba_memory_reused, .about = "two orders of two pairs of locks")
{
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, both, 0l, 0l);
    go_waitgroup_go(&wg, both, 1l, 1l);
    go_waitgroup_wait(&wg);
}
