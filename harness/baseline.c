/*
 * baseline.c - findings that are known, and accepted for a while.
 *
 * In:  a file of fingerprints; reports. Out: what of a run is left to be judged
 * when its known findings are taken away; warnings about the file.
 *
 * Method: the runtime tells with each finding how many goroutines it adds to
 * the counts of the run, so these are taken away by number, and the gravest of
 * the others is the verdict that is left. Findings stand in that order.
 *
 * B1  Only what has a fingerprint can be known: a crash or a time-out stays.
 * B2  An entry has a reason and a day (or says that it has none), so that
 *     nobody finds a list one day of which nobody knows why; and it is told
 *     when it is of no use any more.
 */
#include "harness/baseline.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    DIGITS = 16, /* of a fingerprint */
    LINE = 4096
};
static const char *const form = "FINGERPRINT until=YYYY-MM-DD|never REASON";

__attribute__((format(printf, 4, 5))) static int
complain(char why[HN_BASELINE_WHY], const char *file, int line, const char *fmt,
         ...)
{
    va_list args;
    int n = snprintf(why, HN_BASELINE_WHY, "%.200s:%d: ", file, line);

    va_start(args, fmt);
    vsnprintf(why + n, HN_BASELINE_WHY - (size_t)n, fmt, args);
    va_end(args);
    return -EINVAL;
}

static bool is_fingerprint(const char *word)
{
    return strlen(word) == DIGITS && strspn(word, "0123456789abcdef") == DIGITS;
}

/* 0: no number. */
static int two_digits(const char *at)
{
    return at[0] >= '0' && at[0] <= '9' && at[1] >= '0' && at[1] <= '9'
               ? (at[0] - '0') * 10 + at[1] - '0'
               : 0;
}

/* A day of the calendar. */
static bool is_day(const char *day)
{
    static const int days[] = {0,  31, 29, 31, 30, 31, 30,
                               31, 31, 30, 31, 30, 31};
    int month, year;

    if (strlen(day) != HN_DAY - 1 || strspn(day, "0123456789") != 4 ||
        day[4] != '-' || day[7] != '-')
        return false;
    year = two_digits(day) * 100 + two_digits(day + 2);
    month = two_digits(day + 5);
    if (month < 1 || month > 12 || two_digits(day + 8) < 1 ||
        two_digits(day + 8) > days[month])
        return false;
    return month != 2 || two_digits(day + 8) < 29 ||
           (year % 4 == 0 && (year % 100 != 0 || year % 400 == 0));
}

/* The next word of a line, ended by a zero; "" when there is none. */
static char *word(char **rest)
{
    char *at = *rest + strspn(*rest, " \t");
    size_t n = strcspn(at, " \t");

    *rest = at + n + (at[n] != '\0');
    at[n] = '\0';
    return at;
}

static bool is_utf8(const char *text)
{
    json_t *made = json_string(text);

    json_decref(made);
    return made;
}

static const struct hn_known *find(const struct hn_baseline *b,
                                   uint64_t fingerprint)
{
    for (size_t i = 0; i < b->n; i++)
        if (b->all[i].fingerprint == fingerprint)
            return &b->all[i];
    return NULL;
}

/* B2. What the line says, in place; 0 or -EINVAL. */
static int parse(const struct hn_baseline *b, char *line, struct hn_known *k,
                 char why[HN_BASELINE_WHY])
{
    char *fingerprint = word(&line), *until = word(&line);
    const struct hn_known *before;

    if (!is_fingerprint(fingerprint))
        return complain(why, b->file, k->line,
                        "'%.60s' is no fingerprint of %d digits and small "
                        "letters a to f: a line is %s",
                        fingerprint, DIGITS, form);
    k->fingerprint = strtoull(fingerprint, NULL, 16);
    before = find(b, k->fingerprint);
    if (before)
        return complain(why, b->file, k->line, "%s stands in line %d already",
                        fingerprint, before->line);
    k->until = until + strlen("until=");
    if (strncmp(until, "until=", strlen("until=")) != 0 ||
        (strcmp(k->until, "never") != 0 && !is_day(k->until)))
        return complain(why, b->file, k->line,
                        "'%.60s' is not until=, with a day or never: a line is "
                        "%s",
                        until, form);
    k->reason = line + strspn(line, " \t");
    if (!*k->reason)
        return complain(why, b->file, k->line, "no reason: a line is %s", form);
    if (!is_utf8(k->reason))
        return complain(why, b->file, k->line, "the reason is no UTF-8");
    return 0;
}

/* Copies what parse found into the baseline's own. 0, or -ENOMEM. */
static int append(struct hn_baseline *b, struct hn_known k, const char *today)
{
    struct hn_known *all = realloc(b->all, (b->n + 1) * sizeof(*all));

    if (!all)
        return -ENOMEM;
    b->all = all;
    k.expired = strcmp(k.until, "never") != 0 && strcmp(k.until, today) < 0;
    k.until = strdup(k.until);
    k.reason = strdup(k.reason);
    all[b->n++] = k;
    return k.until && k.reason ? 0 : -ENOMEM;
}

