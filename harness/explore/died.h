/*
 * died.h - a process of the scenario's that did not come to its end: how it
 * ended, and as a report tells that.
 */
#ifndef HN_EXPLORE_DIED_H
#define HN_EXPLORE_DIED_H

#include <jansson.h>
#include <vigil/crash.h>

struct hn_died {           /* plain data, for shared memory */
    int signal;            /* that ended it; SIGABRT: or by itself; 0: it did
                              not */
    int status;            /* its exit status, -1: a signal ended it */
    struct go_crash where; /* signal 0: not known */
};

enum {
    HN_DIED_TEXT = 400
};

/* As a headline has it, without a verdict: how many characters. */
int hn_died_text(const struct hn_died *d, char to[HN_DIED_TEXT]);
/* As a report tells a finding: a headline, who, and its stack. */
void hn_died_tell(const struct hn_died *d, const struct go_run *run, int fd);
json_t *hn_died_json(const struct hn_died *d);

#endif
