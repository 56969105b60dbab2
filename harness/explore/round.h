/*
 * round.h - what is done in a round that goes on for ever: in words, for
 * people, and as a number, by which it is known again.
 */
#ifndef HN_EXPLORE_ROUND_H
#define HN_EXPLORE_ROUND_H

#include <vigil/control.h>

enum {
    HN_ROUND_TEXT = 1024
};

/* "goroutines 2 and 3 repeat [trylock m at x.c:10, yield at x.c:12]". */
void hn_round_text(char text[HN_ROUND_TEXT], const uint64_t *goroutines,
                   uint32_t ngoroutine, const struct go_point *const *points,
                   uint32_t n);

/* The same wherever the round is begun, whoever goes round, in any process, and
   when lines have moved. */
uint64_t hn_round_deeds(const struct go_point *const *points, uint32_t n);

#endif