static int read_lines(struct hn_baseline *b, FILE *from, const char *today,
                      char why[HN_BASELINE_WHY])
{
    char line[LINE];
    struct hn_known k = {.line = 0};
    int err = 0;

    while (err == 0 && fgets(line, sizeof(line), from)) {
        size_t n = strlen(line);

        if ((n == 0 || line[n - 1] != '\n') && !feof(from))
            return complain(why, b->file, k.line + 1,
                            "the line is no text, or longer than %d", LINE - 2);
        while (n > 0 && strchr(" \t\r\n", line[n - 1]))
            line[--n] = '\0';
        k.line++;
        if (line[strspn(line, " \t")] == '\0' || line[0] == '#')
            continue;
        err = parse(b, line, &k, why);
        if (err == 0)
            err = append(b, k, today);
    }
    if (err == 0 && ferror(from))
        err = errno != EINVAL ? -errno : -EIO; /* that is a line's */
    return err;
}

int hn_baseline_read(struct hn_baseline *b, const char *file, const char *today,
                     char why[HN_BASELINE_WHY])
{
    FILE *from = fopen(file, "re");
    int err = from ? 0 : -errno;

    *b = (struct hn_baseline){.file = file};
    if (from) {
        err = read_lines(b, from, today, why);
        fclose(from);
    }
    if (err != 0 && err != -EINVAL)
        snprintf(why, HN_BASELINE_WHY, "cannot read %.200s: %s", file,
                 strerror(-err));
    return err;
}

void hn_baseline_free(struct hn_baseline *b)
{
    for (size_t i = 0; i < b->n; i++) {
        free(b->all[i].until);
        free(b->all[i].reason);
    }
    free(b->all);
    *b = (struct hn_baseline){0};
}

void hn_baseline_today(char day[HN_DAY])
{
    time_t now = time(NULL);
    struct tm here;

    localtime_r(&now, &here);
    if (strftime(day, HN_DAY, "%Y-%m-%d", &here) == 0)
        strcpy(day, "9999-12-31"); /* no such clock: all has expired */
}

/* The entry that has this finding, NULL: none that holds. */
static struct hn_known *known(struct hn_baseline *b, const json_t *finding)
{
    const char *text =
        json_string_value(json_object_get(finding, "fingerprint"));
    struct hn_known *k;

    if (!text || !is_fingerprint(text))
        return NULL;
    k = (struct hn_known *)find(b, strtoull(text, NULL, 16));
    return k && !k->expired ? k : NULL;
}

/* Takes the goroutines of a finding out of a count of the run. */
static void take_away(uint32_t *count, const json_t *finding, const char *key)
{
    json_int_t n = json_integer_value(json_object_get(finding, key));

    *count -= n < (json_int_t)*count ? (uint32_t)n : *count;
}

static enum go_verdict verdict_of(const json_t *finding)
{
    const char *word = json_string_value(json_object_get(finding, "verdict"));
    enum go_verdict verdict = GO_VERDICT_CLEAN;

    if (word)
        hn_verdict_parse(word, &verdict);
    return verdict;
}

/* A finding is known: marked, counted, and no part of the rest. */
static void excuse(struct hn_known *k, json_t *finding, struct hn_seen *rest)
{
    k->met++;
    json_object_set_new(finding, "known",
                        json_pack("{s:s, s:s, s:i}", "until", k->until,
                                  "reason", k->reason, "line", k->line));
    take_away(&rest->leaked, finding, "leaked");
    take_away(&rest->left, finding, "left");
    if (verdict_of(finding) == GO_VERDICT_LOCK_ORDER && rest->hints > 0)
        rest->hints--;
}

const struct hn_known *hn_baseline_apply(struct hn_baseline *b, json_t *report,
                                         const struct hn_seen *seen,
                                         struct hn_seen *rest)
{
    const struct hn_known *first = NULL;
    enum go_verdict gravest = GO_VERDICT_CLEAN;
    json_t *finding;
    size_t i;

    *rest = *seen;
    json_array_foreach(json_object_get(report, "findings"), i, finding)
    {
        struct hn_known *k = known(b, finding);

        if (k)
            excuse(k, finding, rest);
        else if (gravest == GO_VERDICT_CLEAN)
            gravest = verdict_of(finding);
        if (!first)
            first = k;
    }
    if (first && seen->verdict != GO_VERDICT_CRASH &&
        seen->verdict != GO_VERDICT_TIMEOUT) /* B1 */
        rest->verdict = gravest;
    return first;
}

void hn_baseline_warn(const struct hn_baseline *b, const char *prefix,
                      FILE *out)
{
    for (size_t i = 0; i < b->n; i++) {
        const struct hn_known *k = &b->all[i];

        if (k->expired)
            fprintf(out,
                    "%s%s:%d: warning: expired on %s, counts no more: %s\n",
                    prefix, b->file, k->line, k->until, k->reason);
        else if (k->met == 0)
            fprintf(out, "%s%s:%d: warning: not met in this run: %s\n", prefix,
                    b->file, k->line, k->reason);
    }
}
