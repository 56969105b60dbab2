/*
 * variables.c - where the program's variables begin and end.
 *
 * In:  the symbol tables of the files that the program was loaded from. Out:
 * spans, for the marker.
 *
 * Method: the loader's list of modules is walked, and of each the file is read:
 * the full table of symbols, or if it was stripped that of the dynamic ones.
 * Symbols that overlap are one variable under several names.
 *
 * V1  A file that is not the one in memory would give wrong ends: it is another
 *     if it begins otherwise, with its headers and, mostly, its build's number.
 * V2  A file may be anything, and be written at this moment: it is read and not
 *     mapped, and an offset in it that is wrong fails to be read.
 * V3  The list is whole while nobody holds the loader's lock. If somebody does,
 *     only the program itself, which is not asked of the list, is known.
 *
 * Why not libdwfl, as for names: it calls malloc, and shapes are made from who
 * knows what, while all stand still. Why not dl_iterate_phdr: it takes the lock.
 *
 * Not here: thread-local variables, of which each thread has its own, and what
 * is on stacks: their symbols tell no address.
 */
#define _GNU_SOURCE
#include "runtime/monitor/variables.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdbool.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>
#include <vigil/inspect.h>

#include "runtime/base/loader.h"
#include "runtime/base/peek.h"
#include "runtime/base/throw.h"

enum {
    HEADERS = 64,  /* of segments, at most */
    BEGIN = 1024,  /* bytes by which a file is known again */
    PIECE = 128,   /* symbols read at a time */
    MOST = 1 << 20 /* sections, at most */
};

/* What is on the way to be listed. */
struct listing {
    struct mon_variables *v;
    size_t cap;
    const struct rt_span *skip;
    uint32_t nskip;
    struct rt_arena *arena;
    bool failed; /* no memory */
};

/* A module's file. */
struct module {
    int fd;
    ElfW(Ehdr) head;
    uintptr_t begin; /* of the file, in memory */
    uintptr_t bias;  /* its own addresses are less by that */
    ElfW(Shdr) * sections;
};

static bool read_at(const struct module *m, void *to, size_t n, uint64_t at)
{
    return at <= INT64_MAX && pread(m->fd, to, n, (off_t)at) == (ssize_t)n;
}

/* V1 */
static bool begins_alike(const struct module *m, size_t n)
{
    char file[BEGIN], memory[BEGIN];

    return read_at(m, file, n, 0) &&
           rt_peek(memory, (const void *)m->begin, n) &&
           memcmp(file, memory, n) == 0;
}

/* Where the file begins in memory is known, or its bias: of the other, what its
   first segment tells. */
static bool segments_read(struct module *m)
{
    ElfW(Phdr) all[HEADERS];
    size_t n = m->head.e_phnum;

    if (n > HEADERS || m->head.e_phentsize != sizeof(*all) ||
        !read_at(m, all, n * sizeof(*all), m->head.e_phoff))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (all[i].p_type != PT_LOAD || all[i].p_offset)
            continue;
        if (m->begin)
            m->bias = m->begin - all[i].p_vaddr;
        else
            m->begin = m->bias + all[i].p_vaddr;
        return begins_alike(m,
                            all[i].p_filesz < BEGIN ? all[i].p_filesz : BEGIN);
    }
    return false;
}

static bool sections_read(struct listing *l, struct module *m)
{
    size_t n = m->head.e_shnum;

    if (!n || n > MOST || m->head.e_shentsize != sizeof(*m->sections))
        return false;
    m->sections = rt_arena_alloc(l->arena, n * sizeof(*m->sections));
    l->failed |= !m->sections;
    return m->sections &&
           read_at(m, m->sections, n * sizeof(*m->sections), m->head.e_shoff);
}

static const ElfW(Shdr) * section_of_type(const struct module *m, uint32_t type)
{
    for (size_t i = 0; i < m->head.e_shnum; i++)
        if (m->sections[i].sh_type == type &&
            m->sections[i].sh_entsize == sizeof(ElfW(Sym)))
            return &m->sections[i];
    return NULL;
}

static bool is_skipped(const struct listing *l, const struct rt_span *s)
{
    uint32_t low = 0, high = l->nskip;

    while (low < high) {
        uint32_t mid = low + (high - low) / 2;

        if (l->skip[mid].high <= s->low)
            low = mid + 1;
        else
            high = mid;
    }
    return low < l->nskip && l->skip[low].low < s->high;
}

