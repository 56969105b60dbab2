/*
 * report.h - what every reporter is given: one run's outcome with all that
 * text, JSON and DOT tell of it.
 */
#ifndef MON_REPORT_H
#define MON_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "runtime/monitor/finding.h"
#include "runtime/monitor/order.h"
#include "runtime/monitor/out.h"

/* One frame of a stack, symbolised as far as it could be. */
struct mon_frame {
    const char *func;   /* NULL: not known */
    const char *file;   /* NULL: not known */
    int line;           /* 0: not known */
    const char *module; /* file of the program or library, NULL: none */
    uint64_t offset;    /* of the pc in the module; func_offset: in func */
    uint64_t func_offset;
    bool inlined; /* into the next one */
};

enum {
    MON_FRAMES_MAX = 128
};

/*
 * The stack of the goroutine with this index, innermost first: how many of
 * max frames were filled in. Strings live until the report is done.
 */
typedef size_t mon_stack_fn(void *arg, uint32_t goroutine,
                            struct mon_frame *frames, size_t max);

/* The same for return addresses that were kept. */
typedef size_t mon_pcs_fn(void *arg, const void *const *pc, uint32_t n,
                          struct mon_frame *frames, size_t max);

struct mon_report {
    const struct go_inspect *in;
    const struct mon_findings *findings;
    const struct mon_orders *orders; /* NULL: not looked for */
    enum go_verdict verdict; /* of the run: the gravest of all that was seen */
    const char *scenario;    /* NULL: none */
    const char *replay;      /* NULL: none */
    uint64_t seed;
    uint32_t procs;
    int64_t clock;       /* ns on the run's clock at the end */
    int64_t wall;        /* ns of real time */
    mon_stack_fn *stack; /* NULL: no stacks */
    mon_pcs_fn *pcs;     /* the same */
    void *stack_arg;
};

#endif
