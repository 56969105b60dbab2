/* unset.c - objects that lie elsewhere in each execution, if the heap is not
   set back: no step of the scenario's is another for it. */
#include <vigil/scenario.h>
#include <stdlib.h>

struct account {
    struct go_mutex mu;
    char name[200];
};

static void visit(struct account *a, struct account *b)
{
    go_mutex_lock(&a->mu);
    go_mutex_unlock(&a->mu);
    go_mutex_lock(&b->mu);
    go_mutex_unlock(&b->mu);
}

SCENARIO(unset, .about = "never frees what it locks", .explore = true)
{
    struct account *a = calloc(1, sizeof(*a)), *b = calloc(1, sizeof(*b));
    struct go_waitgroup wg = {0};

    for (int i = 0; i < 3; i++)
        go_waitgroup_go(&wg, visit, a, b);
    go_waitgroup_wait(&wg);
}
