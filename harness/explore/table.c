/*
 * table.c - what was done, goroutine by goroutine.
 *
 * A column is a goroutine, a row is a choice; '*' marks those that are not the
 * default's, '!' the two that decide, of which the second may never have come.
 *
 * B1  Of a long run the end is shown, for that is where it fails; and whatever
 *     is marked, with a row before and one behind it. What is left out between
 *     is counted. If too much is marked, the first are shown, and what decides.
 * B2  Of a ticker, or a loop, that does the same few rows again and again two
 *     rounds are rows, and those behind them a number: else the end would show
 *     nothing else. No row that is marked is counted so.
 */
#include "harness/explore/table.h"

#include <stdio.h>
#include <string.h>

#include "harness/explore/schedule.h"

enum {
    COLUMNS = 6,  /* the last is shared, if there are more goroutines */
    WIDTH = 30,   /* of a column */
    RESERVED = 6, /* of what is kept: for what decides */
    PERIOD = 6,   /* rows of a round, at the most */
    FEW = 4,      /* rows behind two rounds that are not worth a number */
    ROWS = HN_TABLE_KEPT + HN_TABLE_LAST
};

void hn_table_begin(struct hn_table *t, const struct hn_decisive *decisive)
{
    t->n = t->nlast = t->nring = t->nkept = t->behind = t->nth = t->met = 0;
    t->first = false;
    t->decisive =
        decisive && decisive->kind != HN_DECISIVE_NONE ? decisive : NULL;
}

static bool is_task(uint32_t task, const char *path)
{
    char own[HN_DID_PATH] = "clock";

    if (task != GO_NOWHERE)
        hn_did_task(task, own, sizeof(own));
    return strcmp(own, path) == 0;
}

/* Whether it is the first of the two, or in the place of the second. */
static bool decides(struct hn_table *t, const struct hn_row *row)
{
    const struct hn_decisive *d = t->decisive;

    if (!d || row->at < d->at)
        return false;
    if (row->at == d->at) {
        t->first = true;
        return true;
    }
    if (row->of > 0 || d->kind != HN_DECISIVE_ORDER)
        return false;
    t->met +=
        row->partner != GO_NOWHERE && is_task(row->partner, d->second.task);
    return is_task(row->task, d->second.task) && ++t->nth == d->nth;
}

/* The back-th latest row that was not folded; 0: the latest. NULL: it is not
   kept any more. */
static struct hn_row *latest(struct hn_table *t, uint32_t back)
{
    return back < t->nring ? &t->last[(t->nlast - 1 - back) % HN_TABLE_LAST]
                           : NULL;
}

/* One of the latest rows, if it is not there yet. */
static void keep(struct hn_table *t, const struct hn_row *row, uint32_t room)
{
    if (t->nkept < room && (t->nkept == 0 || t->kept[t->nkept - 1].i < row->i))
        t->kept[t->nkept++] = *row;
}

static bool is_same(const struct hn_row *a, const struct hn_row *b)
{
    return a && !a->deviates && !a->decides && a->task == b->task &&
           a->partner == b->partner && a->which == b->which && a->of == b->of &&
           a->op == b->op && a->object == b->object &&
           a->site.file == b->site.file && a->site.line == b->site.line &&
           a->site.pc == b->site.pc;
}

/* Whether the latest rows are two rounds of so many each, and a few more. */
static bool is_round(struct hn_table *t, uint32_t period)
{
    for (uint32_t i = 0; i < period + FEW; i++) {
        const struct hn_row *row = latest(t, i);

        if (!row || row->more || row->deviates || row->decides ||
            !is_same(latest(t, i + period), row))
            return false;
    }
    return true;
}

/* B2. How long the round is that the latest rows are of; 0: they are of none.
   When that is seen first the few behind it are rows no more. */
static uint32_t round_of(struct hn_table *t)
{
    uint32_t period = 1;

    if (!t->nring || latest(t, 0)->period)
        return t->nring ? latest(t, 0)->period : 0;
    while (period <= PERIOD && !is_round(t, period))
        period++;
    if (period > PERIOD)
        return 0;
    t->nlast -= FEW;
    t->nring -= FEW;
    latest(t, 0)->period = period;
    latest(t, 0)->more = FEW;
    return period;
}

