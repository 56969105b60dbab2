/* reproduce.c - the command that shows a run again. */
#define _GNU_SOURCE
#include "harness/reproduce.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A word as a shell reads it back; malloc'd. */
static char *quoted(const char *word)
{
    size_t n = strlen(word);
    char *text = malloc(4 * n + 3), *to = text;

    if (!text)
        return NULL;
    if (n && n == strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRST"
                               "UVWXYZ0123456789_-+=./:,@%"))
        return strcpy(text, word);
    *to++ = '\'';
    for (; *word; word++) {
        if (*word == '\'')
            to = stpcpy(to, "'\\'");
        *to++ = *word;
    }
    strcpy(to, "'");
    return text;
}

/* A command that takes this scenario and no other; malloc'd. */
static char *command_for(const struct hn_options *o,
                         const struct hn_finished *f, const char *word)
{
    char *self = quoted(o->self), *given, *which, *command;
    int n = o->own ? asprintf(&given, "%s", f->scenario->name)
                   : asprintf(&given, "%s:%s", f->scenario->program,
                              f->scenario->name);

    given = n < 0 ? NULL : given;
    which = given ? quoted(given) : NULL;
    if (!self || !which)
        n = -1;
    else if (o->own && f->explores)
        n = asprintf(&command, "%s %s", self, word);
    else
        n = asprintf(&command, "%s %s %s", self, word, which);
    free(self);
    free(which);
    free(given);
    return n < 0 ? NULL : command;
}

char *hn_reproduce(const struct hn_options *o, const struct hn_finished *f)
{
    char *base = command_for(o, f, f->explores ? "replay" : "run"), *command;
    int n;

    if (f->explores || !base)
        return base; /* the child adds the token */
    n = asprintf(&command, "%s --seed %llu --procs %d", base,
                 (unsigned long long)f->seed, f->procs);
    free(base);
    return n < 0 ? NULL : command;
}
