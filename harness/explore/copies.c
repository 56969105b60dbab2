/*
 * copies.c - memcpy, strlen and the like of instrumented programs.
 *
 * In:  calls of the executable. Out: accesses, as -fsanitize=thread tells the
 * others (go_control_access); then what the C library does.
 *
 * Method: gcc 12 and clang 14 leave these calls as they are, for their own
 * library stands in front of the C library's. Here the executable's table of
 * functions is changed instead, when executions begin: nobody else who copies
 * comes by, and no plain run.
 *
 * Y1  What is read is read when its turn comes, and written when that one's
 *     does: in pieces, for which there is room on a stack. So others may come
 *     between, as they may in fact.
 * Y2  Who is not instrumented comes by as well, and may order its own memory in
 *     ways that are not seen: so two copies never race, only a copy and an
 *     access that the program has told.
 * Y3  Of what is longer than LONG the rest is not told: each 8 bytes cost.
 * Y4  Of a text that is read no more is told than what has to be: to its end, or
 *     to where the answer is known. How far that is may be something else when
 *     its turn has come.
 */
#define _GNU_SOURCE
#include "harness/explore/copies.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <vigil/control.h>
#include <vigil/elsewhere.h>

#include "harness/explore/dynamic.h"

#if defined(__aarch64__)
#define R_CALL    R_AARCH64_JUMP_SLOT
#define R_ADDRESS R_AARCH64_GLOB_DAT
#else
#define R_CALL    R_X86_64_JUMP_SLOT
#define R_ADDRESS R_X86_64_GLOB_DAT
#endif

enum {
    PIECE = 256,
    LONG = 16 * PIECE
};

#define HERE __builtin_return_address(0)

/* ---- in their place ------------------------------------------------------*/

static void copy(char *to, const char *from, size_t n, const void *pc)
{
    size_t told = n < LONG ? n : LONG, at = 0, size;
    char piece[PIECE];

    for (; at < told; at += size) { /* Y1 */
        size = told - at < PIECE ? told - at : PIECE;
        go_control_access(from + at, size, false, pc);
        memcpy(piece, from + at, size);
        go_control_access(to + at, size, true, pc);
        memcpy(to + at, piece, size);
    }
    memcpy(to + at, from + at, n - at); /* Y3 */
}

static void *copy_memory(void *to, const void *from, size_t n)
{
    if (go_control_runs())
        copy(to, from, n, HERE);
    else
        memcpy(to, from, n);
    return to;
}

static void *copy_checked(void *to, const void *from, size_t n, size_t room)
{
    if (n <= room && go_control_runs())
        copy(to, from, n, HERE);
    else
        __builtin___memcpy_chk(to, from, n, room);
    return to;
}

/* Its two places may be one: only its own goroutine comes between. */
static void move(void *to, const void *from, size_t n, const void *pc)
{
    size_t told = n < LONG ? n : LONG;

    go_control_access(from, told, false, pc);
    go_control_access(to, told, true, pc);
    memmove(to, from, n);
}

static void *move_memory(void *to, const void *from, size_t n)
{
    if (go_control_runs())
        move(to, from, n, HERE);
    else
        memmove(to, from, n);
    return to;
}

static void *set_memory(void *to, int value, size_t n)
{
    if (go_control_runs())
        go_control_access(to, n < LONG ? n : LONG, true, HERE);
    return memset(to, value, n);
}

/* n: how long from is. Where it ends. */
static char *add_text(char *to, const char *from, size_t n, const void *pc)
{
    if (go_control_runs())
        copy(to, from, n + 1, pc);
    else
        memcpy(to, from, n + 1);
    return to + n;
}

static char *copy_text(char *to, const char *from)
{
    add_text(to, from, strlen(from), HERE);
    return to;
}

static char *copy_text_to_end(char *to, const char *from)
{
    return add_text(to, from, strlen(from), HERE);
}

static void look(const void *at, size_t n, const void *pc)
{
    if (go_control_runs())
        go_control_access(at, n < LONG ? n : LONG, false, pc);
}

/* Its own end is looked for. */
static char *end_of(char *text, const void *pc)
{
    look(text, strlen(text) + 1, pc);
    return text + strlen(text);
}

static char *append(char *to, const char *from)
{
    add_text(end_of(to, HERE), from, strlen(from), HERE);
    return to;
}

/* What is left is filled with zeros. */
static char *copy_text_within(char *to, const char *from, size_t most)
{
    size_t n = strnlen(from, most), ends = n < most;

    if (go_control_runs()) {
        copy(to, from, n + ends, HERE);
        go_control_access(to + n, most - n < LONG ? most - n : LONG, true,
                          HERE);
    } else {
        memcpy(to, from, n);
    }
    memset(to + n, 0, most - n);
    return to;
}

/* ---- what only reads: Y4 -------------------------------------------------*/

static size_t length_of(const char *text)
{
    look(text, strlen(text) + 1, HERE);
    return strlen(text);
}

