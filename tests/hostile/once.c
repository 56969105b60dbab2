/*
 * once.c - scenarios whose process dies in one execution, and in no other: what
 * says so is in memory that no execution is set back in.
 */
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>
#include <vigil/scenario.h>

enum {
    WHEN = 10 /* executions before; the first ones are compared with others */
};

static int *executions;

__attribute__((constructor)) static void share(void)
{
    executions = mmap(NULL, sizeof(*executions), PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
}

static void pass(struct go_mutex *mutex)
{
    go_mutex_lock(mutex);
    go_mutex_unlock(mutex);
}

/* Whether it is the one. */
static bool is_now(void)
{
    static struct go_mutex mutex;
    struct go_waitgroup wg = {0};

    for (int i = 0; i < 3; i++)
        go_waitgroup_go(&wg, pass, &mutex);
    go_waitgroup_wait(&wg);
    return (*executions)++ == WHEN;
}

SCENARIO(exits_once, .about = "ends itself as a sanitizer does, but once",
         .explore = true)
{
    fprintf(stderr, "execution\n");
    if (!is_now())
        return;
    for (int i = 0; i < 1000; i++)
        fprintf(stderr, "a long report, line %d\n", i);
    fprintf(stderr, "SUMMARY: what it was\n");
    _exit(66);
}

SCENARIO(is_killed_once, .about = "is ended from without, but once",
         .explore = true)
{
    if (is_now())
        kill(getpid(), SIGKILL);
}

SCENARIO(crashes_once, .about = "crashes, but once", .explore = true)
{
    if (is_now())
        raise(SIGBUS);
}
