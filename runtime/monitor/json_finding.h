/*
 * json_finding.h - what findings of all kinds have in JSON: who reads one need
 * not ask of which kind it is.
 */
#ifndef MON_JSON_FINDING_H
#define MON_JSON_FINDING_H

#include <vigil/inspect.h>

#include "runtime/monitor/finding.h"
#include "runtime/monitor/json.h"

struct mon_json_finding {
    enum go_verdict verdict;
    enum go_shape shape;
    bool proven;
    uint64_t fingerprint, times;
    const char *message;
    uint64_t core, all;    /* goroutines of it */
    uint64_t leaked, left; /* that it adds to the two counts of the report */
};

/* Opens the finding, and in it the list of its goroutines. */
void mon_json_finding_open(struct mon_json *j,
                           const struct mon_json_finding *f);
void mon_json_finding_close(struct mon_json *j);

struct mon_frame;
/* A goroutine's stack. */
void mon_json_stack(struct mon_json *j, const struct mon_frame *frames,
                    size_t n);

#endif
