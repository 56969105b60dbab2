/*
 * complaint.c - one line on standard error about what is wrong.
 *
 * In:  words that others chose: a path, a value, a name. A line break in one
 * would make two lines of it, and an escape would speak to the terminal.
 */
#include "harness/complaint.h"

#include <stdio.h>
#include <string.h>

enum {
    LONGEST = 2000, /* of a text, before it is written out */
    WIDEST = 4      /* \xNN */
};

static char *put(char *to, unsigned char c)
{
    static const char digits[] = "0123456789abcdef";

    if (c >= 0x20 && c != 0x7f) {
        *to++ = (char)c;
        return to;
    }
    *to++ = '\\';
    if (c == '\n' || c == '\t') {
        *to++ = c == '\n' ? 'n' : 't';
        return to;
    }
    *to++ = 'x';
    *to++ = digits[c >> 4];
    *to++ = digits[c & 15];
    return to;
}

void hn_complaint(const char *self, const char *fmt, va_list args)
{
    const char *base = strrchr(self, '/');
    char text[LONGEST], line[LONGEST * WIDEST + 2], *to = line;
    int at = snprintf(text, sizeof(text), "%.200s: ", base ? base + 1 : self);

    if (vsnprintf(text + at, sizeof(text) - (size_t)at, fmt, args) >=
        (int)sizeof(text) - at)
        strcpy(text + sizeof(text) - sizeof("..."), "...");
    for (const char *c = text; *c; c++)
        to = put(to, (unsigned char)*c);
    *to++ = '\n';
    *to = '\0';
    fputs(line, stderr);
}
