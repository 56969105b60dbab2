/*
 * reset.c - sets the program's memory back between executions.
 *
 * In:  what is the program's (loaded.h), and its heap (vigil/scratch.h). Out:
 * the same memory as at begin, and a text of what is not.
 *
 * Method: the variables are copied once. To set them back each page is
 * compared, and copied if it differs. Variables of threads are set to what a
 * new thread's are: the one that runs goroutines was new when the first
 * execution began.
 *
 * Measured: 37 ns for 4 KiB, 160 for 16 KiB, 1.1 us for 64 KiB, 21 us for
 * 1 MiB; and 2 ns for the 200 bytes that most scenarios have. To copy all
 * without a look at it costs the same (42, 190, 1.2, 22). But it would make
 * pages of zeros that nobody has touched real ones, and part those that a fork
 * shares.
 *
 * R1  What is noted at begin is never changed after it.
 * R2  Nothing is allocated in hn_reset_restore.
 *
 * Why not a private mapping of what was noted, dropped each time (0.7 us,
 * whatever its size): each page that is written costs a fault then, 2 us, and
 * most programs write to the one page that they have.
 */
#include "harness/explore/reset.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <vigil/scratch.h>

enum {
    PIECE = 4096, /* compared at a time: a page, where it matters */
};

struct hn_reset {
    struct hn_loaded loaded;
    char *noted; /* R1: the variables, one range after the other */
    bool scratch;
    bool keeps; /* hn_reset_keeps */
    char condition[HN_RESET_WHY];
};

static void add_condition(struct hn_reset *r, const char *what, const char *of)
{
    size_t n = strlen(r->condition);

    snprintf(r->condition + n, sizeof(r->condition) - n, "%s%s%s",
             n ? "; " : "", what, of);
}

static size_t bytes_of(const struct hn_loaded *l)
{
    size_t sum = 0;

    for (size_t i = 0; i < l->n; i++)
        sum += l->variables[i].size;
    return sum;
}

/* Of words that are whole. */
static bool reaches_old_blocks(const struct hn_loaded *l)
{
    const size_t word = sizeof(void *);
    bool any = false;

    for (size_t i = 0; i < l->n && !any; i++) {
        const struct hn_range *r = &l->variables[i];
        size_t skip = -(uintptr_t)r->low & (word - 1);

        if (r->size > skip)
            any = go_scratch_misses(r->low + skip, r->size - skip);
    }
    return any;
}

/* Present where AddressSanitizer is. It has poison between variables, which
   its memcpy will not have: they are copied by bytes then. */
extern void __asan_init(void) __attribute__((weak));

static __attribute__((no_sanitize("address"))) void
copy_poisoned(char *to, const char *from, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        to[i] = from[i];
        __asm__ volatile("" ::: "memory"); /* or it becomes a memcpy */
    }
}

/* What differs, and nothing else is written to. */
static void copy(char *to, const char *from, size_t size)
{
    if (__asan_init) {
        copy_poisoned(to, from, size);
        return;
    }
    for (size_t at = 0, n; at < size; at += n) {
        n = size - at < PIECE ? size - at : PIECE;
        if (memcmp(to + at, from + at, n) != 0)
            memcpy(to + at, from + at, n);
    }
}

/* Into zeros: pages of zeros take no memory here either. */
static void note_variables(struct hn_reset *r)
{
    char *to = r->noted;

    for (size_t i = 0; i < r->loaded.n; i++) {
        copy(to, r->loaded.variables[i].low, r->loaded.variables[i].size);
        to += r->loaded.variables[i].size;
    }
}

/* Where vigil's own code lies in the executable, so would its own calls of
   malloc seem to be the program's: nothing is done at all. */
static void begin_mixed(struct hn_reset *r)
{
    add_condition(r, "variables and the heap are not reset: ", r->loaded.mixed);
    add_condition(r, "no livelock can be proven", "");
    r->loaded.n = 0;
    r->loaded.tls = NULL;
    r->keeps = true;
}

static void begin_apart(struct hn_reset *r)
{
    const struct hn_range *code = &r->loaded.code;

    note_variables(r);
    r->scratch = go_scratch_begin(code->low, code->low + code->size);
    if (!r->scratch)
        add_condition(r, "the heap is not reset", "");
    else if ((r->keeps = reaches_old_blocks(&r->loaded)))
        add_condition(r, "what was allocated before is not reset", "");
}

struct hn_reset *hn_reset_begin_with(struct hn_loaded *loaded)
{
    struct hn_reset *r = calloc(1, sizeof(*r));
    char *noted = calloc(1, bytes_of(loaded) + 1);

    if (!r || !noted) {
        hn_loaded_free(loaded);
        free(r);
        free(noted);
        return NULL;
    }
    r->loaded = *loaded;
    r->noted = noted;
    if (r->loaded.mixed)
        begin_mixed(r);
    else
        begin_apart(r);
    if (r->loaded.library[0]) {
        add_condition(r, "not reset are the variables of ", r->loaded.library);
        r->keeps |= r->loaded.brings;
    }
    return r;
}

struct hn_reset *hn_reset_begin(void)
{
    struct hn_loaded loaded;

    return hn_loaded_read(&loaded) ? NULL : hn_reset_begin_with(&loaded);
}

static void restore_variables(struct hn_reset *r)
{
    const char *noted = r->noted;

    for (size_t i = 0; i < r->loaded.n; i++) {
        const struct hn_range *v = &r->loaded.variables[i];

        copy(v->low, noted, v->size);
        noted += v->size;
    }
}

static void restore_tls(const struct hn_loaded *l)
{
    char *tls = l->tls ? hn_loaded_tls() : NULL;

    if (!tls)
        return;
    memcpy(tls, l->tls, l->tls_filled);
    memset(tls + l->tls_filled, 0, l->tls_size - l->tls_filled);
}

void hn_reset_memory(const struct hn_reset *r,
                     void (*each)(void *arg, const void *low, size_t size),
                     void *arg)
{
    char *tls = r->loaded.tls ? hn_loaded_tls() : NULL;

    for (size_t i = 0; i < r->loaded.n; i++)
        each(arg, r->loaded.variables[i].low, r->loaded.variables[i].size);
    if (tls)
        each(arg, tls, r->loaded.tls_size);
}

void hn_reset_restore(struct hn_reset *r)
{
    restore_variables(r);
    restore_tls(&r->loaded);
    if (r->scratch)
        go_scratch_reset();
}

/* Not the variables of threads: this one has run nothing. */
void hn_reset_end(struct hn_reset *r)
{
    if (!r)
        return;
    restore_variables(r);
    if (r->scratch)
        go_scratch_end();
    hn_loaded_free(&r->loaded);
    free(r->noted);
    free(r);
}

const char *hn_reset_condition(const struct hn_reset *r)
{
    return r->condition[0] ? r->condition : NULL;
}

bool hn_reset_keeps(char why[HN_RESET_WHY])
{
    struct hn_reset *r = hn_reset_begin();
    bool keeps = r && r->keeps;

    snprintf(why, HN_RESET_WHY, "%s", keeps ? r->condition : "");
    hn_reset_end(r);
    return keeps;
}
