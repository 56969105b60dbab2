/*
 * unload.c - libraries that use vigil stay loaded.
 *
 * In:  calls of dlclose, in the C library's place. Out: its own, when whatever
 * could be unloaded by it, and needs vigil, has been opened never to be.
 *
 * A library that goes away would take the places with it that reports tell (a
 * GO_SITE is a constant of the caller's), the code that goroutines stand in,
 * and the locks that they wait for. Its destructors are called at the end of the
 * process. One that finds vigil in the executable does not say that it needs it,
 * and is not kept.
 *
 * N1  Names lie in memory of the loader's, which another thread may give back as
 *     soon as its lock is released: each is copied under it.
 * N2  Who is kept never goes, so those before him in the loader's list are the
 *     same next time: users are told apart by their number. The first ones that
 *     are all kept are not asked for again.
 *
 * Why not at the first call from it: who calls is known by the site alone, and
 * to ask whose that is costs more than the call.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <link.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <vigil/call.h>

#include "runtime/base/cpu.h"

/* A user, by number: how many are still before it, and its name. */
struct user {
    uint32_t before;
    char *name;
};

static uint32_t kept; /* [atomic] N2: so many, from the first on */

static const ElfW(Dyn) * dynamic_of(const struct dl_phdr_info *info)
{
    for (int i = 0; i < info->dlpi_phnum; i++)
        if (info->dlpi_phdr[i].p_type == PT_DYNAMIC)
            return (const void *)(info->dlpi_addr + info->dlpi_phdr[i].p_vaddr);
    return NULL;
}

static bool needs_vigil(const struct dl_phdr_info *info)
{
    static const char vigil[] = "libvigil";
    const ElfW(Dyn) *dynamic = dynamic_of(info), *d;
    uintptr_t names = 0;

    for (d = dynamic; d && d->d_tag != DT_NULL; d++)
        if (d->d_tag == DT_STRTAB)
            names = d->d_un.d_ptr;
    if (names && names < info->dlpi_addr) /* some loaders leave it relative */
        names += info->dlpi_addr;
    for (d = dynamic; names && d->d_tag != DT_NULL; d++)
        if (d->d_tag == DT_NEEDED &&
            !strncmp((const char *)names + d->d_un.d_val, vigil,
                     sizeof(vigil) - 1))
            return true;
    return false;
}

static int find(struct dl_phdr_info *info, size_t size, void *arg)
{
    struct user *u = arg;

    (void)size;
    if (!info->dlpi_name || !*info->dlpi_name || !needs_vigil(info) ||
        u->before-- > 0)
        return 0;
    u->name = strdup(info->dlpi_name); /* N1 */
    return 1;
}

/* To be freed; NULL: there are not so many, or no memory. */
static char *user_name(uint32_t number)
{
    struct user u = {.before = number};

    dl_iterate_phdr(find, &u);
    return u.name;
}

/* next: the C library's dlclose. */
static void keep(uint32_t number, const char *name, int (*next)(void *))
{
    void *again = dlopen(name, RTLD_LAZY | RTLD_NOLOAD | RTLD_NODELETE);

    if (!again) {
        dlerror(); /* it is nobody's who asks later */
        return;
    }
    next(again);
    __atomic_compare_exchange_n(&kept, &number, number + 1, false,
                                __ATOMIC_RELAXED, __ATOMIC_RELAXED);
}

GO_API int dlclose(void *handle)
{
    int (*next)(void *) = (int (*)(void *))dlsym(RTLD_NEXT, "dlclose");
    char *name;

    if (!next) /* in a static program: it stays, as any may */
        return 0;
    for (uint32_t i = rt_load(kept); (name = user_name(i)); i++) {
        keep(i, name, next);
        free(name);
    }
    return next(handle);
}
