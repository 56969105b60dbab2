/*
 * unshown.c - what a search comes to, and the run that is shown does not: it
 * leads its group of processes, and waits there for what never comes.
 */
#include <unistd.h>
#include <vigil/scenario.h>

static void wait_if_shown(void)
{
    if (getpid() == getpgrp())
        go_blocking(pause);
}

static void lock_once(struct go_mutex *m)
{
    go_mutex_lock(m);
    go_mutex_unlock(m);
}

SCENARIO(unshown, .about = "all is well where it comes to its end")
{
    static struct go_mutex m;
    struct go_waitgroup wg = {0};

    wait_if_shown();
    go_waitgroup_go(&wg, lock_once, &m);
    go_waitgroup_go(&wg, lock_once, &m);
    go_waitgroup_wait(&wg);
}

static void lock_twice(struct go_mutex *m)
{
    go_mutex_lock(m);
    go_mutex_lock(m);
}

SCENARIO(unshown_deadlock, .about = "nothing is, and that is expected",
         .expect = EXPECT_DEADLOCK)
{
    static struct go_mutex m;

    wait_if_shown();
    lock_twice(&m);
}

SCENARIO(unshown_leak, .about = "how many are stuck nobody has seen",
         .expect = EXPECT_LEAK(1))
{
    static struct go_mutex m;

    wait_if_shown();
    go(lock_twice, &m);
}