/* Whether the row is the next of a round that goes on. */
static bool fold(struct hn_table *t, const struct hn_row *row)
{
    uint32_t period = round_of(t);
    struct hn_row *end = latest(t, 0);

    if (!period || row->deviates || row->decides ||
        !is_same(latest(t, period - 1 - end->more % period), row))
        return false;
    end->more++;
    return true;
}

/* B1. */
static void add(struct hn_table *t, struct hn_row row)
{
    uint32_t room = HN_TABLE_KEPT - RESERVED;

    row.i = t->n++;
    row.decides = decides(t, &row);
    if (fold(t, &row)) {
        t->behind = 0;
        return;
    }
    t->last[t->nlast++ % HN_TABLE_LAST] = row;
    t->nring += t->nring < HN_TABLE_LAST;
    if (row.decides)
        room = HN_TABLE_KEPT;
    if (!row.deviates && !row.decides) {
        keep(t, &row, t->behind);
        t->behind = 0;
        return;
    }
    if (t->nlast > 1)
        keep(t, latest(t, 1), room);
    keep(t, &row, room);
    t->behind = room;
}

void hn_table_step(struct hn_table *t, uint32_t at, const struct go_step *step,
                   const struct go_site *site, bool deviates)
{
    const struct go_point *p = step->point;

    add(t, (struct hn_row){.at = at,
                           .task = hn_schedule_task(step),
                           .partner = step->partner,
                           .which = step->which,
                           .goroutine = p ? p->goroutine : 0,
                           .op = p ? (enum go_op)p->op : GO_OP_CLOCK,
                           .site = site ? *site : (struct go_site){0},
                           .object = hn_did_hidden(p, site),
                           .deviates = deviates});
}

void hn_table_number(struct hn_table *t, uint32_t at, uint32_t task, uint32_t k,
                     uint32_t n)
{
    add(t, (struct hn_row){.at = at,
                           .task = task,
                           .partner = GO_NOWHERE,
                           .which = (int32_t)k,
                           .of = n,
                           .goroutine = task == 0, /* main is 1 */
                           .op = GO_OP_NONE,
                           .deviates = k > 0});
}

/* The tasks that have columns, by first appearance in the rows shown. */
struct columns {
    uint32_t task[COLUMNS];
    uint64_t goroutine[COLUMNS]; /* 0: the clock, or not known */
    uint32_t n;
    bool shared; /* the last one: its rows say whose they are */
};

static uint32_t column_of(struct columns *c, const struct hn_row *row)
{
    for (uint32_t i = 0; i < c->n; i++) {
        if (c->task[i] != row->task)
            continue;
        if (!c->goroutine[i]) /* who draws a number does not say it */
            c->goroutine[i] = row->goroutine;
        return i;
    }
    if (c->n == COLUMNS) {
        c->shared = true;
        return COLUMNS - 1;
    }
    c->task[c->n] = row->task;
    c->goroutine[c->n] = row->goroutine;
    return c->n++;
}

static void cell(const struct hn_row *row, char *to, size_t n)
{
    struct go_site site = {0};
    char name[HN_DID_NAME];

    if (row->of > 0) {
        snprintf(to, n, "number %d of %u", row->which, row->of);
        return;
    }
    go_site_find(&row->site, &site);
    if (hn_did_variable(row->object, name))
        site.what = name;
    if (row->task == GO_NOWHERE)
        hn_did_clock(&site, to, n);
    else
        hn_did_text(row->op, row->which, row->partner, &site, to, n);
}

/* The rows to be shown, in order: how many. */
static uint32_t choose(const struct hn_table *t, const struct hn_row *to[ROWS])
{
    uint32_t first = t->nlast - t->nring, n = 0;
    uint32_t last = t->last[first % HN_TABLE_LAST].i;

    for (uint32_t k = 0; k < t->nkept && t->kept[k].i < last; k++)
        to[n++] = &t->kept[k];
    for (uint32_t i = first; i < t->nlast; i++)
        to[n++] = &t->last[i % HN_TABLE_LAST];
    return n;
}

