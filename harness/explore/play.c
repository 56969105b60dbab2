/*
 * play.c - plays a schedule, and prints what was done as a table.
 *
 * A column is a goroutine, a row is a choice; '*' marks those that are not the
 * default's. Of a long run the end is shown: that is where it fails.
 */
#define _GNU_SOURCE
#include "harness/explore/play.h"

#include "harness/explore/explore.h"
#include "harness/explore/token.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum {
    COLUMNS = 6,        /* goroutines that have one of their own */
    WIDTH = 30,         /* of a column */
    SHOWN = 40,         /* rows */
    WORK_MAX = 1 << 10, /* steps on offer between looks at the clock */
    ROOM = 40,          /* for "and 12 more" */
};
#define LIMIT GO_SECOND

static void note(void *arg, uint32_t at, const struct go_step *steps,
                 uint32_t n, uint32_t k)
{
    struct hn_play *p = arg;
    const struct go_step *s = &steps[k];
    struct hn_play_row *row = &p->rows[p->n++ % HN_PLAY_ROWS];

    *row = (struct hn_play_row){
        .at = at,
        .task = hn_schedule_task(s),
        .partner = s->partner,
        .which = s->which,
        .goroutine = s->point ? s->point->goroutine : 0,
        .op = s->point ? (enum go_op)s->point->op : GO_OP_CLOCK,
        .site = s->point ? s->point->site : NULL,
        .deviates = k != hn_default_step(&p->follow.usual, steps, n)};
}

static int64_t now_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * GO_SECOND + t.tv_nsec;
}

/* When all that deviates is done, and there is no end, it is let go on by the
   ordinary rules, which have one. Not before: how fast a machine is must not
   decide whether a schedule fits. */
static bool is_late(const struct hn_play *p)
{
    return p->follow.next == p->follow.schedule->n && now_ns() >= p->until;
}

/* Step k, if it is one and fits: the first that does not ends the execution. */
static uint32_t take(struct hn_play *p, const struct go_step *steps, uint32_t k)
{
    if (k == GO_NOWHERE || (p->follow.misfit[0] && !p->follow.loose) ||
        !hn_witness_step(&p->witness, &p->follow, p->follow.at - 1, &steps[k]))
        return GO_NOWHERE;
    return k;
}

static uint32_t choose(void *arg, const struct go_step *steps, uint32_t n)
{
    struct hn_play *p = arg;

    p->work += n;
    if (p->work >= WORK_MAX) {
        p->work = 0;
        if (is_late(p))
            return GO_NOWHERE;
    }
    return take(p, steps, hn_follow_choose(&p->follow, steps, n));
}

static uint32_t number(void *arg, uint32_t task, uint32_t n)
{
    struct hn_play *p = arg;
    uint32_t at = p->follow.at;
    uint32_t k = hn_follow_number(&p->follow, task, n);

    hn_witness_number(&p->witness, &p->follow, at, task, k, n);
    return k;
}

static void skipped(void *arg, const struct hn_deviation *d)
{
    (void)hn_schedule_add(&((struct hn_play *)arg)->left_out, *d);
}

void hn_play_init(struct hn_play *p, const struct hn_schedule *schedule,
                  uint32_t early)
{
    p->n = 0;
    p->follow = (struct hn_follow){
        .schedule = schedule, .each = note, .skipped = skipped, .arg = p};
    hn_follow_begin(&p->follow);
    p->witness = (struct hn_witness){.fd = -1};
    hn_trace_begin(&p->witness.trace);
    p->left_out = (struct hn_schedule){0};
    p->until = now_ns() + LIMIT;
    p->control = (struct go_control){.arg = p,
                                     .choose = choose,
                                     .number = number,
                                     .early = early,
                                     .more = schedule->more,
                                     .steps = HN_EXPLORE_STEPS};
}

