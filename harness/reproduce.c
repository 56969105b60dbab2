/* reproduce.c - the command that shows a run again. */
#define _GNU_SOURCE
#include "harness/reproduce.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A word as a shell reads it back. */
static bool plain_word(const char *word)
{
    return word[0] &&
           word[strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUV"
                             "WXYZ0123456789_-+=./:,@%")] == '\0';
}

/* A command that takes this scenario and no other; malloc'd. */
static char *command_for(const struct hn_options *o,
                         const struct hn_finished *f, const char *word)
{
    const char *quote =
        plain_word(f->scenario->program) && plain_word(o->self) ? "" : "'";
    char *command;
    int n;

    if (o->own)
        n = asprintf(&command, "%s%s%s %s%s%s", quote, o->self, quote, word,
                     f->explores ? "" : " ",
                     f->explores ? "" : f->scenario->name);
    else
        n = asprintf(&command, "%s%s%s %s %s%s:%s%s", quote, o->self, quote,
                     word, quote, f->scenario->program, f->scenario->name,
                     quote);
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
