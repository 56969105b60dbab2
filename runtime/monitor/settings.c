/*
 * settings.c - parses VIGIL=name=value,...
 *
 * In:  one string. Out: struct mon_settings, or one line that says what is
 * wrong and what would be right.
 *
 * Method: one table of names; each has a parser of its value and the text of
 * what it takes. Nothing is guessed: an empty value, a name given twice or a
 * number with a tail is an error. A comma too many is none. A token has
 * commas of its own: each has '@' behind it, with which no name begins.
 *
 * T1  What is wrong is one line, whatever was given: it is shown in part, and
 *     what can not be printed as '?'.
 */
#include "runtime/monitor/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "runtime/base/throw.h"

enum {
    SHOWN = 40 /* characters of a name or value that is wrong */
};

struct span {
    const char *at;
    size_t n;
};

static bool is(struct span s, const char *word)
{
    return strlen(word) == s.n && memcmp(s.at, word, s.n) == 0;
}

/* A decimal number at the front; how many characters it took, 0: none. */
static size_t number(struct span s, uint64_t *to)
{
    size_t i = 0;

    for (*to = 0; i < s.n && s.at[i] >= '0' && s.at[i] <= '9'; i++)
        if (__builtin_mul_overflow(*to, (uint64_t)10, to) ||
            __builtin_add_overflow(*to, (uint64_t)(s.at[i] - '0'), to))
            return 0;
    return i;
}

struct unit {
    const char *name;
    uint64_t factor;
};

/* A number and one of the units, in lo..hi. */
static bool quantity(struct span s, const struct unit *units, uint64_t lo,
                     uint64_t hi, uint64_t *to)
{
    uint64_t v;
    size_t digits = number(s, &v);
    struct span rest = {s.at + digits, s.n - digits};

    if (digits == 0)
        return false;
    for (const struct unit *u = units; u->name; u++)
        if (is(rest, u->name))
            return !__builtin_mul_overflow(v, u->factor, to) && *to >= lo &&
                   *to <= hi;
    return false;
}

static const struct unit plain_unit[] = {{"", 1}, {NULL, 0}};
static const struct unit size_unit[] = {
    {"", 1}, {"k", 1u << 10}, {"m", 1u << 20}, {"g", 1u << 30}, {NULL, 0}};
static const struct unit time_unit[] = {
    {"ns", 1},         {"us", 1000},        {"ms", 1000000},
    {"s", 1000000000}, {"m", 60000000000u}, {"h", 3600000000000u},
    {NULL, 0}};

static bool parse_procs(struct span s, struct mon_settings *to)
{
    uint64_t v;

    if (!quantity(s, plain_unit, 1, 256, &v))
        return false;
    to->procs = (int)v;
    return true;
}

static bool parse_seed(struct span s, struct mon_settings *to)
{
    to->seed_given = true;
    return quantity(s, plain_unit, 1, UINT64_MAX, &to->seed);
}

static bool parse_clock(struct span s, struct mon_settings *to)
{
    to->clock = is(s, "real")      ? MON_CLOCK_REAL
                : is(s, "virtual") ? MON_CLOCK_VIRTUAL
                                   : MON_CLOCK_DEFAULT;
    return to->clock != MON_CLOCK_DEFAULT;
}

static bool parse_stack(struct span s, struct mon_settings *to)
{
    uint64_t v;

    if (!quantity(s, size_unit, 16u << 10, 1u << 30, &v))
        return false;
    to->stack = (size_t)v;
    return true;
}

static bool parse_level(struct span s, enum mon_level *to)
{
    if (is(s, "off"))
        *to = MON_OFF;
    else if (is(s, "report"))
        *to = MON_REPORT;
    else if (is(s, "error"))
        *to = MON_ERROR;
    else
        return false;
    return true;
}

static bool parse_leaks(struct span s, struct mon_settings *to)
{
    return parse_level(s, &to->leaks);
}

static bool parse_order(struct span s, struct mon_settings *to)
{
    to->order_given = true;
    return parse_level(s, &to->order);
}

static bool parse_look(struct span s, struct mon_settings *to)
{
    uint64_t v = 0;

    if (!is(s, "off") &&
        !quantity(s, time_unit, 1000000, (uint64_t)INT64_MAX, &v))
        return false;
    to->look = (int64_t)v;
    return true;
}

static bool parse_report(struct span s, struct mon_settings *to)
{
    to->report_full = is(s, "full");
    return to->report_full || is(s, "grouped");
}

