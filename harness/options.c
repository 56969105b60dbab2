/*
 * options.c - the command line of vigil and of scenario programs.
 *
 * In:  argv. Out: struct hn_options, or one line on standard error.
 *
 * Method: argp knows the options, prints the help and calls us for each value.
 * Its own complaints take two lines and do not say what would be right, so it
 * is told to be silent, and the word that it stopped at is looked up again.
 *
 * O1  Exactly one line for whatever is wrong, and exit status 2.
 */
#include "harness/options.h"

#include <argp.h>
#include <errno.h>
#include <getopt.h>
#include <sched.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "harness/duration.h"
#include "harness/explore/strategy.h"
#include "harness/explore/schedfile.h"
#include "harness/explore/token.h"
#include "harness/mistyped.h"

#ifndef VIGIL_VERSION
#define VIGIL_VERSION "0.1.0"
#endif

enum {
    KEY_FILTER = 256,
    KEY_PROCS,
    KEY_TIMEOUT,
    KEY_REPEAT,
    KEY_SEED,
    KEY_STRICT,
    KEY_FORMAT,
    KEY_COLOR,
    KEY_MEMORY,
    KEY_JSON,
    KEY_BASELINE,
    KEY_STRATEGY,
    KEY_SCHEDULES,
    KEY_TIME,
    KEY_ALL,
    KEY_FIFO,
    KEY_ISOLATE,
    KEY_RACES,
    KEY_SAVE,
    KEY_PREFIX,
    KEY_LOOSE,
    KEY_GDB,
    KEY_VERSION,

    JOBS_MAX = 128,
    PROCS_MAX = 256,
    REPEAT_MAX = 1000000,
};
#define SCHEDULES_MAX UINT64_C(1000000000000)

static const struct argp_option table[] = {
    {"filter", KEY_FILTER, "GLOB", 0,
     "only scenarios whose name, FOLDER/NAME or PATH:NAME matches", 0},
    {"jobs", 'j', "N", 0, "runs at a time (default: the processors)", 0},
    {"procs", KEY_PROCS, "N", 0, "workers of each run", 0},
    {"timeout", KEY_TIMEOUT, "D", 0,
     "real time that a run may take, as in 250ms, 5s, 2m", 0},
    {"repeat", KEY_REPEAT, "N", 0, "run each N times", 0},
    {"seed", KEY_SEED, "S", 0, "seed of the first run; the next have S + 1 ...",
     0},
    {"memory", KEY_MEMORY, "SIZE", 0,
     "what a run may keep in memory, as in 512M, 2G (default: 4G, at most "
     "half of the machine's)",
     0},
    {"strict", KEY_STRICT, NULL, 0,
     "what is only likely, or undecided, is not as expected", 0},
    {"baseline", KEY_BASELINE, "FILE", 0,
     "findings that are known, by fingerprint: they spoil no run", 0},
    {"strategy", KEY_STRATEGY, "NAME", 0,
     "how schedules are explored: default, random, pct, pos, surw, hold, fair, "
     "delay "
     "or "
     "dpor",
     0},
    {"schedules", KEY_SCHEDULES, "N", 0,
     "the most schedules of an exploration (default: 100000)", 0},
    {"time", KEY_TIME, "quiescent|racy", 0,
     "whether a timer may fire although others could go on (default: racy)", 0},
    {"races", KEY_RACES, "report|error", 0,
     "whether a data race fails a scenario (default: report)", 0},
    {"all", KEY_ALL, NULL, 0,
     "explore to the end, and tell all failures that differ", 0},
    {"fifo", KEY_FIFO, NULL, 0,
     "only what happens when who waits first is served first, as in a run", 0},
    {"isolate", KEY_ISOLATE, "fork", 0,
     "explore with a process for each execution: slow, but nothing is left", 0},
    {"save", KEY_SAVE, "FILE", 0,
     "explore: write the schedule that fails there, in full, for replay", 0},
    {"prefix", KEY_PREFIX, NULL, 0,
     "replay: follow the schedule, then explore what comes behind it", 0},
    {"loose", KEY_LOOSE, NULL, 0,
     "replay: leave out what can not be done any more, and say what", 0},
    {"gdb", KEY_GDB, NULL, 0,
     "replay: in the debugger, stopped at the choice that decides", 0},
    {"format", KEY_FORMAT, "text|json", 0, "how results are written", 0},
    {"json", KEY_JSON, NULL, 0, "the same as --format json", 0},
    {"output", 'o', "FILE", 0, "write results there", 0},
    {"color", KEY_COLOR, "WHEN", 0, "auto, always or never", 0},
    {"quiet", 'q', NULL, 0, "only what is not as expected, and the totals", 0},
    {"verbose", 'v', NULL, 0, "output and report of every run", 0},
    {"help", 'h', NULL, 0, "this help", 0},
    {"version", KEY_VERSION, NULL, 0, "the version", 0},
    {0}};

