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
#include "harness/explore/token.h"

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
     "how schedules are explored: default, random, pct, pos, surw, delay or "
     "dpor",
     0},
    {"schedules", KEY_SCHEDULES, "N", 0,
     "the most schedules of an exploration (default: 100000)", 0},
    {"time", KEY_TIME, "quiescent|racy", 0,
     "whether a timer may fire although others could go on (default: racy)", 0},
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
    {KEY_STRATEGY, "default, random, pct, pos, surw, delay or dpor"},
    {KEY_SCHEDULES, "a number from 1 to 1000000000000"},
    {KEY_TIME, "quiescent or racy"},
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
    int i = one_of(arg, key == KEY_FORMAT ? formats
                        : key == KEY_TIME ? times
                                          : colors);

    if (i < 0)
        return wrong_value(p, key, arg);
    if (key == KEY_FORMAT)
        p->o->format = (enum hn_format_kind)i;
    else if (key == KEY_TIME)
        p->o->quiescent = i == 1;
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
        *(key == 'o' ? &o->output : &o->baseline_file) = arg;
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
        return take_word(p, key, arg);
    case KEY_STRATEGY:
        return take_strategy(p, arg);
    case KEY_JSON:
        o->format = HN_JSON_FORMAT;
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
    case ARGP_KEY_ARG:
        return take_word_alone(p, arg, state);
    case ARGP_KEY_ERROR:
        p->stopped_at = state->next;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp command_argp = {
    .options = table,
    .parser = take,
    .args_doc = "run|list|explore [PATH...]\ngraph PATH:NAME\n"
                "replay [PATH] TOKEN",
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
    .args_doc = "run|list|explore [NAME...]\ngraph NAME\nreplay TOKEN",
    .doc = "Runs the scenarios of this program and tells which of their "
           "goroutines are stuck for ever, and why.\v"
           "graph prints the wait-for graph at the end of one run as DOT, or "
           "with --json its report. Exit status: 0 all as expected, 1 some "
           "not, 2 wrong use, 3 the harness itself failed.",
};

/* How many options begin with the word; *which is the last (or the exact). */
static int abbreviates(const char *word, size_t n,
                       const struct argp_option **which)
{
    int found = 0;

    for (const struct argp_option *o = table; o->name; o++) {
        if (strncmp(o->name, word, n) != 0)
            continue;
        *which = o;
        if (o->name[n] == '\0')
            return 1;
        found++;
    }
    return found;
}

/* Letters that differ from place to place, and those too many. */
static size_t distance(const char *a, const char *b)
{
    size_t same = 0, na = strlen(a), nb = strlen(b);

    while (a[same] && a[same] == b[same])
        same++;
    for (size_t ea = na, eb = nb; ea > same && eb > same; ea--, eb--) {
        if (a[ea - 1] != b[eb - 1])
            return (ea > eb ? ea : eb) - same;
    }
    return na > nb ? na - nb : nb - na;
}

/* The option that was probably meant; NULL: none is near. */
static const char *nearest(const char *word)
{
    const struct argp_option *best = table;
    const size_t far = 4;

    for (const struct argp_option *o = table; o->name; o++) {
        if (distance(word, o->name) < distance(word, best->name))
            best = o;
    }
    return distance(word, best->name) < far ? best->name : NULL;
}

/* An option that is none: with the one that was meant, if one is near. */
static void unknown_option(struct parsing *p, const char *word, size_t n)
{
    char name[64];
    const char *near;

    snprintf(name, sizeof(name), "%.*s", (int)n, word);
    near = nearest(name + 2);
    if (near)
        wrong(p, "unknown option '%s': did you mean --%s? (--help shows all)",
              name, near);
    else
        wrong(p, "unknown option '%s' (--help shows all)", name);
}

/* argp stopped at this word without a word of its own. */
static void explain_option(struct parsing *p, const char *word)
{
    const struct argp_option *option = NULL;
    size_t n = strncmp(word, "--", 2) == 0 ? strcspn(word + 2, "=") : 0;
    int found = n > 0 ? abbreviates(word + 2, n, &option) : 0;

    if (n == 0) {
        const char *letter = word + 1;
        while (*letter && strchr("qvh", *letter))
            letter++;
        if (*letter == 'j' || *letter == 'o')
            wrong(p, "-%c wants a value: %s", *letter, right_value(*letter));
        else
            wrong(p, "unknown option '-%c' (--help shows all)", *letter);
    } else if (found > 1) {
        wrong(p, "option '%s' could mean several (--help shows all)", word);
    } else if (found == 1 && option->arg) {
        wrong(p, "--%s wants a value: %s", option->name,
              right_value(option->key));
    } else if (found == 1) {
        wrong(p, "--%s takes no value", option->name);
    } else {
        unknown_option(p, word, n + 2);
    }
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

/* The last word behind replay. */
static void take_token(struct parsing *p)
{
    struct hn_options *o = p->o;
    char why[HN_TOKEN_WHY];
    struct hn_token token;

    if (o->npaths == 0) {
        wrong(p, "replay wants a token: gx1:SCENARIO:HASH:DEVIATIONS, as "
                 "explore prints it");
        return;
    }
    o->token = o->paths[--o->npaths];
    if (hn_token_read(o->token, &token, why) != 0)
        wrong(p, "'%.80s' is no token: %s", o->token, why);
    else
        hn_schedule_free(&token.schedule);
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
    if (p.named && o->command == HN_REPLAY)
        take_token(&p);
    if (!p.seed_given)
        o->seed = draw_seed();
    return p.said ? HN_EXIT_USAGE : -1;
}