static size_t length_within(const char *text, size_t most)
{
    size_t n = strnlen(text, most);

    look(text, n + (n < most), HERE);
    return strnlen(text, most);
}

static int compare(const void *a, const void *b, size_t n)
{
    look(a, n, HERE);
    look(b, n, HERE);
    return memcmp(a, b, n);
}

static void look_while_same(const char *a, const char *b, size_t most,
                            const void *pc)
{
    size_t n = 0;

    while (n < most && a[n] == b[n] && a[n])
        n++;
    look(a, n + (n < most), pc);
    look(b, n + (n < most), pc);
}

static int compare_texts(const char *a, const char *b)
{
    look_while_same(a, b, SIZE_MAX, HERE);
    return strcmp(a, b);
}

static int compare_within(const char *a, const char *b, size_t most)
{
    look_while_same(a, b, most, HERE);
    return strncmp(a, b, most);
}

static void *find(const void *in, int byte, size_t n)
{
    const char *at = memchr(in, byte, n);

    look(in, at ? (size_t)(at - (const char *)in) + 1 : n, HERE);
    return memchr(in, byte, n);
}

static char *find_in_text(const char *in, int byte)
{
    const char *at = strchr(in, byte);

    look(in, at ? (size_t)(at - in) + 1 : strlen(in) + 1, HERE);
    return strchr(in, byte);
}

static char *find_last(const char *in, int byte)
{
    look(in, strlen(in) + 1, HERE);
    return strrchr(in, byte);
}

/* ---- the executable's table ----------------------------------------------*/

static const struct {
    const char *name;
    void *with;
} places[] = {
    {"memcpy", (void *)copy_memory},
    {"__memcpy_chk", (void *)copy_checked},
    {"memmove", (void *)move_memory},
    {"memset", (void *)set_memory},
    {"strcpy", (void *)copy_text},
    {"stpcpy", (void *)copy_text_to_end},
    {"strncpy", (void *)copy_text_within},
    {"strcat", (void *)append},
    {"strlen", (void *)length_of},
    {"strnlen", (void *)length_within},
    {"memcmp", (void *)compare},
    {"bcmp", (void *)compare},
    {"strcmp", (void *)compare_texts},
    {"strncmp", (void *)compare_within},
    {"memchr", (void *)find},
    {"strchr", (void *)find_in_text},
    {"strrchr", (void *)find_last},
};

struct table {
    struct hn_dynamic in;
    uintptr_t low, high; /* constant after loading */
};

/* The first that is told is the executable; 1: that is enough. */
static int find_table(struct dl_phdr_info *info, size_t size, void *arg)
{
    uintptr_t ours = (uintptr_t)hn_copies_begin - info->dlpi_addr;
    struct table *t = arg;

    (void)size;
    t->in.base = info->dlpi_addr;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *p = &info->dlpi_phdr[i];

        if (p->p_type == PT_LOAD && ours - p->p_vaddr < p->p_memsz) {
            t->in.section = NULL; /* vigil is linked into it */
            return 1;
        }
        if (p->p_type == PT_DYNAMIC)
            t->in.section = (const void *)(t->in.base + p->p_vaddr);
        if (p->p_type == PT_GNU_RELRO) {
            t->low = t->in.base + p->p_vaddr;
            t->high = t->low + p->p_memsz;
        }
    }
    return 1;
}

/* What can not be written stays. */
static void put(const struct table *t, void **at, void *with)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *low = (char *)((uintptr_t)at & -page);
    bool constant = (uintptr_t)at >= t->low && (uintptr_t)at < t->high;

    if (*at == with ||
        (constant && mprotect(low, page, PROT_READ | PROT_WRITE) != 0))
        return;
    *at = with;
    if (constant)
        mprotect(low, page, PROT_READ);
}

static void replace(const struct table *t, const ElfW(Rela) * r, size_t n)
{
    const ElfW(Sym) *symbols = hn_dynamic_address(t->in, DT_SYMTAB);
    const char *names = hn_dynamic_address(t->in, DT_STRTAB);

    for (size_t i = 0; r && symbols && names && i < n; i++) {
        const char *name = names + symbols[ELF64_R_SYM(r[i].r_info)].st_name;

        if (ELF64_R_TYPE(r[i].r_info) != R_CALL &&
            ELF64_R_TYPE(r[i].r_info) != R_ADDRESS)
            continue;
        for (size_t j = 0; j < sizeof(places) / sizeof(places[0]); j++)
            if (strcmp(name, places[j].name) == 0)
                put(t, (void **)(t->in.base + r[i].r_offset), places[j].with);
    }
}

void hn_copies_begin(void)
{
    struct table t = {0};

    if (!go_control_instrumented())
        return;
    dl_iterate_phdr(find_table, &t);
    replace(&t, hn_dynamic_address(t.in, DT_JMPREL),
            hn_dynamic_value(t.in, DT_PLTRELSZ) / sizeof(ElfW(Rela)));
    replace(&t, hn_dynamic_address(t.in, DT_RELA),
            hn_dynamic_value(t.in, DT_RELASZ) / sizeof(ElfW(Rela)));
}