/* What a right value looks like, for the line that says a value is wrong. */
static const struct {
    int key;
    const char *right;
} wants[] = {
    {KEY_FILTER, "a pattern, as in 'leak/*'"},
    {'j', "a number from 1 to 128"},
    {KEY_PROCS, "a number from 1 to 256"},
    {KEY_TIMEOUT, "a time above 0 with its unit, as in 250ms, 5s or 2m"},
    {KEY_REPEAT, "a number from 1 to 1000000"},
    {KEY_SEED, "a whole number from 1 to 18446744073709551615"},
    {KEY_MEMORY, "a size of at least 1M, as in 512M or 2G"},
    {KEY_BASELINE, "a file name"},
    {KEY_SAVE, "a file name"},
    {KEY_STRATEGY,
     "default, random, pct, pos, surw, hold, fair, delay or dpor"},
    {KEY_SCHEDULES, "a number from 1 to 1000000000000"},
    {KEY_TIME, "quiescent or racy"},
    {KEY_ISOLATE, "fork"},
    {KEY_RACES, "report or error"},
    {KEY_FORMAT, "text or json"},
    {'o', "a file name"},
    {KEY_COLOR, "auto, always or never"},
};

static const struct {
    const char *name;
    enum hn_command command;
} commands[] = {
    {"run", HN_RUN},         {"list", HN_LIST},     {"graph", HN_GRAPH},
    {"explore", HN_EXPLORE}, {"replay", HN_REPLAY},
};

/* What the parser is in the middle of. */
struct parsing {
    struct hn_options *o;
    bool named;     /* the command is there */
    bool said;      /* a complaint was printed */
    int answered;   /* key of help or version: nothing else counts */
    int stopped_at; /* the word behind the one that failed */
    int seed_given;
    const char *name; /* of the program, in complaints */
};

/* O1. EINVAL, for the parser to return. */
__attribute__((format(printf, 2, 3))) static error_t wrong(struct parsing *p,
                                                           const char *fmt, ...)
{
    va_list args;

    if (!p->said) {
        fprintf(stderr, "%s: ", p->name);
        va_start(args, fmt);
        vfprintf(stderr, fmt, args);
        va_end(args);
        fputc('\n', stderr);
    }
    p->said = true;
    return EINVAL;
}

static const char *right_value(int key)
{
    for (size_t i = 0; i < sizeof(wants) / sizeof(wants[0]); i++) {
        if (wants[i].key == key)
            return wants[i].right;
    }
    return "a value";
}

static const char *option_name(int key)
{
    const struct argp_option *o = table;

    while (o->name && o->key != key)
        o++;
    return o->name;
}

static error_t wrong_value(struct parsing *p, int key, const char *value)
{
    return wrong(p, "--%s '%s' is wrong: it takes %s", option_name(key), value,
                 right_value(key));
}

/* A whole number of digits alone, from 1 to max. */
static bool number(const char *text, uint64_t max, uint64_t *value)
{
    char *end;

    if (text[0] < '0' || text[0] > '9')
        return false;
    errno = 0;
    *value = strtoull(text, &end, 10);
    return errno == 0 && *end == '\0' && *value >= 1 && *value <= max;
}

/* The value of an option that counts something. */
static error_t take_count(struct parsing *p, int key, const char *arg, int max,
                          int *to)
{
    uint64_t value;

    if (!number(arg, (uint64_t)max, &value))
        return wrong_value(p, key, arg);
    *to = (int)value;
    return 0;
}

