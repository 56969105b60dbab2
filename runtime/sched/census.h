/*
 * census.h - which number a goroutine gets, and how many there are.
 *
 * Method: a word that all workers write for each goroutine costs more than the
 * rest of its spawn and end, where two of them spawn (skynet took 250 ms, and
 * takes 80). So a processor takes numbers and places ahead, some at a time.
 *
 * N1  rt_s.ng counts the goroutines that exist and the places at hand: it is
 *     never less than the first alone.
 * N2  Where nobody else is there (rt_solo) nothing is taken ahead: goroutines
 *     are numbered one after the other.
 * N3  An execution of a controlled run begins at 1, whoever was there in the one
 *     before: what is at hand is forgotten.
 *
 * Lock: rt_s.lock, for what is taken ahead and given back: who counts all takes
 * it too.
 */
#ifndef RT_SCHED_CENSUS_H
#define RT_SCHED_CENSUS_H

#include "runtime/sched/state.h"

enum {
#ifdef VIGIL_DEBUG
    RT_CENSUS_NUMBERS = 3,
    RT_CENSUS_PLACES = 2
#else
    RT_CENSUS_NUMBERS = 16,
    RT_CENSUS_PLACES = 64
#endif
};

/* N3: nobody is there any more; by p, which is the only one. */
void rt_census_forget(struct p *p);

void rt_census_more_numbers(struct p *p);
void rt_census_more_places(struct p *p);
void rt_census_less_places(struct p *p);

/* The next number; p: NULL: asked for by no worker. */
static inline uint64_t rt_census_number(struct p *p)
{
    if (rt_load(rt_solo)) {
        rt_store(rt_s.last_id, rt_s.last_id + 1);
        return rt_s.last_id;
    }
    if (rt_unlikely(!p))
        return __atomic_add_fetch(&rt_s.last_id, 1, __ATOMIC_RELAXED);
    if (rt_unlikely(p->number == p->numbers))
        rt_census_more_numbers(p);
    return ++p->number;
}

/* One more exists; and one less. */
static inline void rt_census_in(struct p *p)
{
    if (rt_load(rt_solo)) {
        rt_store(rt_s.ng, rt_s.ng + 1);
        return;
    }
    if (rt_unlikely(!p)) {
        __atomic_add_fetch(&rt_s.ng, 1, __ATOMIC_RELAXED);
        return;
    }
    if (rt_unlikely(!p->places))
        rt_census_more_places(p);
    rt_store(p->places, p->places - 1);
}

static inline void rt_census_out(struct p *p)
{
    if (rt_load(rt_solo)) {
        rt_store(rt_s.ng, rt_s.ng - 1);
        return;
    }
    if (rt_unlikely(!p)) {
        __atomic_sub_fetch(&rt_s.ng, 1, __ATOMIC_RELAXED);
        return;
    }
    rt_store(p->places, p->places + 1);
    if (rt_unlikely(p->places == 2 * RT_CENSUS_PLACES))
        rt_census_less_places(p);
}

#endif
