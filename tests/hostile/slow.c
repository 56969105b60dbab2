/* slow.c - scenarios whose steps take long. */
#define _GNU_SOURCE
#include <poll.h>
#include <vigil/scenario.h>

static void lock_slowly(struct go_mutex *m, int us, int times)
{
    const struct timespec t = {.tv_nsec = us * GO_MICROSECOND};

    while (times-- > 0) {
        go_mutex_lock(m);
        go_mutex_unlock(m);
        ppoll(NULL, 0, &t, NULL);
    }
}

static void slow_steps(int us, int times)
{
    static struct go_mutex m;
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, lock_slowly, &m, us, times);
    go_waitgroup_go(&wg, lock_slowly, &m, us, times);
    go_waitgroup_wait(&wg);
}

SCENARIO(long_steps, .about = "of which one goes beyond its time by more")
{
    slow_steps(650000, 10);
}

SCENARIO(many_steps, .about = "of which some thousand take too long together")
{
    slow_steps(250, 10000);
}
