/*
 * mistyped.c - one line about a word that is no option.
 *
 * In:  the table of options, the word. Out: the line.
 */
#include "harness/mistyped.h"

#include <stdio.h>
#include <string.h>

/* How many options begin with the word; *which is the last (or the exact). */
static int abbreviates(const struct argp_option *table, const char *word,
                       size_t n, const struct argp_option **which)
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
static const char *nearest(const struct argp_option *table, const char *word)
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
static void unknown_option(const struct argp_option *table, const char *word,
                           size_t n, char why[HN_MISTYPED_WHY])
{
    char name[64];
    const char *near;

    snprintf(name, sizeof(name), "%.*s", (int)n, word);
    near = nearest(table, name + 2);
    if (near)
        snprintf(why, HN_MISTYPED_WHY,
                 "unknown option '%s': did you mean --%s? (--help shows all)",
                 name, near);
    else
        snprintf(why, HN_MISTYPED_WHY, "unknown option '%s' (--help shows all)",
                 name);
}

static void short_option(const char *letter, const char *(*right)(int key),
                         char why[HN_MISTYPED_WHY])
{
    while (*letter && strchr("qvh", *letter))
        letter++;
    if (*letter == 'j' || *letter == 'o')
        snprintf(why, HN_MISTYPED_WHY, "-%c wants a value: %s", *letter,
                 right(*letter));
    else
        snprintf(why, HN_MISTYPED_WHY,
                 "unknown option '-%c' (--help shows all)", *letter);
}

void hn_mistyped(const struct argp_option *table, const char *word,
                 const char *(*right)(int key), char why[HN_MISTYPED_WHY])
{
    const struct argp_option *option = NULL;
    size_t n = strncmp(word, "--", 2) == 0 ? strcspn(word + 2, "=") : 0;
    int found = n > 0 ? abbreviates(table, word + 2, n, &option) : 0;

    if (n == 0)
        short_option(word + 1, right, why);
    else if (found > 1)
        snprintf(why, HN_MISTYPED_WHY,
                 "option '%.80s' could mean several (--help shows all)", word);
    else if (found == 1 && option->arg)
        snprintf(why, HN_MISTYPED_WHY, "--%s wants a value: %s", option->name,
                 right(option->key));
    else if (found == 1)
        snprintf(why, HN_MISTYPED_WHY, "--%s takes no value", option->name);
    else
        unknown_option(table, word, n + 2, why);
}
