/*
 * site.c - where a pc is, for who has nothing else: the sites of accesses, and
 * of calls by function.
 *
 * In:  debug information. Out: sites with a file and a line.
 *
 * S1  A site that is only a pc is the runtime's own, and no constant: what is
 *     found is noted in it. The file comes last, for who looks whether it is
 *     known.
 */
#include "runtime/monitor/site.h"

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

/* S1 */
static void complete(const struct go_site *site)
{
    struct go_site *at = (struct go_site *)(uintptr_t)site, found;

    if (!site || site->file || !site->pc)
        return;
    go_site_find(site, &found);
    at->func = found.func;
    at->line = found.line;
    __atomic_store_n(&at->file, found.file, __ATOMIC_RELEASE);
}

void mon_sites_complete(const struct go_inspect *in)
{
    for (uint32_t i = 0; i < in->ngoroutine; i++)
        complete(in->goroutines[i].site);
    for (uint32_t i = 0; i < in->nwait; i++)
        complete(in->waits[i].site);
    for (uint32_t i = 0; i < in->nhold; i++)
        complete(in->holds[i].site);
    for (uint32_t i = 0; i < in->nended; i++)
        complete(in->ended[i].site);
    for (uint32_t i = 0; i < in->nabandoned; i++)
        complete(in->abandoned[i].site);
    for (uint32_t i = 0; i < in->nobject; i++) {
        complete(in->objects[i].born);
        for (unsigned u = 0; u < in->objects[i].nuse; u++)
            complete(in->objects[i].use[u].by.site);
    }
}
