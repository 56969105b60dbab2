/*
 * answers.c - the time, and random numbers, of a controlled run.
 *
 * A1  What is answered depends on the choices so far, and on nothing else.
 * A2  A loop that asks for the time until it is late, and does nothing else,
 *     must end: after POLLS times it yields, and by that time goes on.
 */
#include "harness/explore/answers.h"

#include <limits.h>
#include <vigil/control.h>
#include <vigil/go.h>

#include "harness/explore/loaded.h"

enum {
    POLLS = 64
};

static struct {
    uintptr_t low, size; /* of the executable's code; 0: nobody is served */
    uint64_t seed, drawn;
    uint32_t asked;
} answers;

void hn_answers_begin(void)
{
    struct hn_loaded l;

    hn_answers_reset();
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

bool hn_answers_serve(const void *caller)
{
    return (uintptr_t)caller - answers.low < answers.size && go_control_runs();
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
