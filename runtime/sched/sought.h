/*
 * sought.h - threads of the program's own, where no /proc lists any: for
 * strangers.c, and for who is told when one is begun.
 */
#ifndef RT_SCHED_SOUGHT_H
#define RT_SCHED_SOUGHT_H

#include <stdint.h>

/* As rt_foreign_threads: what is known without seeking. */
uint32_t rt_sought_yet(void);
/* Likewise, but they are sought. The workers must have said who they are. */
uint32_t rt_sought(void);

#endif
