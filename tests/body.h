/* body.h - how tests run a body of their own, in virtual time. */
#ifndef TESTS_BODY_H
#define TESTS_BODY_H

#include <vigil/go.h>
#include <vigil/inspect.h>

/* As a scenario; for the caller to add to. */
static inline struct go_run body_run(void (*body)(void))
{
    return (struct go_run){.call = {.fn = (go_fn *)body},
                           .site = GO_SITE(""),
                           .settle = GO_SETTLE_SCENARIO,
                           .settle_for = GO_SECOND,
                           .clock_virtual = true,
                           .seed = 1,
                           .text_fd = 2,
                           .json_fd = -1,
                           .dot_fd = -1};
}

/* As a program, on one worker and without a word: what comes of it is in *to. */
static inline struct go_run body_program(void (*body)(void),
                                         struct go_outcome *to)
{
    struct go_run run = body_run(body);

    run.settle = GO_SETTLE_PROGRAM;
    run.settle_for = -1;
    run.procs = 1;
    run.text_fd = -1;
    run.outcome = to;
    return run;
}

#endif
