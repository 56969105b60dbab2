/*
 * loaded.c - asks the loader what of the process is the program's.
 *
 * In:  program headers and dynamic sections, as they lie in memory. Out:
 * ranges, and names.
 *
 * Method: the executable is the first object. Its writable segments are its
 * variables, less three things. What lies below the end of RELRO is constant.
 * The table that its calls of libraries go by is filled in by the loader, at
 * the first call of each: to set that back would cost every execution all of
 * these searches again. And variables of libraries (stdout, environ) are
 * copied into executables by the linker; they change along with their library
 * or not at all.
 *
 * L1  Whose a library is: vigil's, the C library, and what these need, are the
 *     system's. All others the program brought. The names of the C library's
 *     parts are known, for not every one is needed by another.
 *
 * Why not the section headers, with their names: they are not in memory, and
 * a stripped file need not have them.
 */
#include "harness/explore/loaded.h"

#include <errno.h>
#include <gnu/libc-version.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <vigil/control.h>

#include "harness/explore/dynamic.h"

#if defined(__aarch64__)
#define R_COPY R_AARCH64_COPY
#else
#define R_COPY R_X86_64_COPY
#endif
enum {
    PLT_RESERVED = 3 /* words before the first function's */
};

/* ---- ranges --------------------------------------------------------------*/

void hn_range_cut(struct hn_range *ranges, size_t *n, const char *low,
                  size_t size)
{
    for (size_t i = 0; i < *n; i++) {
        struct hn_range *r = &ranges[i];
        char *end = r->low + r->size;
        const char *high = low + size;

        if (high <= r->low || low >= end)
            continue;
        if (low > r->low && high < end) {
            memmove(r + 2, r + 1, (*n - i - 1) * sizeof(*r));
            ++*n;
            r[1] = (struct hn_range){end - (end - high), (size_t)(end - high)};
            r->size = (size_t)(low - r->low);
        } else if (low > r->low) {
            r->size = (size_t)(low - r->low);
        } else {
            size_t gone = high < end ? (size_t)(high - r->low) : r->size;

            r->low += gone;
            r->size -= gone;
        }
    }
}

/* Takes out, and keeps the room for one more. */
static int take_out(struct hn_loaded *l, const char *low, size_t size)
{
    struct hn_range *more;

    hn_range_cut(l->variables, &l->n, low, size);
    more = realloc(l->variables, (l->n + 2) * sizeof(*more));
    if (!more)
        return -ENOMEM;
    l->variables = more;
    return 0;
}

/* ---- one object ----------------------------------------------------------*/

struct object {
    struct hn_dynamic in;
    const ElfW(Phdr) * phdr;
    size_t nphdr;
    const char *file;
    bool executable, system; /* L1 */
};

static const char *name_of(const struct object *o)
{
    const char *names = hn_dynamic_address(o->in, DT_STRTAB), *slash;
    uintptr_t soname = hn_dynamic_value(o->in, DT_SONAME);

    if (names && soname)
        return names + soname;
    slash = strrchr(o->file, '/');
    return slash ? slash + 1 : o->file;
}

static bool lies_in(const struct object *o, const void *address)
{
    uintptr_t at = (uintptr_t)address - o->in.base;

    for (size_t i = 0; i < o->nphdr; i++)
        if (o->phdr[i].p_type == PT_LOAD &&
            at - o->phdr[i].p_vaddr < o->phdr[i].p_memsz)
            return true;
    return false;
}

/* Bytes that it may write once it is loaded. */
static bool has_variables(const struct object *o)
{
    size_t writable = 0, constant = 0;

    for (size_t i = 0; i < o->nphdr; i++) {
        if (o->phdr[i].p_type == PT_LOAD && o->phdr[i].p_flags & PF_W)
            writable += o->phdr[i].p_memsz;
        if (o->phdr[i].p_type == PT_GNU_RELRO)
            constant += o->phdr[i].p_memsz;
    }
    return writable > constant;
}

/* ---- the executable ------------------------------------------------------*/

static int read_segments(struct hn_loaded *l, const struct object *o)
{
    char *low = NULL, *high = NULL;

    l->variables = calloc(o->nphdr + 1, sizeof(*l->variables));
    if (!l->variables)
        return -ENOMEM;
    for (size_t i = 0; i < o->nphdr; i++) {
        const ElfW(Phdr) *p = &o->phdr[i];
        char *at = (char *)(o->in.base + p->p_vaddr);

        if (p->p_type == PT_LOAD && p->p_flags & PF_W)
            l->variables[l->n++] = (struct hn_range){at, p->p_memsz};
        if (p->p_type == PT_LOAD && p->p_flags & PF_X) {
            low = low ? low : at;
            high = at + p->p_memsz;
        }
        if (p->p_type == PT_TLS && p->p_memsz) {
            l->tls = at;
            l->tls_filled = p->p_filesz;
            l->tls_size = p->p_memsz;
        }
    }
    l->code = (struct hn_range){low, (size_t)(high - low)};
    return 0;
}

/* What libraries have there. */
static int leave_out_copies(struct hn_loaded *l, const struct object *o)
{
    const ElfW(Rela) *r = hn_dynamic_address(o->in, DT_RELA);
    const ElfW(Sym) *symbols = hn_dynamic_address(o->in, DT_SYMTAB);
    size_t n =
        r && symbols ? hn_dynamic_value(o->in, DT_RELASZ) / sizeof(*r) : 0;
    int err = 0;

    for (size_t i = 0; i < n && !err; i++)
        if (ELF64_R_TYPE(r[i].r_info) == R_COPY)
            err = take_out(l, (const char *)(o->in.base + r[i].r_offset),
                           symbols[ELF64_R_SYM(r[i].r_info)].st_size);
    return err;
}