/* How a column or a row calls a task. */
static void name_of(uint32_t task, char *to, size_t n)
{
    if (task == GO_NOWHERE)
        snprintf(to, n, "clock");
    else
        hn_did_task(task, to, n);
}

static void head(const struct columns *c, int fd)
{
    char name[WIDTH + 40];

    dprintf(fd, "    choice ");
    for (uint32_t i = 0; i < c->n; i++) {
        bool others = c->shared && i == COLUMNS - 1;

        name_of(c->task[i], name, WIDTH);
        if (others)
            strcpy(name, "others");
        else if (c->goroutine[i])
            snprintf(name + strlen(name), 40, " (goroutine %llu)",
                     (unsigned long long)c->goroutine[i]);
        dprintf(fd, " %-*s", i + 1 < c->n ? WIDTH : 0, name);
    }
    dprintf(fd, "\n");
}

/* Whether it is one of the two; placed: the second, whose text must be met. */
static bool is_marked(const struct hn_table *t, const struct hn_row *row,
                      const struct hn_did *placed)
{
    char text[HN_DID_TEXT];

    if (!row->decides || row->at == t->decisive->at)
        return row->decides;
    cell(row, text, sizeof(text));
    return strcmp(text, placed->text) == 0;
}

/* The second of the two, as a row, if its task stood there in vain. */
static bool never_came(const struct hn_table *t, struct hn_row *to)
{
    const struct hn_decisive *d = t->decisive;

    if (!d || d->kind != HN_DECISIVE_ORDER || d->nth != 1 || !t->first ||
        t->nth + t->met > 0 || !d->second.goroutine)
        return false;
    *to = (struct hn_row){
        .task = go_task_find(d->second.task, strlen(d->second.task)),
        .goroutine = d->second.goroutine};
    return to->task != GO_NOWHERE; /* its path was not cut */
}

static void print_row(struct columns *c, const struct hn_row *row, bool marked,
                      const char *choice, const char *text, int fd)
{
    uint32_t column = column_of(c, row);
    char whose[HN_DID_PATH] = "";

    if (c->shared && column == COLUMNS - 1)
        name_of(row->task, whose, sizeof(whose));
    dprintf(fd, " %c%c %6s %*s%s%s%s\n", marked ? '!' : ' ',
            row->deviates ? '*' : ' ', choice, 1 + (int)column * (WIDTH + 1),
            "", whose, *whose ? ": " : "", text);
}

/* B2 */
static void print_more(const struct hn_row *row, int fd)
{
    if (row->period == 1)
        dprintf(fd, "    ... %u more like it\n", row->more);
    else
        dprintf(fd, "    ... %u more like these %u\n", row->more, row->period);
}

static void print_rows(const struct hn_table *t,
                       const struct hn_row *const *rows, uint32_t n,
                       struct columns *c, const struct hn_did *second, int fd)
{
    char text[HN_DID_TEXT], choice[16];
    uint32_t next = 0; /* if none is left out */

    for (uint32_t k = 0; k < n; k++) {
        const struct hn_row *row = rows[k];

        if (row->i > next)
            dprintf(fd, "    ... %u row%s\n", row->i - next,
                    row->i - next == 1 ? "" : "s");
        next = row->i + 1 + row->more;
        cell(row, text, sizeof(text));
        snprintf(choice, sizeof(choice), "%u", row->at);
        print_row(c, row, is_marked(t, row, second), choice, text, fd);
        if (row->more)
            print_more(row, fd);
    }
}

void hn_table_print(const struct hn_table *t, int fd)
{
    const struct hn_row *rows[ROWS];
    uint32_t n = choose(t, rows);
    struct hn_did second = {0};
    struct hn_row never;
    bool in_vain = never_came(t, &never);
    struct columns c = {.n = 0};

    if (t->decisive) /* cells have places, so it must have its own */
        second = hn_did_placed(&t->decisive->second);
    for (uint32_t k = 0; k < n; k++)
        column_of(&c, rows[k]);
    if (in_vain)
        column_of(&c, &never);
    if (!n && !in_vain) {
        dprintf(fd, "    it comes to no choice\n");
        return;
    }
    head(&c, fd);
    print_rows(t, rows, n, &c, &second, fd);
    if (in_vain)
        print_row(&c, &never, true, "never", second.text, fd);
}
