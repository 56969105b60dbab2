/*
 * score.c - a score as a table for people, as Markdown, and as JSON.
 *
 * In:  rows and totals. Out: a line a bug with its twin, a line a class, and
 * one of all. In a table a number of a bug is one of seeds, that of a class
 * one of bugs in the worst seed.
 *
 * Text and Markdown have the same cells; only what stands between them differs,
 * and in text words that are wider than their column are cut.
 */
#include "harness/score.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "harness/duration.h"
#include "harness/formats/format.h"
#include "harness/utf8.h"

enum {
    CELL = 96, /* bytes */
    CELLS = 13,
    LEFT = 2,  /* cells that are words: to the left, */
    NAME = 44, /* and not wider than these */
    CLASS = 24
};

struct table {
    FILE *out;
    bool markdown;
    int width[CELLS];
    char cells[CELLS][CELL];
    int n;
};

__attribute__((format(printf, 2, 3))) static void cell(struct table *t,
                                                       const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    vsnprintf(t->cells[t->n++], CELL, fmt, args);
    va_end(args);
}

/* 0: none. */
static void cell_time(struct table *t, int64_t ns)
{
    char buf[HN_DURATION_MAX];

    cell(t, "%s", ns ? hn_duration_text(ns, buf) : "-");
}

/* 0: none. */
static void cell_schedule(struct table *t, uint64_t at)
{
    if (at)
        cell(t, "%" PRIu64, at);
    else
        cell(t, "-");
}

/* To its width, with dots for the rest. */
static void cut(char *word, int width)
{
    if ((int)strlen(word) > width)
        strcpy(word + width - 2, "..");
}

static void end_row(struct table *t)
{
    for (int i = 0; i < LEFT && !t->markdown; i++)
        cut(t->cells[i], t->width[i]);
    for (int i = 0; i < t->n; i++) {
        bool left = i < LEFT || i == CELLS - 1;
        int width = t->width[i];

        fputs(t->markdown ? (i ? " | " : "| ") : "  ", t->out);
        if (left && i == t->n - 1 && !t->markdown)
            width = 0;
        fprintf(t->out, "%*s", left ? -width : width, t->cells[i]);
    }
    fputs(t->markdown ? " |\n" : "\n", t->out);
    t->n = 0;
}

/* Below the head of a table. */
static void end_head(struct table *t)
{
    int n = t->n;

    end_row(t);
    for (int i = 0; t->markdown && i < n; i++)
        fputs(i < LEFT || i == CELLS - 1 ? "|---" : "|---:", t->out);
    if (t->markdown)
        fputs("|\n", t->out);
}

static void head(struct table *t, const char *first, const char *second)
{
    static const char *const words[] = {
        "plain", "in 10",   "in 100", "in 1,000",     "median",        "worst",
        "time",  "at most", "named",  "twin reports", "twin: explored"};

    cell(t, "%s", first);
    cell(t, "%s", second);
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        cell(t, "%s", words[i]);
    end_head(t);
}

/* What rows and totals have alike; within: how many of what is counted. */
static void numbers(struct table *t, const struct hn_score_total *of)
{
    cell_schedule(t, of->median);
    cell_schedule(t, of->worst);
    cell_time(t, of->median_ns);
    cell_time(t, of->worst_ns);
    cell(t, "%" PRIu64, of->named);
    cell(t, "%" PRIu64, of->reports);
}

static int seeds_within(const struct hn_score *s, size_t row, uint64_t bound)
{
    int n = 0;

    for (int k = 0; k < s->seeds; k++) {
        uint64_t at = s->rows[row].tries[k].found_at;

        n += at > 0 && at <= bound;
    }
    return n;
}

static bool print_row(struct table *t, const struct hn_score *s, size_t i)
{
    const struct hn_score_row *row = &s->rows[i];
    struct hn_score_total of;
    char took[HN_DURATION_MAX];

    if (!hn_score_row_total(s, i, &of))
        return false;
    cell(t, "%.*s", CELL - 1, row->bug->name);
    cell(t, "%s", row->class);
    for (int b = 0; b < HN_SCORE_BOUNDS; b++)
        cell(t, "%d", seeds_within(s, i, hn_score_bounds[b]));
    numbers(t, &of);
    cell(t, "%s, %" PRIu64 ", %s",
         row->undecided  ? "undecided"
         : row->complete ? "complete"
                         : "incomplete",
         row->schedules, hn_duration_text(row->ns, took));
    end_row(t);
    return true;
}

