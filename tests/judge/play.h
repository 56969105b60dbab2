/*
 * play.h - makes planned worlds real, has them looked at, and tells what the
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
    char panic[512];     /* of the first: if any world panicked */
};

/* In this process, on the calling thread, all in one run and looked at
   together. loss: see world_is_lost. */
void play(const struct world w[WORLDS], unsigned loss,
          struct played to[WORLDS]);

#endif
