/* tasks.c - numbers of tasks, as a list of paths. */
#include "harness/explore/tasks.h"

#include <string.h>

void hn_tasks_learn(struct hn_tasks *t)
{
    uint32_t n = go_task_count();

    for (; t->n < n && t->n < HN_TASKS_MAX; t->n++)
        go_task_path(t->n, t->path[t->n], HN_TASKS_PATH);
}

void hn_tasks_take(const struct hn_tasks *t)
{
    for (uint32_t i = go_task_count(); i < t->n; i++)
        go_task_find(t->path[i], strlen(t->path[i]));
}
