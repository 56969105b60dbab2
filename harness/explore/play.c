/*
 * play.c - plays a schedule, and prints what was done as a table.
 *
 * A column is a goroutine, a row is a choice; '*' marks those that are not the
 * default's, '!' the two that decide, of which the second may never have come.
 * Of a long run the end is shown: that is where it fails.
 */
#define _GNU_SOURCE
#include "harness/explore/play.h"

#include "harness/clock.h"
#include "harness/explore/explore.h"
#include "harness/explore/token.h"

#include <stdio.h>
#include <string.h>

enum {
    COLUMNS = 6,        /* goroutines that have one of their own */
    WIDTH = 30,         /* of a column */
    SHOWN = 40,         /* rows */
    WORK_MAX = 1 << 10, /* steps on offer between looks at the clock */
    ROOM = 40,          /* for "and 12 more" */
};
#define LIMIT GO_SECOND

/* The first of the others stands for all who are held up. */
static void note_stall(struct hn_play *p, uint32_t at,
                       const struct go_step *steps, struct hn_play_row *row)
{
    struct hn_stall s = {
        .at = at, .held_up = steps[0].point ? steps[0].point->goroutine : 0};

    if (!go_control_due(&s.due))
        return;
    row->site = s.due.site;
    if (p->nstalls < HN_PLAY_STALLS)
        p->stalls[p->nstalls] = s;
    p->nstalls++;
}

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
    if (!s->point)
        note_stall(p, at, steps, row);
}

/* When all that deviates is done, and there is no end, it is let go on by the
   ordinary rules, which have one. Not before: how fast a machine is must not
   decide whether a schedule fits. */
static bool is_late(const struct hn_play *p)
{
    return p->follow.next == p->follow.schedule->n && hn_now_ns() >= p->until;
}

/* Step k, if it is one and fits: the first that does not ends the execution. */
static uint32_t take(struct hn_play *p, const struct go_step *steps, uint32_t k)
{
    if (k == GO_NOWHERE || (p->follow.misfit[0] && !p->follow.loose) ||
        !hn_witness_step(&p->witness, &p->follow, p->follow.at - 1, &steps[k]))
        return GO_NOWHERE;
    if (p->follow.at - 1 == p->stop && steps[k].point)
        go_control_watch(steps[k].point->task);
    else if (p->follow.at - 1 == p->stop)
        go_control_reached();
    return k;
}

static uint32_t choose(void *arg, const struct go_step *steps, uint32_t n)
{
    struct hn_play *p = arg;
    uint32_t k;

    p->work += n;
    if (p->work >= WORK_MAX) {
        p->work = 0;
        if (is_late(p))
            return GO_NOWHERE;
    }
    if (p->watch && hn_watch_moment(p->watch))
        return GO_NOWHERE;
    k = take(p, steps, hn_follow_choose(&p->follow, steps, n));
    if (p->watch && k != GO_NOWHERE)
        hn_watch_took(p->watch, steps, n, k);
    return k;
}

static uint32_t number(void *arg, uint32_t task, uint32_t n)
{
    struct hn_play *p = arg;
    uint32_t at = p->follow.at;
    uint32_t k = hn_follow_number(&p->follow, task, n);

    if (p->watch)
        hn_watch_break(p->watch);
    hn_witness_number(&p->witness, &p->follow, at, task, k, n);
    if (at == p->stop)
        go_control_reached();
    return k;
}

static void race(void *arg, const struct go_race *r)
{
    hn_races_add(&((struct hn_play *)arg)->races, r);
}

static void skipped(void *arg, const struct hn_deviation *d)
{
    (void)hn_schedule_add(&((struct hn_play *)arg)->left_out, *d);
}

void hn_play_init(struct hn_play *p, const struct hn_schedule *schedule,
                  uint32_t early)
{
    p->n = p->nstalls = 0;
    p->watch = NULL;
    p->follow = (struct hn_follow){
        .schedule = schedule, .each = note, .skipped = skipped, .arg = p};
    hn_follow_begin(&p->follow);
    p->witness = (struct hn_witness){.fd = -1};
    hn_trace_begin(&p->witness.trace);
    p->stop = GO_NOWHERE;
    p->races = (struct hn_races){0};
    p->left_out = (struct hn_schedule){0};
    p->until = hn_now_ns() + LIMIT;
    p->control = (struct go_control){.arg = p,
                                     .choose = choose,
                                     .number = number,
                                     .race = race,
                                     .early = early,
                                     .more = schedule->more,
                                     .steps = HN_EXPLORE_STEPS};
}

