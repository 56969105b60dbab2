/*
 * duration.c - lengths of time and memory as people write them.
 *
 * In:  words of the command line. Out: nanoseconds and bytes, and back.
 *
 * D1  What is not understood to its last character is refused: "5" without
 *     a unit too, for nobody knows whether it means seconds.
 */
#include "harness/duration.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct unit {
    const char *name;
    double factor;
};

static const struct unit time_units[] = {
    {"ns", 1},   {"us", 1e3},   {"ms", 1e6},   {"s", 1e9},
    {"m", 60e9}, {"min", 60e9}, {"h", 3600e9}, {NULL, 0},
};

static const struct unit size_units[] = {
    {"", 1},
    {"B", 1},
    {"K", 1024},
    {"KiB", 1024},
    {"kB", 1024},
    {"M", 1048576},
    {"MiB", 1048576},
    {"MB", 1048576},
    {"G", 1073741824},
    {"GiB", 1073741824},
    {"GB", 1073741824},
    {"T", 1099511627776.},
    {"TiB", 1099511627776.},
    {"TB", 1099511627776.},
    {NULL, 0},
};

/* A plain decimal number and one of units; no sign, no hexadecimal. */
static bool parse(const char *text, const struct unit *units, double *value)
{
    size_t digits = strspn(text, "0123456789.");
    char *end;

    if (digits == 0 || !isdigit((unsigned char)text[0]))
        return false;
    *value = strtod(text, &end);
    if (end != text + digits)
        return false;
    for (const struct unit *u = units; u->name; u++) {
        if (strcmp(end, u->name) == 0) {
            *value *= u->factor;
            return true;
        }
    }
    return false;
}

bool hn_duration_parse(const char *text, int64_t *ns)
{
    double value;

    if (!parse(text, time_units, &value) || value >= (double)INT64_MAX)
        return false;
    *ns = (int64_t)value;
    return true;
}

bool hn_size_parse(const char *text, uint64_t *bytes)
{
    double value;

    if (!parse(text, size_units, &value) || value >= (double)INT64_MAX)
        return false;
    *bytes = (uint64_t)value;
    return true;
}

char *hn_duration_text(int64_t ns, char buf[HN_DURATION_MAX])
{
    static const struct unit show[] = {
        {"s", 1e9}, {"ms", 1e6}, {"us", 1e3}, {"ns", 1}};
    const struct unit *u = show;
    double value;
    int digits;

    while (u->factor > 1 && (double)ns < u->factor)
        u++;
    value = (double)ns / u->factor;
    digits = value >= 100 || u->factor <= 1 ? 0 : value >= 10 ? 1 : 2;
    snprintf(buf, HN_DURATION_MAX, "%.*f %s", digits, value, u->name);
    return buf;
}

char *hn_size_text(uint64_t bytes, char buf[HN_DURATION_MAX])
{
    static const char *const names[] = {"bytes", "KiB", "MiB", "GiB", "TiB"};
    double value = (double)bytes;
    int i = 0;

    for (; i < 4 && value >= 1024; i++)
        value /= 1024;
    snprintf(buf, HN_DURATION_MAX, "%.*f %s", i == 0 ? 0 : 1, value, names[i]);
    return buf;
}
