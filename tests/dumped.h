/* dumped.h - whether a core would have what lies at an address. */
#ifndef TESTS_DUMPED_H
#define TESTS_DUMPED_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* False also of what is not mapped. */
static inline bool dumped(const void *at)
{
    FILE *f = fopen("/proc/self/smaps", "re");
    bool here = false, yes = false;
    unsigned long low, high;
    char line[512];

    while (f && fgets(line, sizeof(line), f)) {
        if (sscanf(line, "%lx-%lx ", &low, &high) == 2)
            here = low <= (uintptr_t)at && (uintptr_t)at < high;
        else if (here && strncmp(line, "VmFlags:", 8) == 0)
            yes = !strstr(line, " dd");
    }
    if (f)
        fclose(f);
    return yes;
}

#endif
