/*
 * belongs.c - which options go with which command, and with which others.
 *
 * Method: a list for each command, of what would change nothing: who writes
 * it expects something of it, and silence would say that he has got it. Then
 * the rules of those that go with one command alone, or not together.
 */
#include "harness/belongs.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char *const of_runs[] = {"jobs",  "procs",  "timeout", "repeat",
                                      "seed",  "memory", "strict",  "baseline",
                                      "color", "quiet",  "verbose", NULL};
static const char *const of_searches[] = {
    "strategy", "schedules", "time", "races", "all", "fifo", "isolate", NULL};
static const char *const of_many_runs[] = {
    "jobs", "repeat", "strict", "color", "quiet", "verbose", NULL};
static const char *const of_workers[] = {"procs", NULL};
static const char *const of_reports[] = {"color", "verbose", NULL};
static const char *const of_ends[] = {"all", NULL};
static const char *const of_judges[] = {"strict", NULL};
static const char *const of_times[] = {"repeat", NULL};
static const char *const of_findings[] = {"baseline", NULL};

static const struct {
    enum hn_command command;
    const char *const *options;
    const char *why;
} without[] = {
    {HN_LIST, of_runs, "list runs nothing"},
    {HN_LIST, of_searches, "list runs nothing"},
    {HN_GRAPH, of_many_runs, "graph shows one run, and judges nothing"},
    {HN_GRAPH, of_searches, "graph shows one run, of no chosen schedule"},
    {HN_EXPLORE, of_workers, "explore runs on one thread"},
    {HN_REPLAY, of_workers, "replay runs on one thread"},
    {HN_SCORE, of_workers, "score explores, on one thread"},
    {HN_SCORE, of_reports, "score tells numbers, not reports"},
    {HN_SCORE, of_judges, "score counts what is undecided by itself"},
    {HN_SCORE, of_ends, "score ends a bug's search and goes on in a twin's"},
    {HN_SCORE, of_times, "score has --seeds"},
    {HN_SCORE, of_findings, "score counts all findings"},
};

/* Those that go with one command alone. */
static const struct {
    const char *option;
    enum hn_command command;
    const char *why;
} at_home[] = {
    {"save", HN_EXPLORE, "goes with explore"},
    {"prefix", HN_REPLAY, "goes with replay"},
    {"loose", HN_REPLAY, "goes with replay"},
    {"gdb", HN_REPLAY, "goes with replay"},
    {"seeds", HN_SCORE, "goes with score (others have --repeat)"},
};

typedef const char *const given_options[HN_OPTIONS_MAX];

/* false, for the checks to return. */
__attribute__((format(printf, 2, 3))) static bool wrong(char *why,
                                                        const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    vsnprintf(why, HN_BELONGS_WHY, fmt, args);
    va_end(args);
    return false;
}

/* What this command does that leaves no use for --option; NULL: it has one. */
static const char *no_use(enum hn_command command, const char *option)
{
    for (size_t i = 0; i < sizeof(without) / sizeof(without[0]); i++) {
        if (without[i].command != command)
            continue;
        for (const char *const *name = without[i].options; *name; name++) {
            if (strcmp(*name, option) == 0)
                return without[i].why;
        }
    }
    return NULL;
}

/* Where it goes instead; NULL: it goes with this command. */
static const char *not_at_home(enum hn_command command, const char *option)
{
    for (size_t i = 0; i < sizeof(at_home) / sizeof(at_home[0]); i++) {
        if (strcmp(at_home[i].option, option) == 0)
            return at_home[i].command == command ? NULL : at_home[i].why;
    }
    return NULL;
}

bool hn_belongs_to(enum hn_command command, const char *option)
{
    return !no_use(command, option) && !not_at_home(command, option);
}

/* What is given, and would change nothing. */
static bool of_use(const struct hn_options *o, given_options given, char *why)
{
    for (size_t i = 0; hn_option_table[i].name; i++) {
        const char *name = hn_option_table[i].name;
        const char *reason = given[i] ? no_use(o->command, name) : NULL;
        const char *home = given[i] ? not_at_home(o->command, name) : NULL;

        if (reason)
            return wrong(why, "--%s is in vain: %s", name, reason);
        if (home)
            return wrong(why, "--%s %s", name, home);
    }
    return true;
}

/* Of those that say how to search, which a schedule that is played has no use
   for: one that is given, or NULL. */
static const char *searching(given_options given)
{
    static const int keys[] = {HN_KEY_STRATEGY, HN_KEY_SCHEDULES, HN_KEY_TIME,
                               HN_KEY_ALL, HN_KEY_ISOLATE};

    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        if (given[hn_option_at(keys[i])])
            return hn_option_name(keys[i]);
    }
    return NULL;
}

static bool goes_with_replay(const struct hn_options *o, given_options given,
                             char *why)
{
    const char *search = searching(given);

    if (o->gdb && o->follow != HN_STRICT)
        return wrong(why, "--gdb plays a schedule strictly: not --%s",
                     o->follow == HN_LOOSE ? "loose" : "prefix");
    if (o->follow == HN_PREFIX &&
        (strcmp(o->strategy, "dpor") == 0 || strcmp(o->strategy, "delay") == 0))
        return wrong(why,
                     "--prefix goes on by default, random, pct, pos, surw, "
                     "hold or fair: '%s' tries all from the beginning",
                     o->strategy);
    if (o->follow != HN_PREFIX && search)
        return wrong(why,
                     "--%s is not for replay, which plays one schedule: add "
                     "--prefix to explore what comes behind it",
                     search);
    if (o->fifo && o->follow != HN_PREFIX)
        return wrong(why, "--fifo goes with explore: a token says by itself "
                          "how it was found");
    return true;
}

bool hn_belongs(const struct hn_options *o, given_options given,
                char why[HN_BELONGS_WHY])
{
    if (o->quiet && o->verbose)
        return wrong(why,
                     "--quiet and --verbose do not go together: choose one");
    if (!of_use(o, given, why))
        return false;
    if (o->command != HN_SCORE && o->format == HN_MARKDOWN_FORMAT)
        return wrong(why, "--format markdown goes with score");
    if (o->command == HN_REPLAY && !goes_with_replay(o, given, why))
        return false;
    if (o->fifo && strcmp(o->strategy, "dpor") == 0)
        return wrong(
            why, "--fifo is not for dpor, which takes who waits in any order");
    return true;
}