/* arg's place in words, or -1. */
static int one_of(const char *arg, const char *const *words)
{
    for (int i = 0; words[i]; i++) {
        if (strcmp(arg, words[i]) == 0)
            return i;
    }
    return -1;
}

/* The value of an option that is one of a few words. */
static error_t take_word(struct parsing *p, int key, const char *arg)
{
    static const char *const formats[] = {"text", "json", NULL};
    static const char *const colors[] = {"auto", "always", "never", NULL};
    static const char *const times[] = {"racy", "quiescent", NULL};
    static const char *const races[] = {"report", "error", NULL};
    int i = one_of(arg, key == KEY_FORMAT  ? formats
                        : key == KEY_TIME  ? times
                        : key == KEY_RACES ? races
                                           : colors);

    if (i < 0)
        return wrong_value(p, key, arg);
    if (key == KEY_FORMAT)
        p->o->format = (enum hn_format_kind)i;
    else if (key == KEY_TIME)
        p->o->quiescent = i == 1;
    else if (key == KEY_RACES)
        p->o->races_fail = i == 1;
    else
        p->o->color = (enum hn_color)i;
    return 0;
}

/* Times, sizes, the seed, and how many schedules. */
static error_t take_amount(struct parsing *p, int key, const char *arg)
{
    struct hn_options *o = p->o;
    bool good = false;

    if (key == KEY_TIMEOUT) {
        good = hn_duration_parse(arg, &o->timeout) && o->timeout > 0;
    } else if (key == KEY_MEMORY) {
        good = hn_size_parse(arg, &o->memory) && o->memory >= 1 << 20;
    } else if (key == KEY_SCHEDULES) {
        good = number(arg, SCHEDULES_MAX, &o->schedules);
    } else {
        good = number(arg, UINT64_MAX, &o->seed);
        p->seed_given = 1;
    }
    return good ? 0 : wrong_value(p, key, arg);
}

static error_t take_strategy(struct parsing *p, const char *arg)
{
    p->o->strategy = arg;
    if (strcmp(arg, "default") == 0 || hn_strategy_find(arg))
        return 0;
    return wrong_value(p, KEY_STRATEGY, arg);
}

/* How a schedule is replayed. */
static error_t take_manner(struct parsing *p, int key)
{
    struct hn_options *o = p->o;
    enum hn_follow_mode follow = key == KEY_LOOSE ? HN_LOOSE : HN_PREFIX;

    if (key == KEY_GDB) {
        o->gdb = true;
        return 0;
    }
    if (o->follow != HN_STRICT && o->follow != follow)
        return wrong(p, "--prefix and --loose do not go together: choose one");
    o->follow = follow;
    return 0;
}

/* The first word is the command; what follows are its paths. */
static error_t take_word_alone(struct parsing *p, char *arg,
                               struct argp_state *state)
{
    struct hn_options *o = p->o;

    if (p->named) {
        if (o->npaths == 0)
            o->paths = malloc((size_t)state->argc * sizeof(*o->paths));
        o->paths[o->npaths++] = arg;
        return 0;
    }
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
        if (strcmp(arg, commands[i].name) == 0) {
            o->command = commands[i].command;
            p->named = true;
            return 0;
        }
    }
    return wrong(p,
                 "unknown command '%s': run, list, graph, explore or replay "
                 "(--help tells more)",
                 arg);
}

