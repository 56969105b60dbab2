/* body.h - how tests run a body of their own: as a scenario, in virtual time. */
#ifndef TESTS_BODY_H
#define TESTS_BODY_H

#include <vigil/go.h>
#include <vigil/inspect.h>

/* For the caller to add to. */
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

#endif
