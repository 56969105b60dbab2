/* outcome.c - outcomes of executions, and sets of them: a hash table. */
#include "tests/oracle/outcome.h"

#include <stdlib.h>
#include <string.h>

static const char *const faults[] = {
    [FAULT_NONE] = "",
    [FAULT_SEND_CLOSED] = "send on closed channel",
    [FAULT_CLOSE_CLOSED] = "close of closed channel",
    [FAULT_CLOSE_NIL] = "close of nil channel",
    [FAULT_NEGATIVE] = "sync: negative WaitGroup counter",
    [FAULT_REUSED] =
        "sync: WaitGroup is reused before previous Wait has returned",
    [FAULT_OTHER] = "another panic",
};

enum fault outcome_fault(const char *message)
{
    if (!message || !*message)
        return FAULT_NONE;
    for (int f = FAULT_NONE + 1; f < FAULT_OTHER; f++)
        if (!strcmp(message, faults[f]))
            return (enum fault)f;
    return FAULT_OTHER;
}

void outcome_cut(struct outcome *o)
{
    struct outcome all = *o;

    memset(o, 0, sizeof(*o));
    o->end = GO_END_PANIC;
    o->fault = all.fault;
    o->who = all.who;
    if (o->who == NOBODY)
        return;
    o->at[o->who] = all.at[o->who];
    o->nlog[o->who] = all.nlog[o->who];
    memcpy(o->log[o->who], all.log[o->who], LOG);
}

void outcome_print(FILE *to, const struct outcome *o, const struct program *p)
{
    static const char *const ends[] = {"clean", "left", "stuck", "panic",
                                       "bound"};

    fprintf(to, "%s%s%s", ends[o->end], o->fault ? ": " : "", faults[o->fault]);
    for (unsigned t = 0; t < p->ntask; t++) {
        if (o->end == GO_END_PANIC && t != o->who)
            continue;
        fprintf(to, " | %u ", t);
        if (o->at[t] == UNBORN)
            fprintf(to, "not started");
        else if (o->at[t] == p->nop[t])
            fprintf(to, "ended");
        else
            fprintf(to, "at %u", o->at[t]);
        for (unsigned i = 0; i < o->nlog[t]; i++)
            fprintf(to, "%s%u", i ? "," : " saw ", o->log[t][i]);
    }
    if (o->end != GO_END_PANIC)
        fprintf(to, " | group %u, units %u, x %u %u", o->count, o->units,
                o->value[0], o->value[1]);
    fprintf(to, "\n");
}

/* ---- sets ----------------------------------------------------------------*/

static uint64_t hash_of(const struct outcome *o)
{
    const unsigned char *b = (const unsigned char *)o;
    uint64_t h = 0xcbf29ce484222325ull;

    for (size_t i = 0; i < sizeof(*o); i++)
        h = (h ^ b[i]) * 0x100000001b3ull;
    return h ^ h >> 29;
}

/* Its slot, or the free one where it would be. */
static uint32_t find(const struct outcomes *s, const struct outcome *o)
{
    uint32_t i = (uint32_t)hash_of(o) & (s->slots - 1);

    while (s->slot[i] && memcmp(&s->all[s->slot[i] - 1], o, sizeof(*o)))
        i = (i + 1) & (s->slots - 1);
    return i;
}

static void *or_die(void *memory)
{
    if (!memory) {
        perror("oracle: memory");
        abort();
    }
    return memory;
}

static void grow(struct outcomes *s)
{
    s->room = s->room ? 2 * s->room : 64;
    s->slots = 4 * s->room;
    s->all = or_die(realloc(s->all, s->room * sizeof(*s->all)));
    free(s->slot);
    s->slot = or_die(calloc(s->slots, sizeof(*s->slot)));
    for (uint32_t i = 0; i < s->n; i++)
        s->slot[find(s, &s->all[i])] = i + 1;
}

bool outcomes_add(struct outcomes *s, const struct outcome *o)
{
    uint32_t i;

    if (s->n == s->room)
        grow(s);
    i = find(s, o);
    if (s->slot[i])
        return false;
    s->all[s->n] = *o;
    s->slot[i] = ++s->n;
    return true;
}

bool outcomes_have(const struct outcomes *s, const struct outcome *o)
{
    return s->n && s->slot[find(s, o)];
}

void outcomes_empty(struct outcomes *s)
{
    s->n = 0;
    if (s->slots)
        memset(s->slot, 0, s->slots * sizeof(*s->slot));
}

void outcomes_free(struct outcomes *s)
{
    free(s->all);
    free(s->slot);
    memset(s, 0, sizeof(*s));
}

uint32_t outcomes_missing(const struct outcomes *a, const struct outcomes *b,
                          const struct outcome **one)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < a->n; i++)
        if (!outcomes_have(b, &a->all[i]) && !n++)
            *one = &a->all[i];
    return n;
}