bool hn_play_end(struct hn_play *p, int hash)
{
    uint16_t is = hn_follow_hash(&p->follow);

    hn_follow_end(&p->follow);
    hn_witness_end(&p->witness, &p->follow);
    if (hash >= 0 && hash != is && !p->follow.loose)
        hn_follow_unfit(&p->follow,
                        "all of its choices can be taken, but it has become "
                        "another schedule: its hash is %04x now ('*' in its "
                        "place replays it)",
                        is);
    return !p->follow.misfit[0];
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

static void cell(const struct hn_play_row *row, char *to, size_t n)
{
    struct go_site site = {0};

    if (row->site)
        go_site_find(row->site, &site);
    if (row->task == GO_NOWHERE)
        hn_did_clock(&site, to, n);
    else
        hn_did_text(row->op, row->which, row->partner, &site, to, n);
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
        strcpy(name, "clock");
        if (c->task[i] != GO_NOWHERE) {
            go_task_path(c->task[i], path, sizeof(path));
            snprintf(name, sizeof(name), "%s (goroutine %llu)", path,
                     (unsigned long long)c->goroutine[i]);
        }
        dprintf(fd, " %-*s", i + 1 < c->n ? WIDTH : 0, name);
    }
    dprintf(fd, "\n");
}

/* Which rows decide: indexes, GO_NOWHERE: none of them. */
struct marks {
    uint32_t first, second;
    bool never; /* the task of the second never took another step */
};

static bool is_task(uint32_t task, const char *path)
{
    char own[HN_DID_PATH] = "clock";

    if (task != GO_NOWHERE)
        go_task_path(task, own, sizeof(own));
    return strcmp(own, path) == 0;
}

static struct marks marks_of(const struct hn_play *p, uint32_t from,
                             const struct hn_decisive *d)
{
    struct marks m = {GO_NOWHERE, GO_NOWHERE, false};
    char text[HN_DID_TEXT];
    uint32_t nth = 0, met = 0;

    if (!d || d->kind == HN_DECISIVE_NONE)
        return m;
    for (uint32_t i = from; i < p->n; i++) {
        const struct hn_play_row *row = row_at(p, i);

        if (row->at == d->at)
            m.first = i;
        if (row->at <= d->at || d->kind != HN_DECISIVE_ORDER)
            continue;
        met +=
            row->partner != GO_NOWHERE && is_task(row->partner, d->second.task);
        if (!is_task(row->task, d->second.task) || ++nth != d->nth)
            continue;
        cell(row, text, sizeof(text));
        if (strcmp(text, d->second.text) == 0)
            m.second = i;
    }
    m.never = d->kind == HN_DECISIVE_ORDER && d->nth == 1 && nth + met == 0 &&
              d->second.goroutine && m.first != GO_NOWHERE;
    return m;
}

static void print_row(uint32_t column, bool decides, bool deviates,
                      const char *choice, const char *text, int fd)
{
    dprintf(fd, " %c%c %6s %*s%s\n", decides ? '!' : ' ', deviates ? '*' : ' ',
            choice, 1 + (int)column * (WIDTH + 1), "", text);
}

static void print_rows(const struct hn_play *p, struct columns *c,
                       uint32_t from, const struct marks *m, int fd)
{
    char text[HN_DID_TEXT], choice[16];

    for (uint32_t i = from; i < p->n; i++) {
        const struct hn_play_row *row = row_at(p, i);

        cell(row, text, sizeof(text));
        snprintf(choice, sizeof(choice), "%u", row->at);
        print_row(column_of(c, row), i == m->first || i == m->second,
                  row->deviates, choice, text, fd);
    }
}

void hn_play_table(const struct hn_play *p, const struct hn_decisive *decisive,
                   int fd)
{
    uint32_t from = p->n > SHOWN ? p->n - SHOWN : 0;
    struct marks m = marks_of(p, from, decisive);
    struct hn_play_row never = {0};
    struct columns c = {.n = 0};

    for (uint32_t i = from; i < p->n; i++)
        column_of(&c, row_at(p, i));
    if (m.never) {
        never.task =
            go_task_find(decisive->second.task, strlen(decisive->second.task));
        never.goroutine = decisive->second.goroutine;
        column_of(&c, &never);
    }
    head(&c, fd);
    if (from > 0)
        dprintf(fd, "    ... %u before\n", from);
    print_rows(p, &c, from, &m, fd);
    if (m.never)
        print_row(column_of(&c, &never), true, false, "never",
                  decisive->second.text, fd);
}
