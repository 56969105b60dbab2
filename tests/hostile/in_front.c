/* in_front.c - a livelock, and a panic that comes of another order before it. */
#include <vigil/scenario.h>

struct place {
    struct go_mutex m;
    int first;
    struct go_atomic state;
};

static void come(struct place *p, int me)
{
    bool late;

    go_mutex_lock(&p->m);
    if (!p->first)
        p->first = me;
    late = p->first == 2;
    go_mutex_unlock(&p->m);
    if (late)
        go_panic("the second was first");
    while (!go_atomic_cas(&p->state, 5, me))
        go_yield();
}

SCENARIO(in_front, .about = "a livelock in front of a panic", .explore = true,
         .expect = EXPECT_LIVELOCK)
{
    struct place p = {0};
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, come, &p, 1);
    go_waitgroup_go(&wg, come, &p, 2);
    go_waitgroup_wait(&wg);
}
