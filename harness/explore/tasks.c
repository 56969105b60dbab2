/* tasks.c - numbers of tasks, as a list of whose children they are. */
#include "harness/explore/tasks.h"

void hn_tasks_learn(struct hn_tasks *t)
{
    uint32_t n = go_task_count();

    if (!t->n)
        t->n = 1; /* main */
    for (; t->n < n && t->n < HN_TASKS_MAX; t->n++)
        t->all[t->n].parent = go_task_parent(t->n, &t->all[t->n].nth);
}

void hn_tasks_take(const struct hn_tasks *t)
{
    for (uint32_t i = go_task_count(); i < t->n; i++)
        go_task_child(t->all[i].parent, t->all[i].nth);
}
