/*
 * trace.c - choices to lines of text, with a rolling fingerprint.
 *
 * T1  A line depends on the program and its choices so far, and on nothing
 *     else: objects have the numbers of their first appearance, tasks paths.
 * T2  A line is one line: what the source says may hold anything.
 */
#include "harness/explore/trace.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "harness/explore/did.h"
#include "harness/explore/token.h"
#include "harness/explore/walk.h"

void hn_trace_begin(struct hn_trace *t)
{
    hn_objects_free(&t->objects);
    t->objects = (struct hn_objects){0};
    t->n = 0;
    t->hash = 0xcbf29ce484222325u;
    t->line[0] = '\0';
}

void hn_trace_free(struct hn_trace *t)
{
    hn_objects_free(&t->objects);
    t->objects = (struct hn_objects){0};
}

uint16_t hn_trace_print(const struct hn_trace *t)
{
    return (uint16_t)(t->hash ^ t->hash >> 16 ^ t->hash >> 32 ^ t->hash >> 48);
}

/* The line so far is part of the fingerprint, which ends it. */
static void finish(struct hn_trace *t)
{
    size_t n = strlen(t->line);

    for (char *c = t->line; *c; c++) { /* T2 */
        if ((unsigned char)*c < ' ')
            *c = ' ';
        if (*c == ' ')
            continue;
        t->hash = (t->hash ^ (unsigned char)*c) * 0x100000001b3u;
        t->hash ^= t->hash >> 29;
    }
    t->n++;
    snprintf(t->line + n, sizeof(t->line) - n, "  %04x", hn_trace_print(t));
}

static const char *base_of(const char *file)
{
    const char *slash = strrchr(file, '/');

    return slash ? slash + 1 : file;
}

/* "#2 from", "#1 case 0". */
static void object_text(struct hn_trace *t, const struct go_step *step,
                        char *to, size_t n)
{
    const void *object = hn_walk_object(step);
    const struct go_site *site = step->point->site;
    const char *what = site && site->what ? site->what : "";

    if (object)
        snprintf(to, n, "#%u %.80s", hn_objects_number(&t->objects, object) + 1,
                 what);
    else
        snprintf(to, n, "%.80s", what);
}

void hn_trace_step(struct hn_trace *t, uint32_t at, const struct go_step *step)
{
    const struct hn_deviation d = hn_schedule_deviation(at, step);
    const struct go_site *site = step->point ? step->point->site : NULL;
    char who[HN_TOKEN_STEP] = "t", object[96] = "", where[96] = "-";

    if (step->point) {
        hn_token_step(who, sizeof(who), &d);
        object_text(t, step, object, sizeof(object));
    }
    if (site && site->file)
        snprintf(where, sizeof(where), "%.72s:%d", base_of(site->file),
                 site->line);
    snprintf(
        t->line, HN_TRACE_LINE - 8, "%6u  %-9.64s %-10s %-24s %-18s", at, who,
        go_op_text(step->point ? (enum go_op)step->point->op : GO_OP_CLOCK),
        object, where);
    finish(t);
}

void hn_trace_number(struct hn_trace *t, uint32_t at, uint32_t task, uint32_t k,
                     uint32_t n)
{
    char path[HN_DID_PATH];

    hn_did_task(task, path, sizeof(path));
    snprintf(t->line, HN_TRACE_LINE - 8, "%6u  %-9s %-10s %u of %u", at, path,
             "number", k, n);
    finish(t);
}

static const char *skip_blanks(const char *at)
{
    while (isblank((unsigned char)*at))
        at++;
    return at;
}

bool hn_trace_same(const char *a, const char *b)
{
    a = skip_blanks(a);
    b = skip_blanks(b);
    while (*a && *b) {
        bool blank = isblank((unsigned char)*a);

        if (blank != !!isblank((unsigned char)*b) || (!blank && *a != *b))
            break;
        a = blank ? skip_blanks(a) : a + 1;
        b = blank ? skip_blanks(b) : b + 1;
    }
    return !*skip_blanks(a) && !*skip_blanks(b);
}

void hn_trace_words(const char *line, char *to, size_t n)
{
    size_t at = 0, last = 0;

    line += strspn(line, " \t0123456789");
    while (*line && at < n - 1) {
        size_t word = strcspn(line, " \t");

        last = at;
        if (at > 0)
            to[at++] = ' ';
        for (size_t i = 0; i < word && at < n - 1; i++)
            to[at++] = line[i];
        line += word;
        line += strspn(line, " \t");
    }
    to[*line ? at : last] = '\0';
}
