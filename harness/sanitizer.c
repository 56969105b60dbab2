/*
 * sanitizer.c - which sanitizer a program has, told without running it.
 *
 * Where two of them meet in a process, the program's and vigil's, they fall over
 * before anything of ours is called: so the file is read. What it is linked with
 * it names to the loader; or it has it, and then offers its functions. These names
 * are put together here, or a program that this is linked into would have them.
 */
#define _GNU_SOURCE
#include "harness/sanitizer.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct {
    const char *name, *build, *function;
} known[] = {
    {"AddressSanitizer", "asan", "report_present"},
    {"ThreadSanitizer", "tsan", "get_current_report"},
};

/* As a name begins in a table of them. */
static bool names(const void *map, size_t size, size_t which)
{
    char library[64], function[64];
    int n = snprintf(library, sizeof(library), "%clib%s.so", '\0',
                     known[which].build);
    int m = snprintf(function, sizeof(function), "%c__%s_%s", '\0',
                     known[which].build, known[which].function);

    return memmem(map, size, library, (size_t)n) ||
           memmem(map, size, function, (size_t)m);
}

static void hint(const void *map, size_t size, char to[HN_SANITIZER_HINT])
{
    for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
        if (names(map, size, i))
            snprintf(to, HN_SANITIZER_HINT,
                     "; it has %s: its vigil must be built with it, too (make "
                     "V=%s)",
                     known[i].name, known[i].build);
}

const char *hn_sanitizer_hint(const char *path, char to[HN_SANITIZER_HINT])
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;
    void *map;

    to[0] = '\0';
    if (fd < 0)
        return to;
    if (fstat(fd, &st) == 0 && st.st_size > 0) {
        map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
        if (map != MAP_FAILED) {
            hint(map, (size_t)st.st_size, to);
            munmap(map, (size_t)st.st_size);
        }
    }
    close(fd);
    return to;
}
