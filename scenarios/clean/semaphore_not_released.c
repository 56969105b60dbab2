/*
 * semaphore_not_released - the twin: the release is deferred.
 *
 * Expected: CLEAN, and all units are back.
 */
#include "scenarios/check.h"

static struct go_semaphore limit = {.free = 2};

static void give_back(struct go_semaphore *s)
{
    go_semaphore_release(s, 1);
}

static void request(int id)
{
    go_sleep(id * GO_MILLISECOND);
    go_semaphore_acquire(&limit, 1);
    go_defer(give_back, &limit);
    if (id < 2)
        return;
    go_sleep(GO_MILLISECOND);
}

SCENARIO(semaphore_not_released, .about = "the release is deferred")
{
    struct go_waitgroup wg = {0};

    for (int i = 0; i < 3; i++)
        go_waitgroup_go(&wg, request, i);
    go_waitgroup_wait(&wg);
    CHECK(go_semaphore_tryacquire(&limit, 2));
    CHECK(!go_semaphore_tryacquire(&limit, 1));
}
