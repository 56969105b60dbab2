/*
 * fingerprint.h - a number by which a finding is known again in another run.
 *
 * Made of words that survive edits elsewhere in the program: functions, wait
 * reasons, kinds and names of objects. No lines, ids, addresses or times, and
 * not how many goroutines are stuck alike.
 */
#ifndef MON_FINGERPRINT_H
#define MON_FINGERPRINT_H

#include <vigil/inspect.h>

#include "runtime/base/arena.h"

/* Of one goroutine and what it waits for. */
uint64_t mon_fingerprint_goroutine(const struct go_inspect *in, uint32_t i);
/* Of a text that says what a finding is about, such as a panic's. */
uint64_t mon_fingerprint_text(const char *text);
/* Of a finding about what has this sum, whatever that is made of. */
uint64_t mon_fingerprint_of(uint64_t sum, enum go_verdict verdict,
                            enum go_shape shape);
/* Spreads the bits of v over the whole number. */
uint64_t mon_fingerprint_mix(uint64_t v);

/* A set of goroutines: equal ones count once, the order does not matter. */
struct mon_fingerprints {
    uint64_t *seen; /* [room] hash table of set and goroutine; 0: free */
    uint32_t room;  /* a power of two */
    uint64_t sum;   /* of the set that was begun last */
    uint64_t salt;  /* its number */
};

/* Room for at most n goroutines in all sets together. 0, or -ENOMEM. */
int mon_fingerprint_new(struct mon_fingerprints *f, uint32_t n,
                        struct rt_arena *arena);
void mon_fingerprint_begin(struct mon_fingerprints *f);
void mon_fingerprint_add(struct mon_fingerprints *f, uint64_t goroutine);
uint64_t mon_fingerprint_end(const struct mon_fingerprints *f,
                             enum go_verdict verdict, enum go_shape shape);

#endif