static int leave_out(struct hn_loaded *l, const struct object *o)
{
    const char *plt = hn_dynamic_address(o->in, DT_PLTGOT);
    size_t calls = hn_dynamic_value(o->in, DT_PLTRELSZ) / sizeof(ElfW(Rela));
    int err = 0;

    for (size_t i = 0; i < o->nphdr && !err; i++)
        if (o->phdr[i].p_type == PT_GNU_RELRO)
            err = take_out(l, (const char *)(o->in.base + o->phdr[i].p_vaddr),
                           o->phdr[i].p_memsz);
    if (!err && plt)
        err = take_out(l, plt, (calls + PLT_RESERVED) * sizeof(void *));
    return err ? err : leave_out_copies(l, o);
}

static const char *mixed(const struct object *executable)
{
    static const char ours;

    if (lies_in(executable, &ours) ||
        lies_in(executable, (const void *)(uintptr_t)go_control_next))
        return "vigil is linked into the executable";
    if (lies_in(executable, (const void *)(uintptr_t)malloc))
        return "malloc is the executable's own";
    return NULL;
}

/* ---- libraries -----------------------------------------------------------*/

struct objects {
    struct object *all;
    size_t n;
    int err;
};

static bool begins_with(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

bool hn_loaded_is_known(const char *name)
{
    static const char *const names[] = {
        "libvigil",    "libc.so",    "ld-linux",      "libpthread.so",
        "libm.so",     "libdl.so",   "librt.so",      "libutil.so",
        "libgcc_s.so", "linux-vdso", "linux-gate.so", "libresolv.so"};

    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        if (begins_with(name, names[i]))
            return true;
    return false;
}

/* L1. */
static bool is_known(const struct object *o)
{
    return hn_loaded_is_known(name_of(o)) ||
           lies_in(o, (const void *)(uintptr_t)gnu_get_libc_version);
}

/* Whether anything that this one needs was not known before. */
static bool spread(struct objects *os, const struct object *o)
{
    const char *names = hn_dynamic_address(o->in, DT_STRTAB);
    bool any = false;

    for (const ElfW(Dyn) *d = o->in.section; d && d->d_tag != DT_NULL; d++) {
        for (size_t i = 0; d->d_tag == DT_NEEDED && names && i < os->n; i++) {
            struct object *to = &os->all[i];

            if (!to->system && !to->executable &&
                strcmp(name_of(to), names + d->d_un.d_val) == 0)
                any = to->system = true;
        }
    }
    return any;
}

static void sort_out(struct objects *os)
{
    bool any = true;

    for (size_t i = 0; i < os->n; i++)
        os->all[i].system = !os->all[i].executable && is_known(&os->all[i]);
    while (any) {
        any = false;
        for (size_t i = 0; i < os->n; i++)
            any |= os->all[i].system && spread(os, &os->all[i]);
    }
}

static int collect(struct dl_phdr_info *info, size_t size, void *arg)
{
    struct objects *os = arg;
    struct object *more = realloc(os->all, (os->n + 1) * sizeof(*more)), *o;

    (void)size;
    if (!more) {
        os->err = -ENOMEM;
        return 1;
    }
    os->all = more;
    o = &more[os->n];
    *o = (struct object){.in.base = info->dlpi_addr,
                         .phdr = info->dlpi_phdr,
                         .nphdr = info->dlpi_phnum,
                         .file = info->dlpi_name ? info->dlpi_name : "",
                         .executable = os->n == 0};
    for (size_t i = 0; i < o->nphdr; i++)
        if (o->phdr[i].p_type == PT_DYNAMIC)
            o->in.section = (const void *)(o->in.base + o->phdr[i].p_vaddr);
    os->n++;
    return 0;
}

static bool is_of_a_language(const char *name)
{
    return begins_with(name, "libstdc++.so") ||
           begins_with(name, "libc++.so") || begins_with(name, "libc++abi.so");
}

static void name_library(struct hn_loaded *l, const struct objects *os)
{
    for (size_t i = 0; i < os->n && !l->brings; i++)
        if (!os->all[i].executable && !os->all[i].system &&
            has_variables(&os->all[i])) {
            l->brings = !is_of_a_language(name_of(&os->all[i]));
            snprintf(l->library, sizeof(l->library), "%s",
                     name_of(&os->all[i]));
        }
}

int hn_loaded_read(struct hn_loaded *l)
{
    struct objects os = {NULL, 0, 0};
    int err;

    memset(l, 0, sizeof(*l));
    dl_iterate_phdr(collect, &os);
    err = os.err ? os.err : read_segments(l, &os.all[0]);
    if (!err)
        err = leave_out(l, &os.all[0]);
    if (!err) {
        l->mixed = mixed(&os.all[0]);
        sort_out(&os);
        name_library(l, &os);
    }
    free(os.all);
    if (err)
        hn_loaded_free(l);
    return err;
}

void hn_loaded_free(struct hn_loaded *l)
{
    free(l->variables);
    memset(l, 0, sizeof(*l));
}

const char *hn_loaded_name(const char *file)
{
    const char *slash = strrchr(file, '/');

    return slash ? slash + 1 : file;
}

bool hn_loaded_is_ours(const char *file)
{
    return begins_with(hn_loaded_name(file), "libvigil");
}

/* The first object is the executable. */
static int find_tls(struct dl_phdr_info *info, size_t size, void *arg)
{
    char **tls = arg;

    (void)size;
    *tls = info->dlpi_tls_data;
    return 1;
}

char *hn_loaded_tls(void)
{
    char *tls = NULL;

    dl_iterate_phdr(find_tls, &tls);
    return tls;
}
