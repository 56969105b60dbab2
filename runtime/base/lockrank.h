/*
 * lockrank.h - the one order in which the runtime takes its own locks.
 *
 * A lock is taken only when every lock that the thread holds has a lower
 * rank. Locks of the same rank are taken together only by select, in the order of
 * their addresses. Debug builds check each step and throw with both names.
 */
#ifndef RT_BASE_LOCKRANK_H
#define RT_BASE_LOCKRANK_H

enum rt_rank {
    RT_RANK_WORLD,   /* stopping the world, and every entry from a foreign
                        thread: first, for what they do takes any other */
    RT_RANK_CONTEXT, /* a context's tree: cancel closes channels under it */
    RT_RANK_TIMERS,  /* a program's timer: reset drains its channel under it */
    RT_RANK_OBJECT,  /* a channel, lock or group: ready() is called under it */
    RT_RANK_TIMER,   /* the timer heap: armed and stopped under an object */
    RT_RANK_POLL,    /* a descriptor's waiters */
    RT_RANK_RUNQ,    /* one worker's queue */
    RT_RANK_SCHED,   /* global queue, idle workers: woken under the others */
    RT_RANK_STACK,   /* the stack pool: spawn and exit, nothing below it */
    RT_RANK_NAME,    /* labels and names: nothing but the next under it */
    RT_RANK_ORDER,   /* clocks and lock orders: hooks are under any other */
    RT_RANK_COUNT
};

#endif
