/* report_dot.h - the wait-for graph of a snapshot as a picture, for dot(1). */
#ifndef MON_REPORT_DOT_H
#define MON_REPORT_DOT_H

#include "runtime/monitor/report.h"

/* At most so many goroutines are drawn, those of findings first. */
enum {
    MON_DOT_GOROUTINES = 500
};

/*
 * Goroutines are boxes, objects ellipses; an arrow goes from who waits to the
 * object, and from it to each who holds it or may wake its waiters. What is
 * stuck is red. 0, or the -errno of the first failed write.
 */
int mon_report_dot(const struct mon_report *report, int fd);

#endif
