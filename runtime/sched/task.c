/*
 * task.c - one number for each (parent, nth), and how it is spelled.
 *
 * Method: an array by number, a hash table from the pair to it. Neither is
 * ever emptied: a number means the same in all executions of a process, which
 * is what lets an explorer compare them. A path is a letter for each
 * generation: main is "a", its children "b", "c", ..., theirs "bb", "bc", ...
 * (the first letter of what main spawned stands alone, for most programs are
 * that flat); what timers start begins with '*'.
 *
 * T1  A parent's number is smaller than its children's.
 */
#include "runtime/sched/task.h"

#include <stdio.h>
#include <string.h>

#include "runtime/base/throw.h"

enum {
    TABLE = 2 * RT_TASKS_MAX, /* a power of two */
    LETTERS = 21,
    DEPTH_MAX = 64, /* of a path that is spelled */
};

/* a is main; p, r, s and t mean something else where tasks are written. */
static const char letters[] = "bcdefghijklmnoquvwxyz";
_Static_assert(sizeof(letters) == LETTERS + 1, "all of them");

static struct {
    uint32_t parent, nth;
} tasks[RT_TASKS_MAX];
static uint32_t count = 1;    /* main: parent 0, and in no table */
static uint16_t table[TABLE]; /* 0: free, for main is in none */

/* Where the pair is, or would be put. */
static uint32_t place_of(uint32_t parent, uint32_t nth)
{
    uint32_t i = (parent * 0x9e3779b1u) ^ (nth * 0x85ebca6bu);

    for (i ^= i >> 15;; i++) {
        uint32_t t = table[i & (TABLE - 1)];

        if (!t || (tasks[t].parent == parent && tasks[t].nth == nth))
            return i & (TABLE - 1);
    }
}

uint32_t rt_task_number(uint32_t parent, uint32_t nth)
{
    uint32_t place = place_of(parent, nth);

    rt_assert(parent < count || parent == RT_TASK_CLOCK, "T1: no such parent");
    if (table[place])
        return table[place];
    if (count == RT_TASKS_MAX)
        return GO_NOWHERE;
    tasks[count].parent = parent;
    tasks[count].nth = nth;
    table[place] = (uint16_t)count;
    return count++;
}

uint32_t rt_task_count(void)
{
    return count;
}

uint32_t go_task_count(void)
{
    return count;
}

static size_t spell_one(uint32_t nth, char *to, size_t n)
{
    if (nth < LETTERS)
        return (size_t)snprintf(to, n, "%c", letters[nth]);
    return (size_t)snprintf(to, n, "(%u)", nth);
}

size_t go_task_path(uint32_t task, char *to, size_t n)
{
    uint32_t line[DEPTH_MAX];
    size_t depth = 0, len = 0;
    bool timer = false;

    if (task == 0)
        return (size_t)snprintf(to, n, "a");
    rt_check(task < count, "no such task");
    for (uint32_t t = task; t != 0 && depth < DEPTH_MAX; depth++) {
        line[depth] = tasks[t].nth;
        timer = tasks[t].parent == RT_TASK_CLOCK;
        t = timer ? 0 : tasks[t].parent;
    }
    if (timer)
        len = (size_t)snprintf(to, n, "*");
    while (depth-- > 0)
        len += spell_one(line[depth], to + (len < n ? len : n),
                         len < n ? n - len : 0);
    return len;
}

/* One letter or bracket of a path; false: it is neither. */
static bool read_one(const char **at, const char *end, uint32_t *nth)
{
    uint64_t number = 0;
    const char *p = *at;
    const char *letter = p < end && *p ? strchr(letters, *p) : NULL;

    if (letter) {
        *nth = (uint32_t)(letter - letters);
        *at = p + 1;
        return true;
    }
    if (p == end || *p++ != '(')
        return false;
    for (; p < end && *p >= '0' && *p <= '9' && number < GO_NOWHERE; p++)
        number = number * 10 + (uint64_t)(*p - '0');
    if (p == end || *p != ')' || number < LETTERS || number >= GO_NOWHERE)
        return false;
    *nth = (uint32_t)number;
    *at = p + 1;
    return true;
}

/* Of task, from main's child down; how many generations. */
static size_t line_of(uint32_t task, uint32_t line[DEPTH_MAX])
{
    uint32_t up[DEPTH_MAX];
    size_t depth = 0;

    while (task != 0 && depth < DEPTH_MAX - 1) {
        up[depth++] = tasks[task].nth;
        if (tasks[task].parent == RT_TASK_CLOCK) {
            up[depth++] = UINT32_MAX; /* behind all that main spawned */
            break;
        }
        task = tasks[task].parent;
    }
    for (size_t i = 0; i < depth; i++)
        line[i] = up[depth - 1 - i];
    return depth;
}

bool go_task_before(uint32_t a, uint32_t b)
{
    uint32_t one[DEPTH_MAX], other[DEPTH_MAX];
    size_t i, n, m;

    if (a == b || a == 0 || b == 0)
        return a != b && a == 0;
    if (tasks[a].parent == 0 && tasks[b].parent == 0)
        return tasks[a].nth < tasks[b].nth;
    n = line_of(a, one);
    m = line_of(b, other);
    for (i = 0; i < n && i < m && one[i] == other[i]; i++)
        ;
    return i == n || (i < m && one[i] < other[i]);
}

uint32_t go_task_find(const char *path, size_t n)
{
    const char *end = path + n;
    uint32_t task = 0, nth;

    if (n == 1 && *path == 'a')
        return 0;
    if (n > 0 && *path == '*') {
        task = RT_TASK_CLOCK;
        path++;
    }
    if (path == end)
        return GO_NOWHERE;
    while (path < end) {
        if (task == GO_NOWHERE || !read_one(&path, end, &nth))
            return GO_NOWHERE;
        task = rt_task_number(task, nth);
    }
    return task;
}
