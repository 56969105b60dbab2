/*
 * text.c - results for a person: a table, then what went wrong, then totals.
 *
 * In:  tallies in order. Out: a row a scenario as soon as it is known, grouped
 * by folder; after the table each failure with all that is needed to look into
 * it, the command that shows it again last; the totals as the very last line.
 *
 * X1  What a scenario printed can not take over the terminal: control
 *     characters come out as \xNN.
 * X2  Long output is shown by its head and tail, --verbose shows what is kept.
 */
#include "harness/formats/format.h"

#include <string.h>

#include "harness/duration.h"
#include "harness/explore/budget.h"

enum {
    SHOWN_HEAD = 6 << 10, /* bytes of output and report, X2 */
    SHOWN_TAIL = 10 << 10,
    NAME_MAX_WIDTH = 44,
    FINGERPRINTS = 20, /* of a failure */
};

#define GREEN  "\033[32m"
#define RED    "\033[31m"
#define YELLOW "\033[33m"
#define BOLD   "\033[1m"
#define DIM    "\033[2m"
#define PLAIN  "\033[0m"

static const char *paint(struct hn_writer *w, const char *code)
{
    return w->color ? code : "";
}

/* Columns fit the widest name, but not one that would push all aside. */
static int name_width(const struct hn_suite *suite)
{
    size_t width = 8;

    for (size_t i = 0; i < suite->n; i++) {
        size_t n = strlen(suite->all[i].label);
        if (n > width && n <= NAME_MAX_WIDTH)
            width = n;
    }
    return (int)width;
}

static int expect_width(const struct hn_suite *suite)
{
    size_t width = 10;
    char buf[HN_EXPECT_MAX];

    for (size_t i = 0; i < suite->n; i++) {
        size_t n = strlen(hn_expect_text(&suite->all[i].expect, buf));
        if (n > width)
            width = n;
    }
    return (int)(width < 36 ? width : 36);
}

/* Grouped as the table is. */
static void list(struct hn_writer *w)
{
    int name = name_width(w->suite), expect = expect_width(w->suite);
    const char *group = NULL;
    char buf[HN_EXPECT_MAX];

    for (size_t i = 0; i < w->suite->n; i++) {
        const struct hn_scenario *s = &w->suite->all[i];
        if (!group || strcmp(group, s->group) != 0)
            fprintf(w->out, "%s%s%s\n", paint(w, BOLD), s->group,
                    paint(w, PLAIN));
        group = s->group;
        fprintf(w->out, "  %-*s  %-*s  %s%s\n", name, s->label, expect,
                hn_expect_text(&s->expect, buf), s->about,
                s->explore ? " (explored)" : "");
    }
}

static void begin(struct hn_writer *w)
{
    if (w->options->quiet)
        return;
    fprintf(w->out, "%s  %-*s  %-*s  %-10s  %9s%s\n", paint(w, DIM),
            name_width(w->suite), "scenario", expect_width(w->suite),
            "expected", "verdict", "time", paint(w, PLAIN));
}

static void run(struct hn_writer *w, const struct hn_result *result)
{
    (void)w;
    (void)result;
}

/* X1 */
static void print_escaped(FILE *out, const char *at, const char *end)
{
    for (; at < end; at++) {
        unsigned char c = (unsigned char)*at;
        if ((c < 0x20 && c != '\t') || c == 0x7f)
            fprintf(out, "\\x%02x", c);
        else
            fputc(c, out);
    }
}

void hn_words_print(FILE *out, const char *words)
{
    print_escaped(out, words, words + strlen(words));
}

/* One line, indented. */
static void print_line(FILE *out, const char *at, const char *end)
{
    fputs("      ", out);
    print_escaped(out, at, end);
    fputc('\n', out);
}

static void print_lines(FILE *out, const char *at, const char *end)
{
    while (at < end) {
        const char *eol = memchr(at, '\n', (size_t)(end - at));
        print_line(out, at, eol ? eol : end);
        at = eol ? eol + 1 : end;
    }
}

