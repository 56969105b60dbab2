/*
 * token.c - schedules to text and back.
 *
 * K1  What is written is read back as the same schedule.
 * K2  Every text is either read or refused with one line that says where.
 */
#define _GNU_SOURCE
#include "harness/explore/token.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char PREFIX[] = "gx1:";

bool hn_token_is(const char *text)
{
    return strncmp(text, PREFIX, sizeof(PREFIX) - 1) == 0;
}

/* ---- writing -------------------------------------------------------------*/

/* Pieces, one behind the other; like snprintf len goes on when it is full. */
struct text {
    char *to;
    size_t n, len;
};

static char *end_of(const struct text *t, size_t *room)
{
    *room = t->len < t->n ? t->n - t->len : 0;
    return *room ? t->to + t->len : NULL;
}

__attribute__((format(printf, 2, 3))) static void put(struct text *t,
                                                      const char *fmt, ...)
{
    size_t room;
    char *end = end_of(t, &room);
    va_list ap;

    va_start(ap, fmt);
    t->len += (size_t)vsnprintf(end, room, fmt, ap);
    va_end(ap);
}

/* However long its path is. */
static void put_task(struct text *t, uint32_t task)
{
    size_t room;
    char *end = end_of(t, &room);

    t->len += go_task_path(task, end, room);
}

/* "s1": a case; nothing for -1. */
static void put_which(struct text *t, int32_t which)
{
    if (which >= 0)
        put(t, "s%d", which);
}

static void put_step(struct text *t, const struct hn_deviation *d)
{
    put_task(t, d->task);
    put_which(t, d->which);
    if (d->partner == GO_NOWHERE)
        return;
    put(t, "p");
    put_task(t, d->partner);
    put_which(t, d->partner_which);
}

void hn_token_step(char *to, size_t n, const struct hn_deviation *d)
{
    struct text t = {.to = to, .n = n};

    put_step(&t, d);
}

void hn_token_begin(struct hn_token_body *b, uint32_t more)
{
    b->n = 0;
    b->len = 0;
    b->to[0] = '\0';
    if (more)
        b->len = (size_t)snprintf(b->to, b->cap, "u%u", more);
}

bool hn_token_add(struct hn_token_body *b, const struct hn_deviation *d)
{
    struct text t = {.to = b->to + b->len, .n = b->cap - b->len};

    b->n++;
    put(&t, "%s@%u=", b->len ? "," : "", d->at);
    if (d->number)
        put(&t, "r%d", d->which);
    else if (d->task == GO_NOWHERE)
        put(&t, "t");
    else
        put_step(&t, d);
    if (t.len >= t.n) {
        b->to[b->len] = '\0';
        return false;
    }
    b->len += t.len;
    return true;
}

char *hn_token_make(const char *scenario, uint16_t hash, bool hashed,
                    const char *body)
{
    char *text, digits[8] = "*";

    if (hashed)
        snprintf(digits, sizeof(digits), "%04x", hash);
    if (asprintf(&text, "%s%s:%s:%s", PREFIX, scenario, digits, body) < 0)
        return NULL;
    return text;
}

bool hn_token_is_long(const char *token)
{
    return strlen(token) >= HN_TOKEN_ARGUMENT;
}

char *hn_token_command(const char *command, const char *token)
{
    const char *quote = strchr(token, '(') ? "'" : "";
    char *text;
    int n;

    if (hn_token_is_long(token))
        n = asprintf(&text,
                     "%s FILE.sched # as explore --save FILE.sched writes it: "
                     "the token, of %zu bytes, is too long for a command line",
                     command, strlen(token));
    else
        n = asprintf(&text, "%s %s%s%s", command, quote, token, quote);
    return n < 0 ? NULL : text;
}

/* ---- reading -------------------------------------------------------------*/

__attribute__((format(printf, 2, 3))) static int refuse(char why[HN_TOKEN_WHY],
                                                        const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(why, HN_TOKEN_WHY, fmt, ap);
    va_end(ap);
    return -EINVAL;
}

/* Digits alone, below 2^31. */
static bool read_number(const char **at, uint32_t *value)
{
    uint64_t v = 0;
    const char *p = *at;

    for (; *p >= '0' && *p <= '9' && v < INT32_MAX; p++)
        v = v * 10 + (uint64_t)(*p - '0');
    if (p == *at || v >= INT32_MAX)
        return false;
    *value = (uint32_t)v;
    *at = p;
    return true;
}

/* Tasks are spelled in a, b, ..., and '*', but p and s end one: they stand for
   what comes next, as t and r do at its beginning. In brackets there are digits
   as well, and brackets. */
