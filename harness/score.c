/*
 * score.c - how soon bugs are found that have a cured twin, and whether the
 * twin is silent.
 *
 * In:  scenarios. Out: rows, a bug and its twin each, and totals of them.
 *
 * Method: bugs are explored to their first failure, once a seed; twins once,
 * to the end of what was asked for, for any report. Triggered is a schedule in
 * which somebody is left stuck; detected, one of which the report then says
 * what is expected.
 *
 * C1  What a total says of bounds holds for the worst of the seeds: for each
 *     seed its bugs are counted, and the least is told.
 * C2  A twin whose run said nothing that can be used has not been silent; nor
 *     one of which an execution hung, or none was seen to its end: what it
 *     would have said is not known.
 */
#include "harness/score.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const uint64_t hn_score_bounds[HN_SCORE_BOUNDS] = {1, 10, 100, 1000};

/* ---- pairs ---------------------------------------------------------------*/

static const char *base_of(const char *path)
{
    const char *base = strrchr(path, '/');

    return base ? base + 1 : path;
}

static bool is_bug(const struct hn_scenario *s)
{
    return s->expect.kind != GO_EXPECT_CLEAN;
}

/* "NAME_fixed". */
static bool is_fixed_name(const char *name, const char *bug)
{
    size_t n = strlen(bug);

    return strncmp(name, bug, n) == 0 && strcmp(name + n, "_fixed") == 0;
}

/* Whether two folders lie in one. */
static bool beside(const char *one, const char *other)
{
    size_t a = (size_t)(base_of(one) - one),
           b = (size_t)(base_of(other) - other);

    return a == b && strncmp(one, other, a) == 0;
}

static bool is_twin(const struct hn_scenario *bug, const struct hn_scenario *s)
{
    if (is_bug(s))
        return false;
    if (strcmp(s->program, bug->program) == 0)
        return is_fixed_name(s->name, bug->name);
    return strcmp(s->name, bug->name) == 0 &&
           strcmp(base_of(s->program), base_of(bug->program)) == 0 &&
           strcmp(base_of(s->group), "clean") == 0 &&
           beside(s->group, bug->group);
}

static const struct hn_scenario *twin_of(const struct hn_suite *suite,
                                         const struct hn_scenario *bug)
{
    for (size_t i = 0; i < suite->n; i++)
        if (is_twin(bug, &suite->all[i]))
            return &suite->all[i];
    return NULL;
}

/* A path or a filter may have named the bug alone. That there is no twin to
   be added is no mistake. */
static int add_twin(struct hn_suite *suite, const struct hn_options *o,
                    size_t bug)
{
    const struct hn_scenario *b = &suite->all[bug];
    int folder = (int)(base_of(b->group) - b->group);
    char why[HN_SUITE_WHY], *fixed = NULL, *clean = NULL, *path = NULL;
    int err = -ENOMEM;

    if (asprintf(&fixed, "%s_fixed", b->name) < 0 ||
        asprintf(&path, "%s:%s", b->program, fixed) < 0 ||
        asprintf(&clean, "%.*sclean/%s", folder, b->group,
                 base_of(b->program)) < 0)
        return err;
    err = o->own ? hn_suite_add_own(suite, o->self, fixed, why)
                 : hn_suite_add_path(suite, path, why);
    if (err != 0 && !o->own && access(clean, X_OK) == 0)
        err = hn_suite_add_path(suite, clean, why);
    free(fixed);
    free(clean);
    free(path);
    return err == -ENOMEM ? err : 0;
}

static int add_twins(struct hn_suite *suite, const struct hn_options *o)
{
    size_t n = suite->n;
    int err = 0;

    for (size_t i = 0; i < n && err == 0; i++)
        if (is_bug(&suite->all[i]) && !twin_of(suite, &suite->all[i]))
            err = add_twin(suite, o, i);
    return err;
}

static const char *class_of(const struct hn_scenario *s)
{
    return s->class && *s->class ? s->class : base_of(s->group);
}

/* The scenarios stay the suite's. */
static void add_row(struct hn_score *s, const struct hn_scenario *bug,
                    const struct hn_scenario *twin)
{
    size_t i = s->n++;

    s->bugs.all[i] = *bug;
    s->twins.all[i] = *twin;
    s->bugs.n = s->twins.n = s->n;
    s->rows[i].bug = &s->bugs.all[i];
    s->rows[i].twin = &s->twins.all[i];
    s->rows[i].class = class_of(bug);
}

static bool make_room(struct hn_score *s, size_t n)
{
    s->bugs.all = calloc(n + 1, sizeof(*s->bugs.all));
    s->twins.all = calloc(n + 1, sizeof(*s->twins.all));
    s->rows = calloc(n + 1, sizeof(*s->rows));
    return s->bugs.all && s->twins.all && s->rows;
}

