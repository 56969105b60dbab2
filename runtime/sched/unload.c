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
 * Why not at the first call from it: who calls is known by the site alone, and
 * to ask whose that is costs more than the call.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <link.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <vigil/call.h>

enum {
    MANY = 128
};

struct users {
    const char *name[MANY];
    uint32_t n;
};

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

static int collect(struct dl_phdr_info *info, size_t size, void *arg)
{
    struct users *to = arg;

    (void)size;
    if (info->dlpi_name && *info->dlpi_name && to->n < MANY &&
        needs_vigil(info))
        to->name[to->n++] = info->dlpi_name;
    return 0;
}

GO_API int dlclose(void *handle)
{
    int (*next)(void *) = (int (*)(void *))dlsym(RTLD_NEXT, "dlclose");
    struct users users = {.n = 0};

    if (!next) /* in a static program: it stays, as any may */
        return 0;
    dl_iterate_phdr(collect, &users);
    for (uint32_t i = 0; i < users.n; i++) {
        void *again =
            dlopen(users.name[i], RTLD_LAZY | RTLD_NOLOAD | RTLD_NODELETE);

        if (again)
            next(again);
        else
            dlerror(); /* it is nobody's who asks later */
    }
    return next(handle);
}