/* Who follows it says whether it is one. */
static bool parse_replay(struct span s, struct mon_settings *to)
{
    to->replay = s.at;
    to->replay_n = s.n;
    return true;
}

static bool parse_stop(struct span s, struct mon_settings *to)
{
    uint64_t v;

    if (!quantity(s, plain_unit, 0, UINT32_MAX - 1, &v))
        return false;
    to->stop = (uint32_t)v;
    return true;
}

static const struct setting {
    const char *name;
    bool (*parse)(struct span, struct mon_settings *);
    const char *takes;
} settings[] = {
    {"procs", parse_procs, "a number from 1 to 256"},
    {"seed", parse_seed, "a number from 1, below 2^64"},
    {"clock", parse_clock, "real or virtual"},
    {"stack", parse_stack, "a size from 16k to 1g"},
    {"leaks", parse_leaks, "off, report or error"},
    {"look", parse_look, "off or a duration of at least 1ms, as 100ms"},
    {"order", parse_order, "off, report or error"},
    {"report", parse_report, "grouped or full"},
    {"replay", parse_replay,
     "a token, as vigil explore prints it, or its FILE.sched"},
    {"stop", parse_stop, "the number of a choice of the token"},
};
enum {
    NSETTING = sizeof(settings) / sizeof(settings[0])
};

static const struct setting *find(struct span name)
{
    for (size_t i = 0; i < NSETTING; i++)
        if (is(name, settings[i].name))
            return &settings[i];
    return NULL;
}

/* T1. */
static const char *shown(struct span s, char to[SHOWN + 4])
{
    size_t n = s.n < SHOWN ? s.n : SHOWN;

    for (size_t i = 0; i < n; i++)
        to[i] = s.at[i] < ' ' || s.at[i] > '~' ? '?' : s.at[i];
    strcpy(to + n, s.n > n ? "..." : "");
    return to;
}

static bool unknown(struct span name, char *why, size_t n)
{
    char text[SHOWN + 4];
    size_t used = (size_t)snprintf(
        why, n, "VIGIL: unknown setting \"%s\"; there are", shown(name, text));

    for (size_t i = 0; i < NSETTING && used < n; i++)
        used += (size_t)snprintf(why + used, n - used, "%s %s", i ? "," : "",
                                 settings[i].name);
    return false;
}

/* One name=value. seen: a bit for each of the table. */
static bool parse_one(struct span item, struct mon_settings *to, unsigned *seen,
                      char *why, size_t n)
{
    const char *eq = memchr(item.at, '=', item.n);
    struct span name = {item.at, eq ? (size_t)(eq - item.at) : item.n};
    struct span value = {eq ? eq + 1 : "", eq ? item.n - name.n - 1 : 0};
    const struct setting *s = find(name);
    char text[SHOWN + 4];

    if (!s)
        return unknown(name, why, n);
    if (*seen & (1u << (s - settings))) {
        snprintf(why, n, "VIGIL: \"%s\" is given twice", s->name);
        return false;
    }
    *seen |= 1u << (s - settings);
    if (value.n && s->parse(value, to))
        return true;
    snprintf(why, n, "VIGIL: %s%s%s: %s takes %s", s->name, eq ? "=" : "",
             shown(value, text), s->name, s->takes);
    return false;
}

bool mon_settings_parse(const char *text, struct mon_settings *to, char *why,
                        size_t n)
{
    unsigned seen = 0;

    rt_check(n > 0, "settings: no room to say what is wrong");
    while (text && *text) {
        struct span item = {text, strcspn(text, ",")};

        while (text[item.n] == ',' && text[item.n + 1] == '@')
            item.n += 1 + strcspn(text + item.n + 1, ",");
        if (item.n && !parse_one(item, to, &seen, why, n))
            return false;
        text += item.n + (text[item.n] == ',');
    }
    if (to->stop == UINT32_MAX || to->replay)
        return true;
    snprintf(why, n,
             "VIGIL: stop=%u: it goes with replay=TOKEN, and there is "
             "none",
             to->stop);
    return false;
}

bool mon_settings_from_environment(struct mon_settings *to)
{
    char why[256];

    *to = MON_SETTINGS_DEFAULT;
    if (mon_settings_parse(getenv("VIGIL"), to, why, sizeof(why)))
        return true;
    dprintf(STDERR_FILENO, "%s\n", why);
    return false;
}