/* A constant holds no handle that was made since. */
static bool is_variable(const struct module *m, const ElfW(Sym) * s)
{
    return ELF64_ST_TYPE(s->st_info) == STT_OBJECT && s->st_size > 0 &&
           s->st_shndx != SHN_UNDEF && s->st_shndx < m->head.e_shnum &&
           m->sections[s->st_shndx].sh_flags & SHF_WRITE;
}

static void symbol_take(struct listing *l, const struct module *m,
                        const ElfW(Sym) * s)
{
    struct mon_variables *v = l->v;
    struct rt_span span = {m->bias + s->st_value,
                           m->bias + s->st_value + s->st_size};

    if (!is_variable(m, s) || span.high <= span.low || is_skipped(l, &span))
        return;
    if (rt_arena_grow(l->arena, &v->all, v->n, &l->cap, sizeof(*v->all)))
        v->all[v->n++] = span;
    else
        l->failed = true;
}

static void symbols_take(struct listing *l, const struct module *m,
                         const ElfW(Shdr) * table)
{
    ElfW(Sym) piece[PIECE];
    uint64_t n = table->sh_size / sizeof(*piece);

    for (uint64_t at = 0; at < n && !l->failed; at += PIECE) {
        size_t some = n - at < PIECE ? (size_t)(n - at) : PIECE;

        if (!read_at(m, piece, some * sizeof(*piece),
                     table->sh_offset + at * sizeof(*piece)))
            return; /* V2 */
        for (size_t i = 0; i < some; i++)
            symbol_take(l, m, &piece[i]);
    }
}

static void module_read(struct listing *l, struct module *m)
{
    const ElfW(Shdr) * table;

    if (!read_at(m, &m->head, sizeof(m->head), 0) ||
        memcmp(m->head.e_ident, ELFMAG, SELFMAG) != 0 || !segments_read(m) ||
        !sections_read(l, m))
        return;
    table = section_of_type(m, SHT_SYMTAB);
    if (!table)
        table = section_of_type(m, SHT_DYNSYM);
    if (table)
        symbols_take(l, m, table);
}

static void module_take(struct listing *l, const char *path, struct module m)
{
    m.fd = open(path, O_RDONLY | O_CLOEXEC);
    if (m.fd < 0)
        return;
    module_read(l, &m);
    close(m.fd);
}

/* Its headers of segments stand behind the file's own, which is its begin. */
static void program_take(struct listing *l)
{
    uintptr_t headers = getauxval(AT_PHDR);

    if (headers)
        module_take(l, "/proc/thread-self/exe",
                    (struct module){.begin = headers - sizeof(ElfW(Ehdr))});
}

/* V3. The program has no name there, and what has no file no path. */
static void libraries_take(struct listing *l)
{
    if (rt_loader_owner())
        return;
    for (const struct link_map *m = _r_debug.r_map; m; m = m->l_next)
        if (m->l_name[0] == '/')
            module_take(l, m->l_name, (struct module){.bias = m->l_addr});
}

static void join(struct mon_variables *v)
{
    uint32_t n = 0;

    rt_spans_sort(v->all, v->n);
    for (uint32_t i = 0; i < v->n; i++)
        if (!n || v->all[n - 1].high <= v->all[i].low)
            v->all[n++] = v->all[i];
        else if (v->all[n - 1].high < v->all[i].high)
            v->all[n - 1].high = v->all[i].high;
    v->n = n;
    if (n) {
        v->low = v->all[0].low;
        v->size = v->all[n - 1].high - v->low;
    }
}

int mon_variables_list(struct mon_variables *v, const struct rt_span *skip,
                       uint32_t nskip, struct rt_arena *arena)
{
    struct listing l = {.v = v, .skip = skip, .nskip = nskip, .arena = arena};

    memset(v, 0, sizeof(*v));
    program_take(&l);
    libraries_take(&l);
    join(v);
    return l.failed ? -ENOMEM : 0;
}

uint32_t mon_variables_at(const struct mon_variables *v, uintptr_t address)
{
    uint32_t low = 0, high = v->n;

    while (low < high) {
        uint32_t mid = low + (high - low) / 2;

        if (v->all[mid].high <= address)
            low = mid + 1;
        else
            high = mid;
    }
    return low < v->n && v->all[low].low <= address ? low : GO_NOWHERE;
}
