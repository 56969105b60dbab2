/* lengthy.c - scenarios whose failures need tokens that are very long. */
#include <vigil/scenario.h>

enum {
    DEEP = 60 /* generations, each a letter of a path */
};

static struct go_atomic last;
static int turns;

static void alternate(int me, int times, int most)
{
    for (int i = 0; i < times; i++)
        if (go_atomic_swap(&last, me) == 3 - me && ++turns == most)
            go_panic("%d times in turn", most);
}

SCENARIO(in_turn, .about = "fails when two go on in turn, 20,000 times",
         .expect = EXPECT_PANIC("times in turn"))
{
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, alternate, 1, 12500, 20000);
    go_waitgroup_go(&wg, alternate, 2, 12500, 20000);
    go_waitgroup_wait(&wg);
}

static void nothing(void)
{
}

/* Never the same letter twice in a row: that would be counted. */
static void descend(int left, struct go_waitgroup *wg)
{
    if (left > 0) {
        if (left % 2)
            go(nothing);
        go_waitgroup_go(wg, descend, left - 1, wg);
        return;
    }
    go_waitgroup_go(wg, alternate, 1, 49000, 64000);
    go_waitgroup_go(wg, alternate, 2, 49000, 64000);
}

SCENARIO(in_turn_deep, .about = "the same, longer, by goroutines of long names",
         .expect = EXPECT_PANIC("times in turn"))
{
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, descend, DEEP, &wg);
    go_waitgroup_wait(&wg);
}