/* X2. Under a title; nothing when there is nothing. */
static void print_block(struct hn_writer *w, const char *title,
                        const char *text, size_t n)
{
    const char *end = text + n;

    if (!text || n == 0)
        return;
    fprintf(w->out, "  %s%s%s\n", paint(w, BOLD), title, paint(w, PLAIN));
    if (w->options->verbose || n <= SHOWN_HEAD + SHOWN_TAIL) {
        print_lines(w->out, text, end);
        return;
    }
    print_lines(w->out, text, text + SHOWN_HEAD);
    fprintf(w->out, "      [... %zu bytes more, --verbose shows them ...]\n",
            n - SHOWN_HEAD - SHOWN_TAIL);
    print_lines(w->out, end - SHOWN_TAIL, end);
}

/* By what a baseline would know them. */
static void print_fingerprints(struct hn_writer *w, const struct hn_result *r)
{
    const char *title = "  fingerprint:";
    json_t *f;
    size_t i;

    json_array_foreach(json_object_get(r->report, "findings"), i, f)
    {
        const char *text, *verdict, *message;
        if (i >= FINGERPRINTS ||
            json_unpack(f, "{s:s, s:s, s:s}", "fingerprint", &text, "verdict",
                        &verdict, "message", &message) != 0)
            continue;
        fprintf(w->out, "%s%s%s %s  %s: ", paint(w, BOLD), title,
                paint(w, PLAIN), text, verdict);
        hn_words_print(w->out, message);
        fputs(json_object_get(f, "known") ? " (known)\n" : "\n", w->out);
    }
}

/* The command last: it is what one looks for, and copies. */
static void print_details(struct hn_writer *w, const struct hn_result *r)
{
    print_block(w, "output:", r->output, r->output_len);
    print_block(w, "report:", r->text, r->text_len);
    print_fingerprints(w, r);
    if (r->replay)
        fprintf(w->out, "  %sreproduce:%s %s\n", paint(w, BOLD),
                paint(w, PLAIN), r->replay);
}

/* Why it is not complete: the exploration always says. */
static const char *reason_of(json_t *x)
{
    static const char word[] = "incomplete: ";
    json_t *one;
    size_t i;

    json_array_foreach(json_object_get(x, "conditions"), i, one)
    {
        const char *text = json_string_value(one);

        if (text && strncmp(text, word, strlen(word)) == 0)
            return text + strlen(word);
    }
    return "";
}

/* How far an exploration went, and what it may say. */
static void print_explored(struct hn_writer *w, const struct hn_result *r)
{
    json_t *x = r->explored;
    json_int_t schedules = json_integer_value(json_object_get(x, "schedules")),
               found = json_integer_value(json_object_get(x, "found_at"));
    size_t several = json_array_size(json_object_get(x, "failures"));
    char races[HN_RESULT_RACES];

    if (!json_object_get(x, "schedules"))
        return;
    if (several > 1)
        fprintf(w->out, "  %zu different failures in %lld schedules", several,
                (long long)schedules);
    else if (found > 0)
        fprintf(w->out, "  found at schedule %lld", (long long)found);
    else if (json_is_true(json_object_get(x, "complete")))
        fprintf(w->out, "  complete, %lld execution%s", (long long)schedules,
                schedules == 1 ? "" : "s");
    else
        fprintf(w->out, "  incomplete, %lld schedule%s: %s",
                (long long)schedules, schedules == 1 ? "" : "s", reason_of(x));
    if (r->hints != HN_UNSAID)
        fprintf(w->out, ", lock order %s", hn_fate_text(r->hints));
    if (hn_result_races(r, races))
        fprintf(w->out, ", %s", races);
}

/* A line of its own, for it fails nothing. */
static void print_warning(struct hn_writer *w, const struct hn_result *r)
{
    const char *warning = json_string_value(
        json_object_get(json_object_get(r->explored, "starvation"), "warning"));

    if (warning)
        fprintf(w->out, "    %swarning:%s %s\n", paint(w, YELLOW),
                paint(w, PLAIN), warning);
}