/* Those that have no value. */
static error_t take_flag(struct parsing *p, int key)
{
    struct hn_options *o = p->o;

    switch (key) {
    case KEY_JSON:
        o->format = HN_JSON_FORMAT;
        return 0;
    case KEY_FIFO:
        o->fifo = true;
        return 0;
    case KEY_ALL:
        o->all = true;
        return 0;
    case KEY_STRICT:
        o->strict = true;
        return 0;
    case 'q':
        o->quiet = true;
        return 0;
    case 'v':
        o->verbose = true;
        return 0;
    case 'h':
    case KEY_VERSION:
        p->answered = key;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* argp calls this for each option and word, and at the first that it refuses. */
static error_t take(int key, char *arg, struct argp_state *state)
{
    struct parsing *p = state->input;
    struct hn_options *o = p->o;

    if (p->answered)
        return 0;
    switch (key) {
    case KEY_FILTER:
        o->filter = arg;
        return 0;
    case 'o':
    case KEY_BASELINE:
    case KEY_SAVE:
        *(key == 'o'        ? &o->output
          : key == KEY_SAVE ? &o->save
                            : &o->baseline_file) = arg;
        return *arg ? 0 : wrong_value(p, key, arg);
    case 'j':
        return take_count(p, key, arg, JOBS_MAX, &o->jobs);
    case KEY_PROCS:
        return take_count(p, key, arg, PROCS_MAX, &o->procs);
    case KEY_REPEAT:
        return take_count(p, key, arg, REPEAT_MAX, &o->repeat);
    case KEY_TIMEOUT:
    case KEY_MEMORY:
    case KEY_SEED:
    case KEY_SCHEDULES:
        return take_amount(p, key, arg);
    case KEY_FORMAT:
    case KEY_COLOR:
    case KEY_TIME:
    case KEY_RACES:
        return take_word(p, key, arg);
    case KEY_STRATEGY:
        return take_strategy(p, arg);
    case KEY_ISOLATE:
        o->apart = strcmp(arg, "fork") == 0;
        return o->apart ? 0 : wrong_value(p, key, arg);
    case KEY_PREFIX:
    case KEY_LOOSE:
    case KEY_GDB:
        return take_manner(p, key);
    case ARGP_KEY_ARG:
        return take_word_alone(p, arg, state);
    case ARGP_KEY_ERROR:
        p->stopped_at = state->next;
        return 0;
    default:
        return take_flag(p, key);
    }
}

static const struct argp command_argp = {
    .options = table,
    .parser = take,
    .args_doc = "run|list|explore [PATH...]\ngraph PATH:NAME\n"
                "replay [PATH] TOKEN|FILE.sched",
    .doc =
        "Runs scenarios of concurrent programs and tells which of their "
        "goroutines are stuck for ever, and why.\n"
        "PATH is a scenario program, PROGRAM:NAME, or a folder of programs; "
        "by default what is shipped.\v"
        "graph prints the wait-for graph at the end of one run as DOT, or with "
        "--json its report. Exit status: 0 all as expected, 1 some not, 2 "
        "wrong "
        "use, 3 vigil itself failed.",
};

static const struct argp own_argp = {
    .options = table,
    .parser = take,
    .args_doc =
        "run|list|explore [NAME...]\ngraph NAME\nreplay TOKEN|FILE.sched",
    .doc = "Runs the scenarios of this program and tells which of their "
           "goroutines are stuck for ever, and why.\v"
           "graph prints the wait-for graph at the end of one run as DOT, or "
           "with --json its report. Exit status: 0 all as expected, 1 some "
           "not, 2 wrong use, 3 the harness itself failed.",
};

/* argp stopped at this word without a word of its own. */
static void explain_option(struct parsing *p, const char *word)
{
    char why[HN_MISTYPED_WHY];

    hn_mistyped(table, word, right_value, why);
    wrong(p, "%s", why);
}

/* Those that we may use, which in a container are fewer than there are. */
static int processors(void)
{
    cpu_set_t set;
    int n = sched_getaffinity(0, sizeof(set), &set) == 0 ? CPU_COUNT(&set) : 1;

    return n < JOBS_MAX ? n : JOBS_MAX;
}

static void defaults(struct hn_options *o, const char *self, bool own)
{
    uint64_t half =
        (uint64_t)sysconf(_SC_PHYS_PAGES) / 2 * (uint64_t)sysconf(_SC_PAGESIZE);
    const uint64_t most = UINT64_C(4) << 30;

    *o = (struct hn_options){.jobs = processors(),
                             .repeat = 1,
                             .memory = half < most ? half : most,
                             .strategy = "default",
                             .self = self,
                             .own = own};
}

/* 32 bits: long enough to differ, short enough to read out. Never 0. */
static uint64_t draw_seed(void)
{
    uint32_t seed = 0;

    if (getrandom(&seed, sizeof(seed), 0) != (ssize_t)sizeof(seed))
        seed = (uint32_t)getpid();
    return (uint64_t)seed + 1;
}

/* The last word behind replay: a token, or the file of one. */
static void take_token(struct parsing *p)
{
    struct hn_options *o = p->o;
    char why[HN_TOKEN_WHY];
    struct hn_token token;

    if (o->npaths == 0) {
        wrong(p, "replay wants a token: gx1:SCENARIO:HASH:DEVIATIONS, as "
                 "explore prints it, or a file of explore --save");
        return;
    }
    o->token = o->paths[--o->npaths];
    if (!hn_token_is(o->token) && hn_schedfile_is(o->token)) {
        o->sched = o->token; /* who replays reads it */
        return;
    }
    if (hn_token_read(o->token, &token, why) != 0)
        wrong(p, "'%.80s' is no token: %s", o->token, why);
    else
        hn_schedule_free(&token.schedule);
}

/* What goes with one command alone, or not with another option. */
static void check_schedule_options(struct parsing *p)
{
    const struct hn_options *o = p->o;
    bool replay = p->named && o->command == HN_REPLAY;

    if (!replay && (o->follow != HN_STRICT || o->gdb))
        wrong(p, "--%s goes with replay",
              o->gdb                  ? "gdb"
              : o->follow == HN_LOOSE ? "loose"
                                      : "prefix");
    if (o->save && (!p->named || o->command != HN_EXPLORE))
        wrong(p, "--save goes with explore");
    if (o->gdb && o->follow != HN_STRICT)
        wrong(p, "--gdb plays a schedule strictly: not --%s",
              o->follow == HN_LOOSE ? "loose" : "prefix");
    if (o->follow == HN_PREFIX &&
        (strcmp(o->strategy, "dpor") == 0 || strcmp(o->strategy, "delay") == 0))
        wrong(p,
              "--prefix goes on by default, random, pct, pos, surw, hold or "
              "fair: '%s' "
              "tries all from the beginning",
              o->strategy);
    if (o->fifo && replay && o->follow != HN_PREFIX)
        wrong(p, "--fifo goes with explore: a token says by itself how it was "
                 "found");
    if (o->fifo && strcmp(o->strategy, "dpor") == 0)
        wrong(p, "--fifo is not for dpor, which takes who waits in any order");
    if (replay)
        take_token(p);
}

int hn_options_parse(int argc, char **argv, bool own, struct hn_options *o)
{
    const char *base = strrchr(argv[0], '/');
    struct parsing p = {.o = o, .name = base ? base + 1 : argv[0]};
    const struct argp *argp = own ? &own_argp : &command_argp;
    const int silent = ARGP_NO_ERRS | ARGP_NO_EXIT | ARGP_NO_HELP;
    error_t err;

    defaults(o, argv[0], own);
    if ((err = argp_parse(argp, argc, argv, (unsigned)silent, NULL, &p)) != 0) {
        if (err == ENOMEM) {
            fprintf(stderr, "%s: no memory\n", p.name);
            return HN_EXIT_FAILED;
        }
        if (!p.said)
            explain_option(&p, argv[p.stopped_at > 1 ? p.stopped_at - 1 : 1]);
        return HN_EXIT_USAGE;
    }
    if (p.answered) {
        if (p.answered == KEY_VERSION)
            puts("vigil " VIGIL_VERSION);
        else
            argp_help(argp, stdout, ARGP_HELP_STD_HELP & ~ARGP_HELP_EXIT_OK,
                      (char *)p.name);
        return fflush(stdout) == 0 ? HN_EXIT_EXPECTED : HN_EXIT_FAILED;
    }
    if (!p.named && !own)
        wrong(&p, "a command is missing: run, list, graph, explore or replay "
                  "(--help tells more)");
    if (o->quiet && o->verbose)
        wrong(&p, "--quiet and --verbose do not go together: choose one");
    check_schedule_options(&p);
    if (!p.seed_given)
        o->seed = draw_seed();
    return p.said ? HN_EXIT_USAGE : -1;
}