static bool print_total(struct table *t, const struct hn_score *s,
                        const char *class)
{
    struct hn_score_total of;
    char took[HN_DURATION_MAX], undecided[40] = "";

    if (!hn_score_total(s, class, &of))
        return false;
    cell(t, "%s", class ? class : "all");
    cell(t, "%zu", of.bugs);
    for (int b = 0; b < HN_SCORE_BOUNDS; b++)
        cell(t, "%zu", of.within[b]);
    numbers(t, &of);
    if (of.undecided)
        snprintf(undecided, sizeof(undecided), "%zu undecided, ", of.undecided);
    cell(t, "%zu of %zu complete, %s%" PRIu64 ", %s", of.complete, of.bugs,
         undecided, of.schedules, hn_duration_text(of.ns, took));
    end_row(t);
    return true;
}

/* Wide enough for the word, but for at most so much. */
static void widen(int *width, const char *word, int most)
{
    int n = (int)strlen(word) < most ? (int)strlen(word) : most;

    if (n > *width)
        *width = n;
}

static void fit(struct table *t, const struct hn_score *s)
{
    static const int widths[CELLS] = {8, 8, 5, 5, 6, 8, 6, 5, 7, 7, 5, 12, 0};

    memcpy(t->width, widths, sizeof(widths));
    for (size_t i = 0; i < s->n; i++) {
        widen(&t->width[0], s->rows[i].bug->name, NAME);
        widen(&t->width[0], s->rows[i].class, CLASS);
        widen(&t->width[1], s->rows[i].class, CLASS);
    }
    if (t->markdown)
        memset(t->width, 0, sizeof(t->width));
}

static void print_sentences(const struct hn_score *s,
                            const struct hn_score_total *all, FILE *out)
{
    fprintf(out,
            "%zu bug%s, %d seed%s from %" PRIu64 ", at most %" PRIu64
            " schedules; schedule 1 is the plain one.\n",
            s->n, s->n == 1 ? "" : "s", s->seeds, s->seeds == 1 ? "" : "s",
            s->first_seed, s->schedules);
    fprintf(out,
            "Triggered: %" PRIu64 " of %" PRIu64 " explorations. Detected as "
            "expected, of these: %" PRIu64 ".\n",
            all->triggered, all->tries, all->named);
    fprintf(out, "Twins: %" PRIu64 " report%s in %" PRIu64 " schedules.",
            all->reports, all->reports == 1 ? "" : "s", all->schedules);
    if (all->undecided > 0)
        fprintf(out, " %zu undecided, which are not silent.", all->undecided);
    if (s->alone > 0)
        fprintf(out, " %zu without a twin: left out.", s->alone);
    fputc('\n', out);
}

static void print_why(FILE *out, const char *label, const char *why)
{
    if (!why[0])
        return;
    fprintf(out, "%s: ", label);
    hn_words_print(out, why);
    fputc('\n', out);
}

/* What was not as it should be, a line each. */
static void print_wrong(const struct hn_score *s, FILE *out)
{
    for (size_t i = 0; i < s->n; i++) {
        const struct hn_score_row *row = &s->rows[i];

        print_why(out, row->bug->label, row->why);
        print_why(out, row->twin->label, row->twin_why);
    }
}

static bool print_table(const struct hn_score *s,
                        const struct hn_score_total *all,
                        const struct hn_options *o, FILE *out)
{
    struct table t = {.out = out, .markdown = o->format == HN_MARKDOWN_FORMAT};
    bool good = true;

    fit(&t, s);
    head(&t, "class", "bugs");
    for (size_t i = 0; i < s->n; i++)
        if (hn_score_is_first(s, i))
            good &= print_total(&t, s, s->rows[i].class);
    good &= print_total(&t, s, NULL);
    fputc('\n', out);
    head(&t, "scenario", "class");
    for (size_t i = 0; i < s->n; i++)
        good &= print_row(&t, s, i);
    fputc('\n', out);
    print_sentences(s, all, out);
    print_wrong(s, out);
    return good;
}

