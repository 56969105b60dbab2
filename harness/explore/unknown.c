/*
 * unknown.c - closes the memory that is in no state.
 *
 * In:  the kernel's list of mappings, and what of them is known: the runtime's
 * own, the heap included; objects that are loaded; stacks. Out: the rest,
 * without its permissions.
 *
 * U1  What is not written can not be otherwise when an execution comes to the
 *     same state again, if nobody else can write to it: memory that is private,
 *     and no file's.
 * U2  The kernel's answers lie in two mappings, data and code. The code is
 *     closed too: that of a processor's number reads no data.
 *
 * Why not a comparison of all memory: it would have to know what of it vigil
 * changes, and could not see what changes between two looks.
 */
#define _GNU_SOURCE
#include "harness/explore/unknown.h"

#include <link.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <unistd.h>
#include <vigil/control.h>

enum {
    KNOWN = 1024,
    CLOSED = 1024,
    LINE = 4096 + 128 /* with the name of a file */
};

struct span {
    uintptr_t low, high;
    int usual; /* closed ones: the permissions that they had */
    enum hn_unknown_what what;
};

static struct {
    struct span known[KNOWN], closed[CLOSED];
    size_t nknown, nclosed;
    bool all; /* there was room, and the kernel has done it */
} u;

/* ---- what is known -------------------------------------------------------*/

static void know(void *arg, const void *low, size_t size)
{
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    uintptr_t from = (uintptr_t)low & ~(page - 1);
    uintptr_t to = ((uintptr_t)low + size + page - 1) & ~(page - 1);

    (void)arg;
    if (!size)
        return;
    if (u.nknown == KNOWN)
        u.all = false;
    else
        u.known[u.nknown++] = (struct span){.low = from, .high = to};
}

static int know_object(struct dl_phdr_info *info, size_t size, void *arg)
{
    (void)size;
    if (info->dlpi_addr == getauxval(AT_SYSINFO_EHDR))
        return 0; /* the kernel's */
    for (size_t i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *p = &info->dlpi_phdr[i];

        if (p->p_type == PT_LOAD)
            know(arg, (const char *)(info->dlpi_addr + p->p_vaddr), p->p_memsz);
    }
    return 0;
}

static void know_stack(void)
{
    pthread_attr_t attr;
    void *low;
    size_t size;

    if (pthread_getattr_np(pthread_self(), &attr)) {
        u.all = false;
        return;
    }
    if (pthread_attr_getstack(&attr, &low, &size) == 0)
        know(NULL, low, size);
    pthread_attr_destroy(&attr);
}

static void know_all(const struct hn_range *starter)
{
    u.nknown = 0;
    u.all = go_control_own(know, NULL);
    dl_iterate_phdr(know_object, NULL);
    know_stack();
    know(NULL, starter->low, starter->size);
}

/* The known one with the lowest end of those that end above it. */
static const struct span *known_above(uintptr_t low)
{
    const struct span *best = NULL;

    for (size_t i = 0; i < u.nknown; i++)
        if (u.known[i].high > low && (!best || u.known[i].low < best->low))
            best = &u.known[i];
    return best;
}

/* ---- what is not ---------------------------------------------------------*/

static void close_span(const struct span *s, int permissions)
{
    if (u.nclosed == CLOSED ||
        mprotect((void *)s->low, s->high - s->low, permissions) != 0)
        u.all = false;
    else
        u.closed[u.nclosed++] = *s;
}

/* What of s is not known. */
static void close_rest(struct span s, int permissions)
{
    while (s.low < s.high) {
        const struct span *known = known_above(s.low);
        struct span piece = s;

        if (known && known->low < s.high)
            piece.high = known->low;
        if (piece.low < piece.high)
            close_span(&piece, permissions);
        s.low = known && known->low < s.high ? known->high : s.high;
    }
}

static int permissions_of(const char *text)
{
    return (text[0] == 'r' ? PROT_READ : 0) |
           (text[1] == 'w' ? PROT_WRITE : 0) | (text[2] == 'x' ? PROT_EXEC : 0);
}

static bool begins_with(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

/* A line of the list. */
static void close_mapping(const char *line)
{
    struct span s = {.what = HN_UNKNOWN_MEMORY};
    unsigned long low, high, inode;
    char rights[8], name[16] = "";

    if (sscanf(line, "%lx-%lx %7s %*s %*s %lu %15s", &low, &high, rights,
               &inode, name) < 4) {
        u.all = false;
        return;
    }
    s.low = low;
    s.high = high;
    s.usual = permissions_of(rights);
    if (begins_with(name, "[vvar") || begins_with(name, "[vdso")) { /* U2 */
        s.what = HN_UNKNOWN_ANSWERS;
        close_span(&s, PROT_NONE);
    } else if (!(s.usual & PROT_READ) || begins_with(name, "[stack")) {
        return;
    } else if (rights[3] == 's' || inode) {
        close_rest(s, PROT_NONE);
    } else if (s.usual & PROT_WRITE) { /* U1 */
        close_rest(s, PROT_READ);
    }
}

bool hn_unknown_close(const struct hn_range *starter)
{
    FILE *f = fopen("/proc/self/maps", "re");
    char line[LINE];

    u.nclosed = 0;
    know_all(starter);
    if (!f)
        return false;
    while (fgets(line, sizeof(line), f))
        close_mapping(line);
    fclose(f);
    if (!u.all)
        hn_unknown_open();
    return u.all;
}

void hn_unknown_open(void)
{
    for (size_t i = 0; i < u.nclosed; i++)
        mprotect((void *)u.closed[i].low, u.closed[i].high - u.closed[i].low,
                 u.closed[i].usual);
    u.nclosed = 0;
}

enum hn_unknown_what hn_unknown_at(const void *address)
{
    for (size_t i = 0; i < u.nclosed; i++)
        if ((uintptr_t)address >= u.closed[i].low &&
            (uintptr_t)address < u.closed[i].high)
            return u.closed[i].what;
    return HN_UNKNOWN_NOT;
}
