/*
 * task.c - one number for each (parent, nth), and how it is spelled.
 *
 * Method: an array by number, a hash table from the pair to it. Neither is
 * ever emptied: a number means the same in all executions of a process, which
 * is what lets an explorer compare them. A path is a letter for each
 * generation: main is "a", its children "b", "c", ..., theirs "bb", "bc", ...
 * (the first letter of what main spawned stands alone, for most programs are
 * that flat); what timers start begins with '*'. In a chain, where everybody
 * spawns the next, the same letter comes again and again: a long row of one is
 * written as "(b*200)". Rows are as long as they can be, so each task has one
 * spelling, and no two have the same.
 *
 * T1  A parent's number is smaller than its children's.
 * T2  How far a jump leads depends on nothing but the depth that it leads from:
 *     two tasks of one depth that jump are of one depth again.
 *
 * Why jumps: of two tasks in a chain of thousands it is asked at each choice who
 * comes first. With a second, longer way up from each task any ancestor is
 * reached in steps that grow with the logarithm of the depth (Myers 1983).
 */
#include "runtime/sched/task.h"

#include <stdio.h>
#include <string.h>

#include "runtime/base/throw.h"

enum {
    TABLE = 2 * RT_TASKS_MAX, /* a power of two */
    LETTERS = 21,
    ROW = 8,    /* of one letter, that is written out */
    PIECE = 40, /* bytes of a letter, or a row */
};

/* a is main; p, r, s and t mean something else where tasks are written. */
static const char letters[] = "bcdefghijklmnoquvwxyz";
_Static_assert(sizeof(letters) == LETTERS + 1, "all of them");

static struct {
    uint32_t parent, nth;
    uint32_t depth; /* generations behind main */
    uint32_t jump;  /* an ancestor: T2; main's is main */
    uint32_t row;   /* so many generations up to here have the same nth */
} tasks[RT_TASKS_MAX + 1];    /* the clock's as well, once it has a child */
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

/* T2: two jumps of one length make one of their sum. */
static uint32_t jump_of(uint32_t parent)
{
    uint32_t first = tasks[parent].jump, second = tasks[first].jump;

    return tasks[parent].depth - tasks[first].depth ==
                   tasks[first].depth - tasks[second].depth
               ? second
               : parent;
}

static void add(uint32_t task, uint32_t parent, uint32_t nth)
{
    bool goes_on = tasks[parent].row && tasks[parent].nth == nth;

    tasks[task].parent = parent;
    tasks[task].nth = nth;
    tasks[task].depth = tasks[parent].depth + 1;
    tasks[task].jump = jump_of(parent);
    tasks[task].row = goes_on ? tasks[parent].row + 1 : 1;
}

