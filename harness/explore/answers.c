/*
 * answers.c - the time, and random numbers, of a controlled run.
 *
 * A1  What is answered depends on the choices so far, and on nothing else.
 * A2  A loop that asks for the time until it is late, and does nothing else,
 *     must end: after POLLS times it yields, and by that time goes on.
 */
#define _GNU_SOURCE
#include "harness/explore/answers.h"

#include <limits.h>
#include <link.h>
#include <stdlib.h>
#include <vigil/control.h>
#include <vigil/elsewhere.h>
#include <vigil/go.h>
#include <vigil/outer.h>

#include "harness/explore/copies.h"
#include "harness/explore/loaded.h"

enum {
    POLLS = 64
};

static struct {
    uintptr_t low, size; /* of the executable's code; 0: nobody is served */
    struct hn_range c;   /* the C library's */
    uint64_t seed, drawn;
    uint32_t asked;
} answers;

static int find_c(struct dl_phdr_info *info, size_t size, void *arg)
{
    uintptr_t at = (uintptr_t)qsort;
    struct hn_range *c = arg;

    (void)size;
    for (size_t i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *p = &info->dlpi_phdr[i];
        uintptr_t low = info->dlpi_addr + p->p_vaddr;

        if (p->p_type != PT_LOAD || at - low >= p->p_memsz)
            continue;
        *c = (struct hn_range){(char *)low, p->p_memsz};
        return 1;
    }
    return 0;
}

void hn_answers_begin(void)
{
    struct hn_loaded l;

    hn_answers_reset();
    hn_copies_begin();
    dl_iterate_phdr(find_c, &answers.c);
    if (hn_loaded_read(&l))
        return;
    if (!l.mixed) {
        answers.low = (uintptr_t)l.code.low;
        answers.size = l.code.size;
    }
    hn_loaded_free(&l);
}

void hn_answers_end(void)
{
    answers.size = 0;
}

void hn_answers_reset(void)
{
    answers.seed = 1;
    answers.drawn = 0;
    answers.asked = 0;
}

static bool is_in_c(const void *at)
{
    return (uintptr_t)at - (uintptr_t)answers.c.low < answers.c.size;
}

/* What a function ends in is a jump, and returns to whoever called that: the
   runtime, or the C library, which sorts; it calls itself by no name of ours. */
static bool is_programs(const void *caller)
{
    return (uintptr_t)caller - answers.low < answers.size ||
           (answers.size > 0 && (go_control_calls(caller) || is_in_c(caller)));
}

bool hn_answers_serve(const void *caller)
{
    return is_programs(caller) && go_control_runs();
}

bool hn_answers_lock(const void *caller)
{
    return is_programs(caller) && go_outer_runs();
}

int64_t hn_answers_clock(void)
{
    if (++answers.asked % POLLS == 0)
        go_yield(); /* A2 */
    return go_now();
}

uint32_t hn_answers_draw(void)
{
    uint64_t x = answers.seed << 32 ^ ++answers.drawn;

    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return ((uint32_t)(x >> 33) + (uint32_t)go_choose(INT_MAX)) & INT_MAX;
}

void hn_answers_seed(uint32_t seed)
{
    answers.seed = seed;
    answers.drawn = 0;
}
