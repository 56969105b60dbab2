/*
 * explore_command.c - the command, as anybody calls it: its rates, by the
 * processor's time of all its processes, and its tokens.
 */
#define _GNU_SOURCE
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "tests/bench/explore.h"

enum {
    SCHEDULES = 200000, /* of which a rate is taken, at most */
    THEIRS = 20000      /* the same of who is slower */
};

/* Of all processes that were started, and have ended. */
static double children_s(void)
{
    struct rusage u;

    getrusage(RUSAGE_CHILDREN, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
           (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

const char *vigil, *scenarios, *lockers_program, *shuttle;

/* Every object of "vigil explore WHAT --format json" is given to each. */
static void for_each_explored(const char *what,
                              void (*each)(void *arg, json_t *x), void *arg)
{
    char *command;
    FILE *f;
    json_t *x;

    if (asprintf(&command, "%s explore %s --seed 1 --format json 2>/dev/null",
                 vigil, what) < 0 ||
        !(f = popen(command, "re")))
        abort();
    while ((x = json_loadf(f, JSON_DISABLE_EOF_CHECK, NULL))) {
        each(arg, x);
        json_decref(x);
    }
    pclose(f);
    free(command);
}

struct explored {
    double executions, points;
};

static void take_counts(void *arg, json_t *x)
{
    struct explored *e = arg;

    if (!json_object_get(x, "executions"))
        return; /* the totals */
    e->executions = json_number_value(json_object_get(x, "executions"));
    e->points = json_number_value(json_object_get(x, "points"));
}

static struct explored explored_by(const char *strategy, int sections,
                                   unsigned schedules)
{
    struct explored e = {0, 0};
    char *what;

    if (asprintf(&what, "%s:lockers%d --strategy %s --schedules %u",
                 lockers_program, sections, strategy, schedules) < 0)
        abort();
    for_each_explored(what, take_counts, &e);
    free(what);
    if (e.executions < 1)
        abort();
    return e;
}

/* Seconds of all executions but the first: what the command takes, its
   processes, their start and end, less the same for one. */
static double took(const char *strategy, int sections, struct explored *e)
{
    double before = children_s(), start, all;
    struct explored one = explored_by(strategy, sections, 1);

    start = children_s();
    *e = explored_by(strategy, sections, SCHEDULES);
    all = children_s();
    e->executions -= one.executions;
    e->points -= one.points;
    return (all - start) - (start - before);
}

static double rate(const char *strategy, int sections)
{
    struct explored e;
    double s = took(strategy, sections, &e);

    return e.executions / s / 1e6;
}

struct found random_lockers(int sections)
{
    double v[ROUNDS];

    for (int i = 0; i < ROUNDS; i++)
        v[i] = rate("random", sections);
    return found_middle(v, ROUNDS, "M/s");
}

struct found decision(int sections)
{
    double v[ROUNDS];

    for (int i = 0; i < ROUNDS; i++) {
        struct explored e;
        double s = took("random", sections, &e);

        v[i] = s * 1e9 / e.points;
    }
    return found_middle(v, ROUNDS, "ns");
}

struct found dpor_lockers(int sections)
{
    double v[ROUNDS];

    for (int i = 0; i < ROUNDS; i++)
        v[i] = rate("dpor", sections);
    return found_middle(v, ROUNDS, "M/s");
}

/* Of the same, by turns. */
struct found times_shuttle(int sections)
{
    double v[ROUNDS];

    for (int i = 0; i < ROUNDS; i++) {
        double ours = rate("random", sections), t = children_s();
        char *command;

        if (asprintf(&command, "%s 3 %d %d", shuttle, sections, THEIRS) < 0 ||
            system(command))
            abort();
        free(command);
        v[i] = ours / (THEIRS / (children_s() - t) / 1e6);
    }
    return found_middle(v, ROUNDS, "times as many");
}

struct tokens {
    double length[64], deviations[64], ms[64]; /* of shrinking */
    int n;
};

static void take_token(void *arg, json_t *x)
{
    struct tokens *t = arg;
    const char *token = json_string_value(json_object_get(x, "token"));

    if (!token || t->n == 64)
        return;
    t->length[t->n] = (double)strlen(token);
    t->deviations[t->n] = 0;
    for (const char *c = token; *c; c++)
        t->deviations[t->n] += *c == '@';
    t->ms[t->n] = 1e3 * json_number_value(json_object_get(
                            json_object_get(x, "shrinking"), "seconds"));
    t->n++;
}

/* None is a row that has failed. */
static struct tokens all_tokens(void)
{
    struct tokens t = {.n = 0};

    for_each_explored(scenarios, take_token, &t);
    if (!t.n)
        abort();
    return t;
}

static struct found longest(double *v, int n, const char *unit)
{
    struct found f = found_middle(v, n, unit);

    f.value = f.high;
    return f;
}

struct found longest_token(int n)
{
    struct tokens t = all_tokens();

    (void)n;
    return longest(t.length, t.n, "characters, the longest");
}

struct found deviations(int n)
{
    struct tokens t = all_tokens();

    (void)n;
    return found_middle(t.deviations, t.n, "choices in a token");
}

struct found shrinking(int n)
{
    struct tokens t = all_tokens();

    (void)n;
    return longest(t.ms, t.n, "ms, the longest");
}
