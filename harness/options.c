/*
 * options.c - the command line of vigil and of scenario programs.
 *
 * In:  argv. Out: struct hn_options, or one line on standard error.
 *
 * Method: argp knows the options, and calls us for each value (help.h prints).
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

#include "harness/belongs.h"
#include "harness/complaint.h"
#include "harness/duration.h"
#include "harness/explore/strategy.h"
#include "harness/explore/schedfile.h"
#include "harness/explore/token.h"
#include "harness/help.h"
#include "harness/mistyped.h"
#include "harness/option_table.h"
#include "harness/output.h"

#ifndef VIGIL_VERSION
#define VIGIL_VERSION "0.1.0"
#endif

enum {
    JOBS_MAX = 128,
    PROCS_MAX = 256,
    REPEAT_MAX = 1000000,
    SEEDS_MAX = 10000,
    SEEDS_USUAL = 20,
};
#define TIMEOUT_MAX   (INT64_C(8760) * 3600 * 1000000000)
#define SCHEDULES_MAX UINT64_C(1000000000000)

static const struct {
    const char *name;
    enum hn_command command;
} commands[] = {
    {"run", HN_RUN},         {"list", HN_LIST},     {"graph", HN_GRAPH},
    {"explore", HN_EXPLORE}, {"replay", HN_REPLAY}, {"score", HN_SCORE},
};

/* What the parser is in the middle of. */
struct parsing {
    struct hn_options *o;
    bool named;     /* the command is there */
    bool said;      /* a complaint was printed */
    int answered;   /* key of help or version: nothing else counts */
    int stopped_at; /* the word behind the one that failed */
    const char *given[HN_OPTIONS_MAX]; /* the values, as belongs.h has them */
    const char *name;                  /* of the program, in complaints */
};

/* O1. EINVAL, for the parser to return. */
__attribute__((format(printf, 2, 3))) static error_t wrong(struct parsing *p,
                                                           const char *fmt, ...)
{
    va_list args;

    if (!p->said) {
        va_start(args, fmt);
        hn_complaint(p->name, fmt, args);
        va_end(args);
    }
    p->said = true;
    return EINVAL;
}

static error_t wrong_value(struct parsing *p, int key, const char *value)
{
    return wrong(p, "--%s '%.80s' is wrong: it takes %s", hn_option_name(key),
                 value, hn_option_right(key));
}

/*
 * An option may be there twice, as in an alias and behind it, if it says the
 * same: of two values one would have been written in vain.
 */
static error_t take_once(struct parsing *p, int key, const char *arg)
{
    const char **value = &p->given[hn_option_at(key)];
    const char *name = hn_option_name(key);

    if (!name)
        return 0;
    if (arg && *value && strcmp(*value, arg) != 0)
        return wrong(p,
                     "--%s is given twice, as '%.80s' and '%.80s': choose one",
                     name, *value, arg);
    *value = arg ? arg : "";
    return 0;
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
    static const char *const formats[] = {"text", "json", "markdown", NULL};
    static const char *const colors[] = {"auto", "always", "never", NULL};
    static const char *const times[] = {"racy", "quiescent", NULL};
    static const char *const races[] = {"report", "error", NULL};
    int i = one_of(arg, key == HN_KEY_FORMAT  ? formats
                        : key == HN_KEY_TIME  ? times
                        : key == HN_KEY_RACES ? races
                                              : colors);

    if (i < 0)
        return wrong_value(p, key, arg);
    if (key == HN_KEY_FORMAT)
        p->o->format = (enum hn_format_kind)i;
    else if (key == HN_KEY_TIME)
        p->o->quiescent = i == 1;
    else if (key == HN_KEY_RACES)
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

    if (key == HN_KEY_TIMEOUT) {
        good = hn_duration_parse(arg, &o->timeout) && o->timeout > 0 &&
               o->timeout <= TIMEOUT_MAX;
    } else if (key == HN_KEY_MEMORY) {
        good = hn_size_parse(arg, &o->memory) && o->memory >= 1 << 20;
    } else if (key == HN_KEY_SCHEDULES) {
        good = number(arg, SCHEDULES_MAX, &o->schedules);
    } else {
        good = number(arg, UINT64_MAX, &o->seed);
    }
    return good ? 0 : wrong_value(p, key, arg);
}

static error_t take_strategy(struct parsing *p, const char *arg)
{
    p->o->strategy = arg;
    if (strcmp(arg, "default") == 0 || hn_strategy_find(arg))
        return 0;
    return wrong_value(p, HN_KEY_STRATEGY, arg);
}

/* How a schedule is replayed. */
static error_t take_manner(struct parsing *p, int key)
{
    struct hn_options *o = p->o;
    enum hn_follow_mode follow = key == HN_KEY_LOOSE ? HN_LOOSE : HN_PREFIX;

    if (key == HN_KEY_GDB) {
        o->gdb = true;
        return 0;
    }
    if (o->follow != HN_STRICT && o->follow != follow)
        return wrong(p, "--prefix and --loose do not go together: choose one");
    o->follow = follow;
    return 0;
}

/* False: there is no such command. */
static bool take_command(struct parsing *p, const char *arg)
{
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
        if (strcmp(arg, commands[i].name) == 0) {
            p->o->command = commands[i].command;
            p->named = true;
            return true;
        }
    }
    return false;
}

/* The first word is the command; what follows are its paths. */
static error_t take_word_alone(struct parsing *p, char *arg,
                               struct argp_state *state)
{
    struct hn_options *o = p->o;

