/*
 * trace.h - an execution as text, a line for each choice.
 *
 *     2  c         lock       #2 from                  abba.c:5           1f2e
 *
 * The number of the choice; whose step it is, as a token spells it (token.h),
 * t when a timer fires early; the operation; its object, numbered as
 * objects come up first, with the words of the source; where; and a rolling
 * fingerprint of all this from the beginning on. No addresses, no numbers of
 * tasks: the same schedule gives the same lines in every process.
 */
#ifndef HN_EXPLORE_TRACE_H
#define HN_EXPLORE_TRACE_H

#include "harness/explore/objects.h"
#include "harness/explore/schedule.h"

enum {
    HN_TRACE_LINE = 320
};

struct hn_trace { /* zero, and then begin */
    struct hn_objects objects;
    uint32_t n;               /* lines so far */
    uint64_t hash;            /* of them */
    char line[HN_TRACE_LINE]; /* the last one, without its end */
};

/* An execution begins. */
void hn_trace_begin(struct hn_trace *t);
void hn_trace_free(struct hn_trace *t);
/* Choice at: the step is taken; or the number k of 0..n-1 is drawn. The line is
   in t->line. */
void hn_trace_step(struct hn_trace *t, uint32_t at, const struct go_step *step);
void hn_trace_number(struct hn_trace *t, uint32_t at, uint32_t task, uint32_t k,
                     uint32_t n);
/* The rolling fingerprint, of all lines so far. */
uint16_t hn_trace_print(const struct hn_trace *t);
/* A line without the number of its choice and its fingerprint; runs of blanks
   are one, and it is cut at n. */
void hn_trace_words(const char *line, char *to, size_t n);
/* Whether two lines say the same: runs of blanks are one, at the end none. */
bool hn_trace_same(const char *a, const char *b);

#endif