static bool read_task(const char **at, uint32_t *task)
{
    const char *p = *at;
    int deep = 0;

    for (; *p && strchr(deep ? "abcdefghijklmnoquvwxyz*()0123456789"
                             : "abcdefghijklmnoquvwxyz*(",
                        *p);
         p++)
        deep += (*p == '(') - (*p == ')');
    *task = p == *at ? GO_NOWHERE : go_task_find(*at, (size_t)(p - *at));
    *at = p;
    return *task != GO_NOWHERE;
}

static bool read_which(const char **at, int32_t *which)
{
    uint32_t value;

    *which = -1;
    if (**at != 's')
        return true;
    ++*at;
    if (!read_number(at, &value))
        return false;
    *which = (int32_t)value;
    return true;
}

/* What stands behind the '='. */
static bool read_what(const char **at, struct hn_deviation *d)
{
    uint32_t value;

    d->task = d->partner = GO_NOWHERE;
    d->which = d->partner_which = -1;
    if (**at == 't') {
        ++*at;
        return true;
    }
    if (**at == 'r') {
        ++*at;
        d->number = true;
        if (!read_number(at, &value))
            return false;
        d->which = (int32_t)value;
        return true;
    }
    if (!read_task(at, &d->task) || !read_which(at, &d->which))
        return false;
    if (**at != 'p')
        return true;
    ++*at;
    return read_task(at, &d->partner) && read_which(at, &d->partner_which);
}

/* "u3", and what stands behind it. */
static int read_more(const char **at, struct hn_schedule *to,
                     char why[HN_TOKEN_WHY])
{
    const char *start = *at;
    int shown = (int)strcspn(start, ",");

    if (*start != 'u')
        return 0;
    ++*at;
    if (!read_number(at, &to->more) || to->more & ~(uint32_t)GO_MORE_ALL ||
        (**at && **at != ','))
        return refuse(why, "'%.*s' is no sum of what is counted: u0 to u%d",
                      shown, start, GO_MORE_ALL);
    if (**at == ',' && !*++*at)
        return refuse(why, "it ends with a comma");
    return 0;
}

static int read_all(const char *body, struct hn_schedule *to,
                    char why[HN_TOKEN_WHY])
{
    const char *at = body;
    int err = read_more(&at, to, why);

    if (err)
        return err;
    while (*at) {
        struct hn_deviation d = {0};
        const char *start = at;
        int shown = (int)strcspn(start, ",");

        if (*at++ != '@' || !read_number(&at, &d.at) || *at++ != '=' ||
            !read_what(&at, &d) || (*at && *at != ','))
            return refuse(why,
                          "'%.*s' is no choice: it is like @4=c, @4=cs1, "
                          "@4=cpd, @4=r2 or @4=t",
                          shown, start);
        if (to->n > 0 && to->all[to->n - 1].at >= d.at)
            return refuse(why, "'%.*s' is not behind the one before it", shown,
                          start);
        if (!hn_schedule_add(to, d))
            return -ENOMEM;
        if (*at == ',' && !*++at)
            return refuse(why, "it ends with a comma");
    }
    return 0;
}

static int read_hash(const char *at, struct hn_token *to,
                     char why[HN_TOKEN_WHY])
{
    size_t n = strcspn(at, ":");
    char *end;

    if (n == 1 && (*at == '*' || *at == '-'))
        return 0;
    to->hashed = true;
    to->hash = (uint16_t)strtoul(at, &end, 16);
    if (n == 4 && end == at + n && strspn(at, "0123456789abcdef") >= n)
        return 0;
    return refuse(why, "'%.*s' is no hash: it has four hex digits, or is '*'",
                  (int)n, at);
}

void hn_token_free(struct hn_token *t)
{
    hn_schedule_free(&t->schedule);
    free(t->scenario);
    t->scenario = NULL;
}

int hn_token_read(const char *text, struct hn_token *to, char why[HN_TOKEN_WHY])
{
    const char *name = text + sizeof(PREFIX) - 1, *hash, *body;
    int err;

    *to = (struct hn_token){0};
    if (!hn_token_is(text))
        return refuse(why, "it does not begin with '%s', nor end with '.sched'",
                      PREFIX);
    hash = strchr(name, ':');
    body = hash ? strchr(hash + 1, ':') : NULL;
    if (!body)
        return refuse(why, "it is cut: gx1:SCENARIO:HASH:CHOICES");
    if (hash == name)
        return refuse(why, "it names no scenario");
    to->scenario = strndup(name, (size_t)(hash - name));
    if (!to->scenario)
        return -ENOMEM;
    err = read_hash(hash + 1, to, why);
    if (!err)
        err = read_all(body + 1, &to->schedule, why);
    if (err)
        hn_token_free(to);
    return err;
}
