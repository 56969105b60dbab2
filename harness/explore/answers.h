/*
 * answers.h - what a program in a controlled run is told when it asks the C
 * library for the time, or for random numbers.
 *
 * The time is that of the run's clock: EPOCH at the beginning of each
 * execution. Random numbers are choices: as each is drawn the driver is asked
 * for one of 2^31 - 1, which is added to what a generator of the program's own
 * seed (1, or as it said by srand) comes to. So the default schedule, whose
 * numbers are 0, sees an ordinary sequence, and others see any.
 *
 * Only calls by the executable's own code, in a goroutine, are answered so.
 */
#ifndef HN_EXPLORE_ANSWERS_H
#define HN_EXPLORE_ANSWERS_H

#include <stdbool.h>
#include <stdint.h>

/* From here on, until end; nothing where the executable's code is not known. */
void hn_answers_begin(void);
void hn_answers_end(void);
/* An execution begins: all as at begin. */
void hn_answers_reset(void);

/* Whether who calls from there is answered by these. */
bool hn_answers_serve(const void *caller);
/* In a function in front of the C library's: whether its call is. */
#define HN_SERVED hn_answers_serve(__builtin_return_address(0))
/* The same of who uses a lock: also behind the last choice of a run. */
bool hn_answers_lock(const void *caller);
/* ns since the run began; a loop that asks again and again yields. */
int64_t hn_answers_clock(void);
/* Of the wall clock when the run began, in s. */
enum {
    HN_ANSWERS_EPOCH = 1704067200 /* 2024-01-01 00:00:00 UTC */
};
/* 0 .. 2^31 - 1. */
uint32_t hn_answers_draw(void);
void hn_answers_seed(uint32_t seed);

#endif
