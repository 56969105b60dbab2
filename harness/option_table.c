/*
 * option_table.c - the options there are: names, values, help.
 *
 * A new option is a line here, one in wants when it has a value, a case in
 * options.c, and a place in belongs.c under each command that has no use for
 * it.
 */
#include "harness/option_table.h"

#include <stddef.h>

const struct argp_option hn_option_table[HN_OPTIONS_MAX] = {
    {"filter", HN_KEY_FILTER, "GLOB", 0,
     "only scenarios whose name, FOLDER/NAME or PATH:NAME matches", 0},
    {"jobs", 'j', "N", 0, "runs at a time (default: the processors)", 0},
    {"procs", HN_KEY_PROCS, "N", 0, "workers of each run", 0},
    {"timeout", HN_KEY_TIMEOUT, "D", 0,
     "real time that a run may take, as in 250ms or 2m", 0},
    {"repeat", HN_KEY_REPEAT, "N", 0, "run each N times", 0},
    {"seed", HN_KEY_SEED, "S", 0,
     "seed of the first run; the next have S + 1 ...", 0},
    {"memory", HN_KEY_MEMORY, "SIZE", 0,
     "what a run may keep in memory, as in 512M, 2G (default: 4G, at most "
     "half of the machine's)",
     0},
    {"strict", HN_KEY_STRICT, NULL, 0,
     "what is only likely, or undecided, is not as expected", 0},
    {"baseline", HN_KEY_BASELINE, "FILE", 0,
     "findings that are known, by fingerprint: they spoil no run", 0},
    {"strategy", HN_KEY_STRATEGY, "NAME", 0,
     "how schedules are explored: default, random, pct, pos, surw, hold, fair, "
     "delay or dpor",
     0},
    {"schedules", HN_KEY_SCHEDULES, "N", 0,
     "the most schedules of an exploration (default: 100000, in score 10000, "
     "in run 2000)",
     0},
    {"seeds", HN_KEY_SEEDS, "N", 0,
     "score: explore each bug with N seeds, from 1 or --seed on (default: 20)",
     0},
    {"time", HN_KEY_TIME, "quiescent|racy", 0,
     "whether a timer may fire although others could go on (default: racy)", 0},
    {"races", HN_KEY_RACES, "report|error", 0,
     "whether a data race fails a scenario (default: report)", 0},
    {"all", HN_KEY_ALL, NULL, 0,
     "explore to the end, and tell all failures that differ", 0},
    {"fifo", HN_KEY_FIFO, NULL, 0,
     "only what happens when who waits first is served first, as in a run", 0},
    {"isolate", HN_KEY_ISOLATE, "fork", 0,
     "explore with a process for each execution: slow, but nothing is left", 0},
    {"save", HN_KEY_SAVE, "FILE", 0,
     "explore: write the schedule that fails there, in full, for replay", 0},
    {"prefix", HN_KEY_PREFIX, NULL, 0,
     "replay: follow the schedule, then explore what comes behind it", 0},
    {"loose", HN_KEY_LOOSE, NULL, 0,
     "replay: leave out what can not be done any more, and say what", 0},
    {"gdb", HN_KEY_GDB, NULL, 0,
     "replay: in the debugger, stopped at the choice that decides", 0},
    {"format", HN_KEY_FORMAT, "text|json", 0,
     "how results are written (of score: markdown, too)", 0},
    {"json", HN_KEY_JSON, NULL, 0, "the same as --format json", 0},
    {"output", 'o', "FILE", 0, "write results there", 0},
    {"color", HN_KEY_COLOR, "WHEN", 0, "auto, always or never", 0},
    {"quiet", 'q', NULL, 0, "only what is not as expected, and the totals", 0},
    {"verbose", 'v', NULL, 0, "output and report of every run", 0},
    {"help", 'h', NULL, 0, "this help", 0},
    {"version", HN_KEY_VERSION, NULL, 0, "the version", 0},
    {0}};

static const struct {
    int key;
    const char *right;
} wants[] = {
    {HN_KEY_FILTER, "a pattern, as in 'leak/*'"},
    {'j', "a number from 1 to 128"},
    {HN_KEY_PROCS, "a number from 1 to 256"},
    {HN_KEY_TIMEOUT, "a time above 0, up to 8760h, as in 250ms, 5s or 2m"},
    {HN_KEY_REPEAT, "a number from 1 to 1000000"},
    {HN_KEY_SEED, "a whole number from 1 to 18446744073709551615"},
    {HN_KEY_MEMORY, "a size of at least 1M, as in 512M or 2G"},
    {HN_KEY_BASELINE, "a file name"},
    {HN_KEY_SAVE, "a file name"},
    {HN_KEY_STRATEGY,
     "default, random, pct, pos, surw, hold, fair, delay or dpor"},
    {HN_KEY_SCHEDULES, "a number from 1 to 1000000000000"},
    {HN_KEY_SEEDS, "a number from 1 to 10000"},
    {HN_KEY_TIME, "quiescent or racy"},
    {HN_KEY_ISOLATE, "fork"},
    {HN_KEY_RACES, "report or error"},
    {HN_KEY_FORMAT, "text or json (of score: markdown, too)"},
    {'o', "a file name"},
    {HN_KEY_COLOR, "auto, always or never"},
};

int hn_option_at(int key)
{
    int at = 0;

    while (hn_option_table[at].name && hn_option_table[at].key != key)
        at++;
    return at;
}

const char *hn_option_name(int key)
{
    return hn_option_table[hn_option_at(key)].name;
}

const char *hn_option_right(int key)
{
    for (size_t i = 0; i < sizeof(wants) / sizeof(wants[0]); i++) {
        if (wants[i].key == key)
            return wants[i].right;
    }
    return "a value";
}
