/* census.c - what a processor takes ahead, and the sum of all: census.h. */
#include "runtime/sched/census.h"

void rt_census_more_numbers(struct p *p)
{
    p->numbers =
        __atomic_add_fetch(&rt_s.last_id, RT_CENSUS_NUMBERS, __ATOMIC_RELAXED);
    p->number = p->numbers - RT_CENSUS_NUMBERS;
}

void rt_census_more_places(struct p *p)
{
    rt_lock_always(&rt_s.lock, RT_RANK_SCHED);
    __atomic_add_fetch(&rt_s.ng, RT_CENSUS_PLACES, __ATOMIC_RELAXED);
    rt_store(p->places, RT_CENSUS_PLACES);
    rt_unlock_always(&rt_s.lock);
}

void rt_census_less_places(struct p *p)
{
    rt_lock_always(&rt_s.lock, RT_RANK_SCHED);
    __atomic_sub_fetch(&rt_s.ng, RT_CENSUS_PLACES, __ATOMIC_RELAXED);
    rt_store(p->places, p->places - RT_CENSUS_PLACES);
    rt_unlock_always(&rt_s.lock);
}

void rt_census_forget(struct p *p)
{
    p->number = p->numbers = 0;
    rt_store(p->places, 0);
    rt_store(rt_s.ng, 0);
    rt_store(rt_s.last_id, 0);
}

uint32_t rt_g_count(void)
{
    int64_t n;
    struct p *p;

    rt_lock_always(&rt_s.lock, RT_RANK_SCHED);
    n = rt_load(rt_s.ng);
    for (int i = 0; i < RT_PROCS_MAX && (p = rt_p(i)); i++)
        n -= rt_load(p->places);
    rt_unlock_always(&rt_s.lock);
    return n > 0 ? (uint32_t)n : 0; /* some come and go meanwhile */
}
