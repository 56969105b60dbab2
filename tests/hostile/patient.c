/* patient.c - who waits in a loop, and gives up after some rounds. */
#include <vigil/scenario.h>

static void look_for_it(struct go_atomic *it, int most)
{
    for (int i = 0; i < most && !go_atomic_load(it); i++)
        go_yield();
}

static void beside(int lookers, int most)
{
    struct go_atomic it = {0};
    struct go_waitgroup wg = {0};

    for (int i = 0; i < lookers; i++)
        go_waitgroup_go(&wg, look_for_it, &it, most);
    go_atomic_store(&it, 1);
    go_waitgroup_wait(&wg);
}

SCENARIO(looks_10, .about = "ten times", .explore = true)
{
    beside(1, 10);
}

SCENARIO(looks_50, .about = "fifty times", .explore = true)
{
    beside(1, 50);
}

SCENARIO(look_20, .about = "two, twenty times each", .explore = true)
{
    beside(2, 20);
}

SCENARIO(looks_1000, .about = "more often than is tried", .explore = true)
{
    beside(1, 1000);
}