/* ---- JSON ----------------------------------------------------------------*/

static void write_line(FILE *out, json_t *line)
{
    json_dumpf(line, out, JSON_COMPACT | JSON_ENSURE_ASCII);
    fputc('\n', out);
    json_decref(line);
}

static json_t *tries_json(const struct hn_score *s,
                          const struct hn_score_row *row)
{
    json_t *list = json_array();

    for (int k = 0; k < s->seeds; k++)
        json_array_append_new(
            list, json_pack("{s:I, s:I, s:I, s:b}", "seed",
                            (json_int_t)(s->first_seed + (uint64_t)k),
                            "found_at", (json_int_t)row->tries[k].found_at,
                            "ns", (json_int_t)row->tries[k].ns, "as_expected",
                            (int)row->tries[k].named));
    return list;
}

static json_t *row_json(const struct hn_score *s, const struct hn_score_row *r)
{
    return json_pack(
        "{s:s, s:s, s:o, s:o, s:o, s:o, "
        "s:{s:s, s:o, s:I, s:I, s:b, s:b, s:I, s:o}}",
        "schema", "vigil-score/1", "scenario", r->bug->name, "path",
        hn_utf8(r->bug->program), "class", hn_utf8(r->class), "seeds",
        tries_json(s, r), "why", hn_utf8(r->why), "twin", "scenario",
        r->twin->name, "path", hn_utf8(r->twin->program), "reports",
        (json_int_t)r->reports, "schedules", (json_int_t)r->schedules,
        "complete", (int)r->complete, "undecided", (int)r->undecided, "ns",
        (json_int_t)r->ns, "why", hn_utf8(r->twin_why));
}

static json_t *total_json(const struct hn_score *s,
                          const struct hn_score_total *t)
{
    return json_pack(
        "{s:s, s:o, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, "
        "s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}",
        "schema", "vigil-score-total/1", "class", hn_utf8(t->class), "bugs",
        (json_int_t)t->bugs, "seeds", (json_int_t)s->seeds, "within_1",
        (json_int_t)t->within[0], "within_10", (json_int_t)t->within[1],
        "within_100", (json_int_t)t->within[2], "within_1000",
        (json_int_t)t->within[3], "explorations", (json_int_t)t->tries,
        "triggered", (json_int_t)t->triggered, "detected", (json_int_t)t->named,
        "median", (json_int_t)t->median, "worst", (json_int_t)t->worst,
        "median_ns", (json_int_t)t->median_ns, "worst_ns",
        (json_int_t)t->worst_ns, "twins_silent", (json_int_t)t->silent,
        "twins_complete", (json_int_t)t->complete, "twins_undecided",
        (json_int_t)t->undecided, "twin_reports", (json_int_t)t->reports,
        "twin_schedules", (json_int_t)t->schedules, "twin_ns",
        (json_int_t)t->ns);
}

static bool print_json(const struct hn_score *s,
                       const struct hn_score_total *all, FILE *out)
{
    struct hn_score_total of;
    bool good = true;

    for (size_t i = 0; i < s->n; i++)
        write_line(out, row_json(s, &s->rows[i]));
    for (size_t i = 0; i < s->n && good; i++) {
        if (!hn_score_is_first(s, i))
            continue;
        good = hn_score_total(s, s->rows[i].class, &of);
        if (good)
            write_line(out, total_json(s, &of));
    }
    write_line(out, total_json(s, all));
    return good;
}

bool hn_score_print(const struct hn_score *s, const struct hn_options *o,
                    FILE *out)
{
    struct hn_score_total all;

    if (!hn_score_total(s, NULL, &all))
        return false;
    return o->format == HN_JSON_FORMAT ? print_json(s, &all, out)
                                       : print_table(s, &all, o, out);
}
