/* waiting.c - main, where an execution was cut off while it waited. */
#include "harness/explore/waiting.h"

void hn_waiting_note(struct hn_waiting *w, uint64_t schedule)
{
    struct go_point parked;
    const struct go_point *at = go_control_point(0);

    if (!at && go_control_parked(0, &parked) == 0)
        at = &parked;
    if (w->times++ || !at)
        return;
    w->schedule = schedule;
    hn_did_step(&w->did, &(struct go_step){.point = at,
                                           .which = -1,
                                           .partner = GO_NOWHERE,
                                           .partner_which = -1});
}
