/*
 * task.h - goroutines of controlled runs by what spawned them, so that they
 * are called the same in every schedule: the n-th that a task spawned.
 *
 * The numbers are given at the first asking and live as long as the process;
 * 0 is main. One thread.
 */
#ifndef RT_SCHED_TASK_H
#define RT_SCHED_TASK_H

#include <vigil/control.h>

enum {
    RT_TASKS_MAX = 1 << 14,
    RT_TASK_CLOCK = RT_TASKS_MAX, /* the parent of what timers start */
};

/* The nth (0, 1, ...) that parent spawned; GO_NOWHERE: too many are known. */
uint32_t rt_task_number(uint32_t parent, uint32_t nth);
/* How many there are: 0 .. count-1 were given out. Main always was. */
uint32_t rt_task_count(void);

#endif
