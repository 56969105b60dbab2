/*
 * record.h - the choices of the execution that goes on, where who outlives it
 * can read them: in memory that a worker process shares with its parent.
 */
#ifndef HN_EXPLORE_RECORD_H
#define HN_EXPLORE_RECORD_H

#include <stdint.h>
#include <string.h>
#include <vigil/control.h>

enum {
    HN_RECORD_MAX = 1 << 18 /* choices; of longer executions none are kept */
};

struct hn_record {
    uint32_t more;             /* enum go_more, at its beginning */
    uint32_t begun;            /* executions, so far */
    uint32_t n;                /* also beyond the maximum */
    uint32_t k[HN_RECORD_MAX]; /* which step, or the number drawn */
};

static inline void hn_record_begin(struct hn_record *r, uint32_t more)
{
    r->more = more;
    __atomic_store_n(&r->begun, r->begun + 1, __ATOMIC_RELEASE);
    __atomic_store_n(&r->n, 0, __ATOMIC_RELEASE);
}

/* Another one with every choice; from another process. */
static inline uint64_t hn_record_moment(const struct hn_record *r)
{
    return (uint64_t)__atomic_load_n(&r->begun, __ATOMIC_ACQUIRE) << 32 |
           __atomic_load_n(&r->n, __ATOMIC_ACQUIRE);
}

/* Noted before it is done, so that a crash has it. */
static inline void hn_record_add(struct hn_record *r, uint32_t k)
{
    if (r->n < HN_RECORD_MAX)
        r->k[r->n] = k;
    __atomic_store_n(&r->n, r->n + 1, __ATOMIC_RELEASE);
}

/* How many more are kept. */
static inline uint32_t hn_record_room(const struct hn_record *r)
{
    return r->n < HN_RECORD_MAX ? HN_RECORD_MAX - r->n : 0;
}

static inline void hn_record_copy(struct hn_record *to,
                                  const struct hn_record *from)
{
    to->more = from->more;
    to->n = from->n;
    memcpy(to->k, from->k,
           (from->n < HN_RECORD_MAX ? from->n : HN_RECORD_MAX) *
               sizeof(from->k[0]));
}

#endif
