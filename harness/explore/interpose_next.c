/*
 * interpose_next.c - looks up all that we stand in front of, as soon as we are
 * loaded.
 *
 * In:  the section that each HN_NEXT has a line in. Out: their addresses.
 */
#define _GNU_SOURCE
#include "harness/explore/next.h"

extern const struct hn_next __start_hn_nexts[], __stop_hn_nexts[];

__attribute__((constructor)) static void look_up(void)
{
    for (const struct hn_next *n = __start_hn_nexts; n < __stop_hn_nexts; n++)
        if (!*n->found)
            *n->found = dlsym(RTLD_NEXT, n->name);
}
