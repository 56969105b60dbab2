/*
 * hands.h - holds a word in one place of the processor and nowhere else.
 *
 * Words are given hidden, as their complement, so that no copy of them lies
 * in memory; what is not asked for is not there when a call returns.
 */
#ifndef TESTS_JUDGE_HANDS_H
#define TESTS_JUDGE_HANDS_H

#include "tests/judge/world.h"

/* The word behind a hidden one, and back. */
static inline uintptr_t hide(uintptr_t word)
{
    return ~word;
}

/* fn(arg), with words in the registers that it must save. 0 is none. */
void hands_hold(const uintptr_t hidden[REGISTERS], void (*fn)(uintptr_t),
                uintptr_t arg);

/*
 * Computes until *stop, with the word in the place of that name, which is
 * PLACE_REGISTER ... PLACE_RED_ZONE. Sets *ready once it is there.
 */
void hands_spin(enum place place, const uintptr_t *hidden,
                volatile uint32_t *ready, const volatile uint32_t *stop);

/* The same; the word goes round: each of n cells, between them a register. */
void hands_move(volatile uintptr_t *const *cell, int n, const uintptr_t *hidden,
                volatile uint32_t *ready, const volatile uint32_t *stop);

/* Leaves nothing in registers that calls do not save. */
void hands_wipe(void);
/* The same; and nothing below the caller's frame. */
void hands_wipe_below(void);

#endif
