/*
 * stackview.h - a goroutine's stack as reports show it.
 *
 * The runtime's own frames are left out, inlined functions are frames of
 * their own, and the site of the call that it stopped in fills in for debug
 * information that is not there.
 */
#ifndef MON_STACKVIEW_H
#define MON_STACKVIEW_H

#include "runtime/monitor/report.h"
#include "runtime/monitor/snapshot.h"

struct mon_stackview {
    const struct go_inspect *in;
    bool bare; /* nobody may call malloc: sites, modules and offsets only */
};

/* A mon_stack_fn (report.h); arg is a struct mon_stackview. */
size_t mon_stackview(void *arg, uint32_t goroutine, struct mon_frame *frames,
                     size_t max);
/* A mon_pcs_fn. */
size_t mon_stackview_pcs(void *arg, const void *const *pc, uint32_t npc,
                         struct mon_frame *frames, size_t max);

#endif