    if (!*arg)
        return wrong(p, "'' is wrong: %s",
                     p->named ? "no path, name or token is empty"
                              : "a command is wanted");
    if (p->named) {
        if (o->npaths == 0)
            o->paths = malloc((size_t)state->argc * sizeof(*o->paths));
        o->paths[o->npaths++] = arg;
        return 0;
    }
    if (take_command(p, arg))
        return 0;
    return wrong(
        p,
        "unknown command '%.80s': run, list, graph, explore, replay or score "
        "(--help tells more)",
        arg);
}

/* Those that have no value. */
static error_t take_flag(struct parsing *p, int key)
{
    struct hn_options *o = p->o;

    switch (key) {
    case HN_KEY_FIFO:
        o->fifo = true;
        return 0;
    case HN_KEY_ALL:
        o->all = true;
        return 0;
    case HN_KEY_STRICT:
        o->strict = true;
        return 0;
    case 'q':
        o->quiet = true;
        return 0;
    case 'v':
        o->verbose = true;
        return 0;
    case 'h':
    case HN_KEY_VERSION:
        p->answered = key;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* --json is --format json. */
static int spelt_out(int key, char **arg)
{
    if (key != HN_KEY_JSON)
        return key;
    *arg = (char *)"json";
    return HN_KEY_FORMAT;
}

/* argp calls this for each option and word, and at the first that it refuses. */
static error_t take(int key, char *arg, struct argp_state *state)
{
    struct parsing *p = state->input;
    struct hn_options *o = p->o;

    if (p->answered && key == ARGP_KEY_ARG && !p->named)
        take_command(p, arg); /* it comes behind all options */
    if (p->answered)
        return 0;
    key = spelt_out(key, &arg);
    if (take_once(p, key, arg))
        return EINVAL;
    switch (key) {
    case HN_KEY_FILTER:
        o->filter = arg;
        return *arg ? 0 : wrong_value(p, key, arg);
    case 'o':
    case HN_KEY_BASELINE:
    case HN_KEY_SAVE:
        *(key == 'o'           ? &o->output
          : key == HN_KEY_SAVE ? &o->save
                               : &o->baseline_file) = arg;
        return *arg ? 0 : wrong_value(p, key, arg);
    case 'j':
        return take_count(p, key, arg, JOBS_MAX, &o->jobs);
    case HN_KEY_PROCS:
        return take_count(p, key, arg, PROCS_MAX, &o->procs);
    case HN_KEY_REPEAT:
        return take_count(p, key, arg, REPEAT_MAX, &o->repeat);
    case HN_KEY_SEEDS:
        return take_count(p, key, arg, SEEDS_MAX, &o->seeds);
    case HN_KEY_TIMEOUT:
    case HN_KEY_MEMORY:
    case HN_KEY_SEED:
    case HN_KEY_SCHEDULES:
        return take_amount(p, key, arg);
    case HN_KEY_FORMAT:
    case HN_KEY_COLOR:
    case HN_KEY_TIME:
    case HN_KEY_RACES:
        return take_word(p, key, arg);
    case HN_KEY_STRATEGY:
        return take_strategy(p, arg);
    case HN_KEY_ISOLATE:
        o->apart = strcmp(arg, "fork") == 0;
        return o->apart ? 0 : wrong_value(p, key, arg);
    case HN_KEY_PREFIX:
    case HN_KEY_LOOSE:
    case HN_KEY_GDB:
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

static const struct argp argp = {.options = hn_option_table, .parser = take};

/* argp stopped at this word without a word of its own. */
static void explain_option(struct parsing *p, const char *word)
{
    char why[HN_MISTYPED_WHY];

    hn_mistyped(hn_option_table, word, hn_option_right, why);
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
        wrong(p, "replay wants a token: gx1:SCENARIO:HASH:CHOICES, as "
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
        hn_token_free(&token);
}

/* What has no default before the command is known. */
static void fill_in(const struct parsing *p)
{
    struct hn_options *o = p->o;
    bool score = o->command == HN_SCORE;

    if (score && !o->seeds)
        o->seeds = SEEDS_USUAL;
    /* The same seeds each time, unless one is given: scores are compared. */
    if (!p->given[hn_option_at(HN_KEY_SEED)])
        o->seed = score ? 1 : draw_seed();
}

int hn_options_parse(int argc, char **argv, bool own, struct hn_options *o)
{
    const char *base = strrchr(argv[0], '/');
    struct parsing p = {.o = o, .name = base ? base + 1 : argv[0]};
    const int silent = ARGP_NO_ERRS | ARGP_NO_EXIT | ARGP_NO_HELP;
    char why[HN_BELONGS_WHY];
    error_t err;

    defaults(o, argv[0], own);
    if ((err = argp_parse(&argp, argc, argv, (unsigned)silent, NULL, &p)) !=
        0) {
        if (err == ENOMEM) {
            fprintf(stderr, "%s: no memory\n", p.name);
            return HN_EXIT_FAILED;
        }
        if (!p.said)
            explain_option(&p, argv[p.stopped_at > 1 ? p.stopped_at - 1 : 1]);
        return HN_EXIT_USAGE;
    }
    if (p.answered) {
        if (p.answered == HN_KEY_VERSION)
            puts("vigil " VIGIL_VERSION);
        else if (p.named)
            hn_help_command(stdout, p.name, own, o->command);
        else
            hn_help(stdout, p.name, own);
        o->output = NULL;
        return (int)hn_output_close(o, stdout, HN_EXIT_EXPECTED);
    }
    if (!p.named && !own)
        wrong(&p, "a command is missing: run, list, graph, explore, replay or "
                  "score (--help tells more)");
    else if (!hn_belongs(o, p.given, why))
        wrong(&p, "%s", why);
    else if (o->command == HN_REPLAY)
        take_token(&p);
    fill_in(&p);
    return p.said ? HN_EXIT_USAGE : -1;
}