bool hn_play_end(struct hn_play *p)
{
    bool fits = hn_follow_end(&p->follow);

    fits = hn_witness_end(&p->witness, &p->follow) && fits;
    return fits;
}

void hn_play_left_out(const struct hn_play *p, char *to, size_t n)
{
    const struct hn_schedule *s = &p->left_out;
    size_t i = 0, len;

    to[0] = '\0';
    while (i < s->n && hn_token_add(to, n - ROOM, &s->all[i]))
        i++;
    len = strlen(to);
    if (i < s->n)
        snprintf(to + len, n - len, " and %zu more", s->n - i);
}

void hn_play_free(struct hn_play *p)
{
    hn_trace_free(&p->witness.trace);
    hn_schedule_free(&p->left_out);
}

/* The tasks that have columns, by first appearance in the rows shown. */
struct columns {
    uint32_t task[COLUMNS];
    uint64_t goroutine[COLUMNS];
    uint32_t n;
};

static uint32_t column_of(struct columns *c, const struct hn_play_row *row)
{
    for (uint32_t i = 0; i < c->n; i++)
        if (c->task[i] == row->task)
            return i;
    if (c->n == COLUMNS)
        return COLUMNS - 1;
    c->task[c->n] = row->task;
    c->goroutine[c->n] = row->goroutine;
    return c->n++;
}

static const char *base_of(const char *file)
{
    const char *slash = strrchr(file, '/');

    return slash ? slash + 1 : file;
}

/* "lock &a abba.c:12", "select case 1 ...". */
static void cell(const struct hn_play_row *row, char *to, size_t n)
{
    const char *what = row->site && row->site->what ? row->site->what : "";
    const char *file = row->site && row->site->file ? row->site->file : "?";
    char path[32], meets[48] = "", which[24] = "";

    if (row->task == GO_NOWHERE) {
        snprintf(to, n, "the clock goes on early");
        return;
    }
    if (row->which >= 0 && row->op == GO_OP_SELECT)
        snprintf(which, sizeof(which), " case %d", row->which);
    if (row->partner != GO_NOWHERE) {
        go_task_path(row->partner, path, sizeof(path));
        snprintf(meets, sizeof(meets), " with %s", path);
    }
    snprintf(to, n, "%s%s%s%s%s %s:%d", go_op_text(row->op), which, meets,
             *what ? " " : "", what, base_of(file),
             row->site ? row->site->line : 0);
}

static const struct hn_play_row *row_at(const struct hn_play *p, uint32_t i)
{
    return &p->rows[i % HN_PLAY_ROWS];
}

static void head(const struct columns *c, int fd)
{
    char path[32], name[WIDTH + 40];

    dprintf(fd, "    choice ");
    for (uint32_t i = 0; i < c->n; i++) {
        if (c->task[i] == GO_NOWHERE)
            snprintf(path, sizeof(path), "clock");
        else
            go_task_path(c->task[i], path, sizeof(path));
        snprintf(name, sizeof(name), "%s (goroutine %llu)", path,
                 (unsigned long long)c->goroutine[i]);
        dprintf(fd, " %-*s", i + 1 < c->n ? WIDTH : 0, name);
    }
    dprintf(fd, "\n");
}

void hn_play_table(const struct hn_play *p, int fd)
{
    uint32_t first = p->n > SHOWN ? p->n - SHOWN : 0;
    struct columns c = {.n = 0};
    char text[160];

    for (uint32_t i = first; i < p->n; i++)
        column_of(&c, row_at(p, i));
    head(&c, fd);
    if (first > 0)
        dprintf(fd, "    ... %u before\n", first);
    for (uint32_t i = first; i < p->n; i++) {
        const struct hn_play_row *row = row_at(p, i);

        cell(row, text, sizeof(text));
        dprintf(fd, "  %c %6u %*s%s\n", row->deviates ? '*' : ' ', row->at,
                1 + (int)column_of(&c, row) * (WIDTH + 1), "", text);
    }
}
