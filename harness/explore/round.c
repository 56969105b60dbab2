/*
 * round.c - what is done in a round, in words and as a number.
 *
 * Method: of the number, a sum over different things: those that lines or
 * goroutines alone tell apart are one.
 */
#include "harness/explore/round.h"

#include <stdio.h>
#include <string.h>

enum {
    TOLD = 8 /* operations in the text */
};

struct saying {
    char *text;
    size_t n;
};

static void say(struct saying *s, const char *text)
{
    size_t size = strlen(text);

    if (s->n + size >= HN_ROUND_TEXT)
        return;
    memcpy(s->text + s->n, text, size + 1);
    s->n += size;
}

static void say_who(struct saying *s, const uint64_t *ids, uint32_t n)
{
    char one[64];

    say(s, n == 1 ? "goroutine" : "goroutines");
    for (uint32_t i = 0; i < n; i++) {
        snprintf(one, sizeof(one), "%s%llu",
                 i == 0       ? " "
                 : i + 1 == n ? " and "
                              : ", ",
                 (unsigned long long)ids[i]);
        say(s, one);
    }
}

static void say_point(struct saying *s, const struct go_point *p)
{
    const char *what = p->site && p->site->what ? p->site->what : "";
    const char *file = p->site && p->site->file ? p->site->file : "";
    const char *slash = strrchr(file, '/');
    char one[160];

    snprintf(one, sizeof(one), "%s%s%.60s", go_op_text((enum go_op)p->op),
             *what ? " " : "", what);
    say(s, one);
    if (!*file)
        return; /* atomics are calls, whose site is an address */
    snprintf(one, sizeof(one), " at %.100s:%d", slash ? slash + 1 : file,
             p->site->line);
    say(s, one);
}

void hn_round_text(char text[HN_ROUND_TEXT], const uint64_t *goroutines,
                   uint32_t ngoroutine, const struct go_point *const *points,
                   uint32_t n)
{
    struct saying s = {text, 0};

    say_who(&s, goroutines, ngoroutine);
    say(&s, ngoroutine == 1 ? " repeats [" : " repeat [");
    for (uint32_t i = 0; i < n && i < TOLD; i++) {
        say(&s, i > 0 ? ", " : "");
        say_point(&s, points[i]);
    }
    say(&s, n > TOLD ? ", ...]" : "]");
}

static uint64_t mixed(uint64_t h, uint64_t value)
{
    h = (h ^ value) * 0x9e3779b97f4a7c15u;
    return h ^ h >> 29;
}

static uint64_t of_text(uint64_t h, const char *text)
{
    for (; text && *text; text++)
        h = mixed(h, (unsigned char)*text);
    return mixed(h, 0);
}

static uint64_t deed_of(const struct go_point *p)
{
    uint64_t h = of_text(9, go_op_text((enum go_op)p->op));

    h = of_text(h, p->site ? p->site->what : NULL);
    return of_text(h, p->site ? p->site->func : NULL);
}

uint64_t hn_round_deeds(const struct go_point *const *points, uint32_t n)
{
    uint64_t sum = 0;

    for (uint32_t i = 0; i < n; i++) {
        uint64_t deed = deed_of(points[i]);
        uint32_t j = 0;

        while (j < i && deed_of(points[j]) != deed)
            j++;
        if (j == i)
            sum += mixed(11, deed);
    }
    return sum;
}