/* The last column: ok, FAIL, undecided or known, and how often of how many. */
static void print_end_of_row(struct hn_writer *w, const struct hn_tally *t)
{
    const struct hn_known *known = t->shown->excused ? t->shown->known : NULL;
    const char *color = t->not_expected         ? RED
                        : t->undecided || known ? YELLOW
                                                : GREEN;
    const char *word = t->not_expected ? "FAIL"
                       : !t->undecided ? known ? "known" : "ok"
                       : w->options->command == HN_RUN
                           ? "undecided (needs exploration)"
                           : "undecided";

    fprintf(w->out, "  %s%s%s", paint(w, color), word, paint(w, PLAIN));
    print_explored(w, t->shown);
    if (t->runs > 1)
        fprintf(w->out, "  %d of %d", t->as_expected, t->runs);
    if (known && !t->not_expected)
        fprintf(w->out, " until %s: %s", known->until, known->reason);
    fputc('\n', w->out);
}

/* A row; the time is that of one run, where there were several. */
static void scenario(struct hn_writer *w, const struct hn_tally *t)
{
    const struct hn_scenario *s = t->scenario;
    const bool bad = t->not_expected > 0;
    char expect[HN_EXPECT_MAX], seen[HN_EXPECT_MAX], time[HN_DURATION_MAX];

    if (w->options->quiet && !bad)
        return;
    if (!w->group || strcmp(w->group, s->group) != 0)
        fprintf(w->out, "%s%s%s\n", paint(w, BOLD), s->group, paint(w, PLAIN));
    w->group = s->group;
    fprintf(w->out, "  %-*s  %-*s  %-10s  %9s", name_width(w->suite), s->label,
            expect_width(w->suite), hn_expect_text(&s->expect, expect),
            hn_seen_text(&t->shown->seen, seen),
            hn_duration_text(t->wall / t->runs, time));
    print_end_of_row(w, t);
    print_warning(w, t->shown);
    if (w->options->verbose && !bad)
        print_details(w, t->shown);
    fflush(w->out);
}

/* What was expected and what came, then all that the run has left. */
static void print_failure(struct hn_writer *w, const struct hn_tally *t)
{
    const struct hn_result *r = t->shown;

    fprintf(w->out, "\n%sFAIL%s %s%s/%s%s  ", paint(w, RED), paint(w, PLAIN),
            paint(w, BOLD), t->scenario->group, t->scenario->label,
            paint(w, PLAIN));
    hn_words_print(w->out, r->why);
    fputc('\n', w->out);
    if (r->note[0])
        fprintf(w->out, "  %s\n", r->note);
    if (t->runs > 1)
        fprintf(w->out, "  %d of %d runs were not as expected; the first:\n",
                t->not_expected, t->runs);
    if (t->scenario->about[0])
        fprintf(w->out, "  %s (%s:%d)\n", t->scenario->about, t->scenario->file,
                t->scenario->line);
    print_details(w, r);
}

void hn_totals_print(FILE *out, const struct hn_totals *t)
{
    const struct hn_progress *p = &t->end.last;
    char time[HN_DURATION_MAX];

    fprintf(out, "%zu scenario%s", t->scenarios, t->scenarios == 1 ? "" : "s");
    if (p->runs > t->scenarios)
        fprintf(out, ", %zu runs", p->done);
    fprintf(out, ": %zu as expected, %zu not", t->as_expected, t->not_expected);
    if (t->undecided > 0)
        fprintf(out, ", %zu undecided%s", t->undecided,
                t->explored ? "" : " (need exploration)");
    if (t->known > 0)
        fprintf(out, ", %zu known", t->known);
    if (t->hinted > 0)
        fprintf(out, ", %zu with lock-order hints", t->hinted);
    if (t->end.signal != 0)
        fprintf(out, "; interrupted: %zu of %zu runs done", p->done, p->runs);
    if (t->end.late > 0)
        fprintf(out, ", %zu did not end within %s", t->end.late,
                hn_duration_text(HN_INTERRUPT_GRACE, time));
    fprintf(out, " (%s)", hn_duration_text(p->wall, time));
}

static void end(struct hn_writer *w, const struct hn_tally *failed,
                size_t nfailed, const struct hn_totals *totals)
{
    for (size_t i = 0; i < nfailed; i++)
        print_failure(w, &failed[i]);
    if (!w->options->quiet || nfailed > 0)
        fputc('\n', w->out);
    hn_totals_print(w->out, totals);
    fputc('\n', w->out);
}

const struct hn_format hn_format_text = {list, begin, run, scenario, end};
