/*
 * semaphore_not_released - the error path keeps its unit.
 *
 * Pattern: a limit on concurrent requests that shrinks with each error.
 * Expected: LEAK(1): the third request finds no unit left. Origin: classic.
 */
#include <vigil/scenario.h>

static struct go_semaphore limit = {.free = 2};

static void request(int id)
{
    go_sleep(id * GO_MILLISECOND);
    go_semaphore_acquire(&limit, 1);
    if (id < 2)
        return; /* the bug: an error */
    go_semaphore_release(&limit, 1);
}

SCENARIO(semaphore_not_released, .about = "errors eat up a semaphore",
         .expect = EXPECT_LEAK(1))
{
    for (int i = 0; i < 3; i++)
        go(request, i);
}
