/*
 * show.c - between the runner and a format: tallies, totals, progress.
 *
 * In:  results in order. Out: calls of a format, and a line on the terminal
 * that says how far things are.
 *
 * The progress line lives on standard error and is wiped before anything is
 * written to the results, for both are often the same terminal. In a log there
 * is none: the rows of the table come as they are known.
 */
#include "harness/show.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/output.h"

/* As asked for; else where somebody looks at it, and has not said NO_COLOR. */
static bool wants_color(const struct hn_options *o, FILE *out)
{
    const char *term = getenv("TERM"), *no = getenv("NO_COLOR");

    if (o->color != HN_COLOR_AUTO)
        return o->color == HN_COLOR_ALWAYS;
    return isatty(fileno(out)) && !(no && *no) && term && *term &&
           strcmp(term, "dumb") != 0;
}

/* Before anything else is written: the terminal is often the same. */
static void wipe(struct hn_show *show)
{
    if (show->drawn)
        fputs("\r\033[K", stderr);
    show->drawn = false;
}

/* Not for the first moments: what is over at once needs no such line. */
static void on_progress(struct hn_sink *sink, const struct hn_progress *now)
{
    struct hn_show *show = (struct hn_show *)sink;

    if (!show->progress || now->wall < 200000000)
        return;
    wipe(show);
    fprintf(stderr, "[%zu/%zu] %zu as expected, %zu not  %s", now->done,
            now->runs, now->as_expected, now->not_expected,
            now->active > 0 ? now->latest->label : "");
    fflush(stderr);
    show->drawn = true;
}

/* The first of them is told. */
static void note_lack(struct hn_show *show, const char *label, const char *what)
{
    if (!show->lack[0])
        snprintf(show->lack, sizeof(show->lack), "%s: %s", label, what);
}

/* The scenario is complete: its row, its place in the totals. */
static void close_tally(struct hn_show *show)
{
    struct hn_tally *t = &show->now, *failed;
    struct hn_totals *totals = &show->totals;

    if (!t->scenario)
        return;
    show->format->scenario(&show->writer, t);
    totals->scenarios++;
    totals->explored = show->writer.options->command != HN_RUN;
    totals->hinted += t->hinted > 0;
    if (t->not_expected > 0) {
        totals->not_expected++;
        failed = realloc(show->failed, (show->nfailed + 1) * sizeof(*failed));
        if (failed) {
            show->failed = failed;
            show->failed[show->nfailed++] = *t;
            t->shown = NULL;
        } else {
            note_lack(show, t->scenario->label, "out of memory");
        }
    } else if (t->undecided > 0) {
        totals->undecided++;
    } else {
        totals->as_expected++;
        totals->known += t->shown && t->shown->excused;
    }
    hn_result_free(t->shown);
    *t = (struct hn_tally){0};
}

/* How much a result is worth showing. */
static int worth(const struct hn_result *r)
{
    return r->judged == HN_NOT_EXPECTED ? 2 : r->excused;
}

/* Keeps the first of those that are worth most. */
static void add(struct hn_tally *t, struct hn_result *r)
{
    bool better = !t->shown || worth(r) > worth(t->shown);

    t->scenario = r->scenario;
    t->runs++;
    t->wall += r->wall;
    t->as_expected += r->judged == HN_AS_EXPECTED;
    t->not_expected += r->judged == HN_NOT_EXPECTED;
    t->undecided += r->judged == HN_UNDECIDED;
    t->hinted += r->seen.hints > 0;
    if (better) {
        hn_result_free(t->shown);
        t->shown = r;
    } else {
        hn_result_free(r);
    }
}

/* Results come by scenario, so a new one closes the one before. */
static bool on_result(struct hn_sink *sink, struct hn_result *r)
{
    struct hn_show *show = (struct hn_show *)sink;

    wipe(show);
    if (show->now.scenario && show->now.scenario != r->scenario)
        close_tally(show);
    show->format->run(&show->writer, r);
    if (r->lack[0])
        note_lack(show, r->scenario->label, r->lack);
    add(&show->now, r);
    if (show->now.runs == show->writer.options->repeat)
        close_tally(show);
    return !ferror(show->writer.out);
}

void hn_show_init(struct hn_show *show, const struct hn_suite *suite,
                  const struct hn_options *options, FILE *out)
{
    *show = (struct hn_show){
        .sink = {.result = on_result, .progress = on_progress},
        .writer = {.out = out,
                   .suite = suite,
                   .options = options,
                   .color = wants_color(options, out)},
        .format = options->format == HN_JSON_FORMAT ? &hn_format_json
                                                    : &hn_format_text,
        .progress = isatty(STDERR_FILENO) && !options->quiet,
    };
}

void hn_show_begin(struct hn_show *show)
{
    show->format->begin(&show->writer);
    fflush(show->writer.out);
}

enum hn_exit hn_show_end(struct hn_show *show, const struct hn_run_end *end)
{
    bool all;

    wipe(show);
    close_tally(show); /* an interrupted one */
    show->totals.end = *end;
    show->format->end(&show->writer, show->failed, show->nfailed,
                      &show->totals);
    if (show->writer.out != stdout && !show->writer.options->quiet) {
        hn_totals_print(stderr, &show->totals);
        fputc('\n', stderr);
    }
    for (size_t i = 0; i < show->nfailed; i++)
        hn_result_free(show->failed[i].shown);
    free(show->failed);
    all = show->totals.not_expected == 0 && end->last.done == end->last.runs;
    if (show->lack[0])
        return hn_complain(show->writer.options, HN_EXIT_FAILED, "%s",
                           show->lack);
    return all ? HN_EXIT_EXPECTED : HN_EXIT_NOT_EXPECTED;
}
