/*
 * report_text.h - a report for a person: Go's first line, what was found and
 * why, then one block a goroutine as Go prints it.
 */
#ifndef MON_REPORT_TEXT_H
#define MON_REPORT_TEXT_H

#include "runtime/monitor/report.h"

/* From so many goroutines on, equal ones share one block. */
enum {
    MON_TEXT_GROUP_FROM = 64
};

struct mon_text {
    const struct mon_report *report;
    const char *first; /* first line, NULL: none */
    const char *note;  /* a line after it, NULL: none */
    uint64_t only;     /* the block of this goroutine and nothing else: a
                           panic's trace; 0: everything */
    bool full;         /* a block for each, however many there are */
    bool brief;        /* no blocks: it is not about goroutines that are */
};

/* Does not call malloc, but for what the report's stack function does. 0, or
   the -errno of the first failed write. */
int mon_report_text(const struct mon_text *text, int fd);

/* One block by sites alone: when nothing else can be trusted any more. */
void mon_report_text_bare(struct mon_out *out, uint64_t id, const char *state,
                          const struct go_site *site,
                          const struct go_site *created, uint64_t created_by);

#endif