int hn_score_begin(struct hn_score *s, struct hn_suite *suite,
                   const struct hn_options *o)
{
    *s = (struct hn_score){.seeds = o->seeds,
                           .first_seed = o->seed,
                           .schedules = o->schedules ? o->schedules : 10000};
    if (add_twins(suite, o) != 0 || !make_room(s, suite->n))
        return -ENOMEM;
    for (size_t i = 0; i < suite->n; i++) {
        const struct hn_scenario *bug = &suite->all[i];
        const struct hn_scenario *twin =
            is_bug(bug) ? twin_of(suite, bug) : NULL;

        if (twin)
            add_row(s, bug, twin);
        s->alone += is_bug(bug) && !twin;
    }
    for (size_t i = 0; i < s->n; i++) {
        s->rows[i].tries = calloc((size_t)s->seeds, sizeof(*s->rows[i].tries));
        if (!s->rows[i].tries)
            return -ENOMEM;
    }
    return 0;
}

void hn_score_free(struct hn_score *s)
{
    for (size_t i = 0; s->rows && i < s->n; i++)
        free(s->rows[i].tries);
    free(s->rows);
    free(s->bugs.all);
    free(s->twins.all);
}

/* ---- runs ----------------------------------------------------------------*/

/* What comes in is of bugs first, then of twins. */
struct taker {
    struct hn_sink sink;
    struct hn_score *score;
    bool progress, drawn; /* on a terminal */
    char why[HN_WHY_MAX]; /* vigil had too little to explore one; or "" */
};

static uint64_t count(const json_t *explored, const char *key)
{
    return (uint64_t)json_integer_value(json_object_get(explored, key));
}

static int64_t time_of(const struct hn_result *r)
{
    const json_t *seconds = json_object_get(r->explored, "seconds");

    return seconds ? (int64_t)(json_real_value(seconds) * 1e9) : r->wall;
}

/* Whether more is worth while: not where vigil had too little to explore one. */
static bool done_with(struct taker *t, struct hn_result *r)
{
    bool more = !r->lack[0];

    if (!more)
        snprintf(t->why, sizeof(t->why), "%s", r->why);
    hn_result_free(r);
    return more;
}

static bool take_bug(struct hn_sink *sink, struct hn_result *r)
{
    struct hn_score *s = ((struct taker *)sink)->score;
    struct hn_score_row *row = &s->rows[r->scenario - s->bugs.all];
    struct hn_score_try *t =
        &row->tries[(r->seed - s->first_seed) % (uint64_t)s->seeds];

    t->found_at = count(r->explored, "found_at");
    t->ns = time_of(r);
    t->named = t->found_at > 0 && r->judged == HN_AS_EXPECTED;
    if (!t->named && !row->why[0])
        snprintf(row->why, sizeof(row->why), "%s", r->why);
    return done_with((struct taker *)sink, r);
}

/* C2. */
static bool take_twin(struct hn_sink *sink, struct hn_result *r)
{
    struct hn_score *s = ((struct taker *)sink)->score;
    struct hn_score_row *row = &s->rows[r->scenario - s->twins.all];

    row->reports = json_array_size(json_object_get(r->explored, "failures")) +
                   count(r->explored, "other_failures");
    row->schedules = count(r->explored, "schedules");
    row->complete = json_is_true(json_object_get(r->explored, "complete"));
    row->ns = time_of(r);
    row->undecided =
        row->reports == 0 && (r->unseen || r->judged == HN_UNDECIDED);
    if (r->judged != HN_AS_EXPECTED) {
        row->reports += row->reports == 0 && !row->undecided;
        snprintf(row->twin_why, sizeof(row->twin_why), "%s", r->why);
    }
    return done_with((struct taker *)sink, r);
}

static void tell_progress(struct hn_sink *sink, const struct hn_progress *now)
{
    struct taker *t = (struct taker *)sink;

    if (!t->progress)
        return;
    fprintf(stderr, "\r\033[K[%zu/%zu] %s", now->done, now->runs,
            now->active > 0 ? now->latest->label : "");
    fflush(stderr);
    t->drawn = true;
}

static int run_some(struct taker *t, const struct hn_suite *suite,
                    const struct hn_options *o, struct hn_run_end *end)
{
    int err = hn_runner_run(suite, o, false, &t->sink, end);

    if (t->drawn)
        fputs("\r\033[K", stderr);
    t->drawn = false;
    if (!t->why[0])
        return err;
    snprintf(end->why, sizeof(end->why), "%s", t->why);
    return -ENOMEM;
}

int hn_score_run(struct hn_score *s, const struct hn_options *o,
                 struct hn_run_end *end)
{
    struct hn_options how = *o;
    struct taker t = {.sink = {.result = take_bug, .progress = tell_progress},
                      .score = s,
                      .progress = isatty(STDERR_FILENO) && !o->quiet};
    int err;

