/*
 * play.h - makes a planned world real, has it looked at, and tells what the
 * looks have proven and what became of it afterwards.
 */
#ifndef TESTS_JUDGE_PLAY_H
#define TESTS_JUDGE_PLAY_H

#include "tests/judge/world.h"

struct played {
    unsigned proven;     /* actors that some look has proven stuck, as bits */
    unsigned woke;       /* that ran again after the looks (world.acts) */
    unsigned taken_back; /* proven once, and later no more */
    bool ran;            /* it came to its end */
    char panic[512];
};

/* In this process, on the calling thread. loss: see world_is_lost. */
void play(const struct world *w, unsigned loss, struct played *to);

#endif
