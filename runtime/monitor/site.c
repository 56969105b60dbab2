/* site.c - where a pc is, for who has nothing else: the sites of accesses. */
#include <vigil/control.h>

#include "runtime/monitor/symbol.h"

void go_site_find(const struct go_site *site, struct go_site *to)
{
    struct mon_frame frame;

    *to = *site;
    if (site->file || !site->pc ||
        !mon_symbol_frames(site->pc, true, &frame, 1))
        return;
    to->file = frame.file;
    to->func = frame.func;
    to->line = frame.line;
}