    how.command = HN_EXPLORE;
    how.schedules = s->schedules;
    how.repeat = s->seeds;
    how.all = false;
    err = run_some(&t, &s->bugs, &how, end);
    if (err != 0 || end->signal != 0)
        return err;
    how.repeat = 1;
    how.all = true;
    t.sink.result = take_twin;
    return run_some(&t, &s->twins, &how, end);
}

/* ---- totals --------------------------------------------------------------*/

static bool counts(const struct hn_score_row *row, const char *class)
{
    return !class || strcmp(row->class, class) == 0;
}

/* C1. */
static size_t found_within(const struct hn_score_row *rows, size_t n,
                           const char *class, int seed, uint64_t bound)
{
    size_t found = 0;

    for (size_t i = 0; i < n; i++) {
        uint64_t at = rows[i].tries[seed].found_at;

        found += counts(&rows[i], class) && at > 0 && at <= bound;
    }
    return found;
}

static void add_bounds(const struct hn_score_row *rows, size_t n, int seeds,
                       struct hn_score_total *t)
{
    for (int b = 0; b < HN_SCORE_BOUNDS; b++) {
        t->within[b] = SIZE_MAX;
        for (int seed = 0; seed < seeds; seed++) {
            size_t found =
                found_within(rows, n, t->class, seed, hn_score_bounds[b]);

            if (found < t->within[b])
                t->within[b] = found;
        }
    }
}

static int compare(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;

    return *x < *y ? -1 : *x > *y;
}

/* The lower of the two in the middle; the last. */
static void spread(int64_t *all, size_t n, int64_t *median, int64_t *worst)
{
    qsort(all, n, sizeof(*all), compare);
    *median = n > 0 ? all[(n - 1) / 2] : 0;
    *worst = n > 0 ? all[n - 1] : 0;
}

/* What was not found is later than all that was: not told by a number. */
static bool add_spread(const struct hn_score_row *rows, size_t n, int seeds,
                       struct hn_score_total *t)
{
    int64_t *at = calloc(n * (size_t)seeds + 1, sizeof(*at));
    int64_t *ns = calloc(n * (size_t)seeds + 1, sizeof(*ns));
    int64_t median = 0, worst = 0;
    size_t tries = 0, found = 0;

    for (size_t i = 0; at && ns && i < n; i++)
        for (int k = 0; counts(&rows[i], t->class) && k < seeds; k++) {
            const struct hn_score_try *try = &rows[i].tries[k];

            at[tries++] = try->found_at ? (int64_t)try->found_at : INT64_MAX;
            if (try->found_at)
                ns[found++] = try->ns;
        }
    if (at && ns) {
        spread(at, tries, &median, &worst);
        spread(ns, found, &t->median_ns, &t->worst_ns);
        t->median = median == INT64_MAX ? 0 : (uint64_t)median;
        t->worst = worst == INT64_MAX ? 0 : (uint64_t)worst;
    }
    free(at);
    free(ns);
    return at && ns;
}

static void add_one(const struct hn_score_row *row, int seeds,
                    struct hn_score_total *t)
{
    t->bugs++;
    for (int k = 0; k < seeds; k++) {
        t->tries++;
        t->triggered += row->tries[k].found_at > 0;
        t->named += row->tries[k].named;
    }
    t->silent += row->reports == 0 && !row->undecided;
    t->undecided += row->undecided;
    t->complete += row->complete;
    t->reports += row->reports;
    t->schedules += row->schedules;
    t->ns += row->ns;
}

static bool total_of(const struct hn_score_row *rows, size_t n, int seeds,
                     const char *class, struct hn_score_total *t)
{
    *t = (struct hn_score_total){.class = class};
    for (size_t i = 0; i < n; i++)
        if (counts(&rows[i], class))
            add_one(&rows[i], seeds, t);
    add_bounds(rows, n, seeds, t);
    return add_spread(rows, n, seeds, t);
}

bool hn_score_total(const struct hn_score *s, const char *class,
                    struct hn_score_total *t)
{
    return total_of(s->rows, s->n, s->seeds, class, t);
}

bool hn_score_row_total(const struct hn_score *s, size_t row,
                        struct hn_score_total *t)
{
    return total_of(&s->rows[row], 1, s->seeds, NULL, t);
}

bool hn_score_is_first(const struct hn_score *s, size_t row)
{
    for (size_t i = 0; i < row; i++)
        if (strcmp(s->rows[i].class, s->rows[row].class) == 0)
            return false;
    return true;
}

bool hn_score_perfect(const struct hn_score_total *all)
{
    return all->named == all->tries && all->silent == all->bugs;
}
