/*
 * monitor.h - looks at a run: when nothing runs any more, on the look period,
 * and when somebody asks.
 *
 * mon_begin before rt_boot, with mon_hooks in its configuration; the hooks end
 * the run when main can never run again. mon_end after rt_halt.
 */
#ifndef MON_MONITOR_H
#define MON_MONITOR_H

#include <stdbool.h>
#include <stdint.h>

#include "runtime/sched/sched.h"

struct mon_config {
    int64_t look;         /* ns between two looks while it runs; 0: none */
    int processors;       /* of the machine's, that the program may use */
    int text_fd;          /* for what is reported while it runs; -1: nowhere */
    bool tell_leaks;      /* a leak that is proven while it runs, at once */
    bool full;            /* the report does not group */
    const char *scenario; /* for reports; NULL: none */
    const char *replay;
    int json_fd; /* for the report of who is told to quit; -1: nowhere */
};

void mon_begin(const struct mon_config *config);
void mon_end(void);
extern const struct rt_hooks mon_hooks;

/* What looks have cost, since mon_begin; ns. */
struct mon_cost {
    uint64_t looks;       /* on the period, and with somebody to look at */
    uint64_t ended;       /* of these, with a verdict or without */
    int64_t stopped;      /* that the program stood still for all of them */
    int64_t longest_stop; /* and for one */
    int64_t longest_look; /* up to its verdict */
    int64_t over;         /* mon_wall when nothing ran and it was proven that
                             nothing ever will; 0: it was not */
};
const struct mon_cost *mon_cost(void); /* read it when no more are made */

/* Whether none on the period is begun, for who measures what they cost: one
   that goes on in a copy ends; else it is as if that time had not been. */
void mon_hold(bool on);

const struct mon_config *mon_config(void);
int64_t mon_wall(void); /* ns of real time since mon_begin */

#endif