uint32_t rt_task_number(uint32_t parent, uint32_t nth)
{
    uint32_t place = place_of(parent, nth);

    rt_assert(parent < count || parent == RT_TASK_CLOCK, "T1: no such parent");
    if (table[place])
        return table[place];
    if (count == RT_TASKS_MAX)
        return GO_NOWHERE;
    if (parent == RT_TASK_CLOCK) /* behind all that main spawned */
        add(parent, 0, GO_NOWHERE);
    add(count, parent, nth);
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

uint32_t go_task_parent(uint32_t task, uint32_t *nth)
{
    rt_check(task < count, "no such task");
    *nth = tasks[task].nth;
    return tasks[task].parent;
}

uint32_t go_task_child(uint32_t parent, uint32_t nth)
{
    return rt_task_number(parent, nth);
}

/* The one of that depth. */
static uint32_t ancestor(uint32_t task, uint32_t depth)
{
    while (tasks[task].depth > depth)
        task = tasks[tasks[task].jump].depth >= depth ? tasks[task].jump
                                                      : tasks[task].parent;
    return task;
}

/* ---- spelling ------------------------------------------------------------*/

static size_t spell_one(uint32_t nth, char *to, size_t n)
{
    if (nth >= LETTERS)
        return (size_t)snprintf(to, n, "(%u)", nth);
    *to = letters[nth];
    return 1;
}

/* The end of a path that is not empty: a letter, or a row of it; how long it is.
   What stands before it is in *task. */
static size_t last_piece(uint32_t *task, char piece[PIECE])
{
    uint32_t row = tasks[*task].row;
    char one[16];
    size_t size = spell_one(tasks[*task].nth, one, sizeof(one));

    if (row <= ROW) {
        *task = tasks[*task].parent;
        memcpy(piece, one, size);
        return size;
    }
    *task = ancestor(*task, tasks[*task].depth - row);
    return (size_t)snprintf(piece, PIECE, "(%.*s*%u)", (int)size, one, row);
}

static bool is_begin(uint32_t task)
{
    return task == 0 || task == RT_TASK_CLOCK;
}

/* Written from its end, for that is where a task knows its path. */
size_t go_task_path(uint32_t task, char *to, size_t n)
{
    char piece[PIECE];
    uint32_t t = task;
    size_t len = 0, at;

    if (task == 0)
        return (size_t)snprintf(to, n, "a");
    rt_check(task < count, "no such task");
    while (!is_begin(t))
        len += last_piece(&t, piece);
    len += t == RT_TASK_CLOCK;
    if (n > 0) {
        to[0] = '*';
        to[len < n ? len : n - 1] = '\0';
    }
    for (t = task, at = len; !is_begin(t);) {
        size_t size = last_piece(&t, piece);

        at -= size;
        for (size_t i = 0; i < size && at + i + 1 < n; i++)
            to[at + i] = piece[i];
    }
    return len;
}

/* ---- order ---------------------------------------------------------------*/

bool go_task_before(uint32_t a, uint32_t b)
{
    uint32_t shared =
        tasks[a].depth < tasks[b].depth ? tasks[a].depth : tasks[b].depth;
    uint32_t one = ancestor(a, shared), other = ancestor(b, shared);

    if (one == other)
        return tasks[a].depth < tasks[b].depth;
    rt_assert(tasks[one].depth == tasks[other].depth, "T2: not of one depth");
    while (tasks[one].parent != tasks[other].parent) {
        bool far = tasks[one].jump != tasks[other].jump;

        one = far ? tasks[one].jump : tasks[one].parent;
        other = far ? tasks[other].jump : tasks[other].parent;
    }
    return tasks[one].nth < tasks[other].nth;
}

/* ---- reading -------------------------------------------------------------*/

/* Digits alone, below GO_NOWHERE. */
static bool read_digits(const char **at, const char *end, uint32_t *value)
{
    uint64_t number = 0;
    const char *p = *at;

    for (; p < end && *p >= '0' && *p <= '9' && number < GO_NOWHERE; p++)
        number = number * 10 + (uint64_t)(*p - '0');
    if (p == *at || number >= GO_NOWHERE)
        return false;
    *value = (uint32_t)number;
    *at = p;
    return true;
}

static bool read_char(const char **at, const char *end, char c)
{
    if (*at == end || **at != c)
        return false;
    ++*at;
    return true;
}

/* A letter or a number in brackets; false: it is neither. */
static bool read_one(const char **at, const char *end, uint32_t *nth)
{
    const char *letter = *at < end && **at ? strchr(letters, **at) : NULL;

    if (letter) {
        *nth = (uint32_t)(letter - letters);
        ++*at;
        return true;
    }
    return read_char(at, end, '(') && read_digits(at, end, nth) &&
           *nth >= LETTERS && read_char(at, end, ')');
}

/* Either, or a row of one: which child, and of how many generations. */
static bool read_piece(const char **at, const char *end, uint32_t *nth,
                       uint32_t *row)
{
    const char *begin = *at;

    *row = 1;
    if (read_one(at, end, nth))
        return true;
    *at = begin;
    return read_char(at, end, '(') && read_one(at, end, nth) &&
           read_char(at, end, '*') && read_digits(at, end, row) && *row &&
           read_char(at, end, ')');
}

uint32_t go_task_find(const char *path, size_t n)
{
    const char *end = path + n;
    uint32_t task = 0, nth, row;

    if (n == 1 && *path == 'a')
        return 0;
    if (read_char(&path, end, '*'))
        task = RT_TASK_CLOCK;
    if (path == end)
        return GO_NOWHERE;
    while (path < end) {
        if (!read_piece(&path, end, &nth, &row))
            return GO_NOWHERE;
        for (; row > 0 && task != GO_NOWHERE; row--)
            task = rt_task_number(task, nth);
        if (task == GO_NOWHERE)
            return GO_NOWHERE;
    }
    return task;
}
