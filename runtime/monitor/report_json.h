/* report_json.h - a report as vigil-report/1, one object on one line. */
#ifndef MON_REPORT_JSON_H
#define MON_REPORT_JSON_H

#include "runtime/monitor/report.h"

/*
 * At most so many goroutines of a finding, objects and wakers of a goroutine
 * are listed, and so many stacks; the numbers beside them count all. Of
 * ancestors the nearest are.
 */
enum {
    MON_JSON_GOROUTINES = 1000,
    MON_JSON_WAKERS = 64,
    MON_JSON_ANCESTORS = 16,
    MON_JSON_STACKS = 100
};

/*
 * Writes the report and a newline to fd. 0, or the -errno of the first failed
 * write. What only a harness knows (path, expected, output) it adds itself.
 */
int mon_report_json(const struct mon_report *report, int fd);

#endif
