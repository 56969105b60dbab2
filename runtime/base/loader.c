/*
 * loader.c - who holds the lock of the dynamic loader.
 *
 * Method: no header tells where it is. But dl_iterate_phdr holds it while it
 * calls us, and it is a recursive mutex of the C library's in the variables of
 * the loader: so these are searched for one that this thread has in such a
 * call, and has not after it. Where there is none (a static program, another C
 * library), nobody is known to have it.
 */
#define _GNU_SOURCE
#include "runtime/base/loader.h"

#include <link.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/auxv.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "runtime/base/cpu.h"

enum {
    RECURSIVE = 1, /* its kind, as it lies in memory */
    CANDIDATES = 4
};

/* The first words of a pthread_mutex_t, on machines of 64 bits. */
struct mutex {
    uint32_t lock, count;
    int owner;
    uint32_t users;
    int kind;
};

static struct mutex *mutex; /* [atomic] NULL: not found */

struct search {
    struct mutex *found[CANDIDATES];
    unsigned n;
    int tid;
};

static bool is_held(const struct mutex *m, int tid)
{
    return rt_load(m->owner) == tid && rt_load(m->lock) != 0 &&
           rt_load(m->count) == 1 && rt_load(m->users) == 1 &&
           rt_load(m->kind) == RECURSIVE;
}

static void search_in(struct search *s, uintptr_t low, uintptr_t high)
{
    low = (low + 7) & ~(uintptr_t)7;
    for (; low + sizeof(pthread_mutex_t) <= high; low += 8) {
        struct mutex *m = (struct mutex *)low;

        if (s->n < CANDIDATES && is_held(m, s->tid))
            s->found[s->n++] = m;
    }
}

static int look_at(struct dl_phdr_info *info, size_t size, void *arg)
{
    (void)size;
    if (!info->dlpi_addr || info->dlpi_addr != getauxval(AT_BASE))
        return 0;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *ph = &info->dlpi_phdr[i];
        uintptr_t low = info->dlpi_addr + ph->p_vaddr;

        if (ph->p_type == PT_LOAD && (ph->p_flags & PF_W))
            search_in(arg, low, low + ph->p_memsz);
    }
    return 1;
}

void rt_loader_open(void)
{
    struct search s = {.tid = (int)syscall(SYS_gettid)};

    dl_iterate_phdr(look_at, &s);
    for (unsigned i = 0; i < s.n; i++)
        if (rt_load(s.found[i]->owner) != s.tid)
            rt_store(mutex, s.found[i]);
}

int rt_loader_owner(void)
{
    const struct mutex *m = rt_load(mutex);

    return m ? rt_load(m->owner) : 0;
}
