/* regions_test.c - what memory is visited, and what is left alone. */
#define _GNU_SOURCE
#include "runtime/monitor/regions.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/owned.h"

#define MAGIC 0x5eaf00d5eaf00d11u

struct seen {
    uintptr_t at[16]; /* where the magic word was met */
    uint32_t n;
    size_t words;
};

static void look(void *arg, const uintptr_t *words, size_t n, uintptr_t address)
{
    struct seen *s = arg;

    s->words += n;
    for (size_t i = 0; i < n; i++)
        if (words[i] == MAGIC + 1 && s->n < 16)
            s->at[s->n++] = address + i * sizeof(*words);
}

/* Not itself a place where the magic word stands. */
static void put(volatile uintptr_t *at)
{
    *at = MAGIC;
    *at += 1;
}

static struct seen visit(const struct rt_span *skip, uint32_t nskip,
                         struct mon_regions *r)
{
    struct rt_arena arena = {0};
    struct seen s = {.n = 0};

    cr_assert_eq(mon_regions_open(r, skip, nskip, &arena), 0);
    mon_regions_visit(r, look, &s);
    mon_regions_close(r);
    rt_arena_free(&arena);
    return s;
}

static bool met(const struct seen *s, const volatile void *at)
{
    for (uint32_t i = 0; i < s->n; i++)
        if (s->at[i] == (uintptr_t)at)
            return true;
    return false;
}

static uintptr_t in_bss, in_data = 7;
static _Thread_local uintptr_t in_tls;

Test(regions, globals_heap_stack_and_thread_local_words_are_visited)
{
    uintptr_t on_stack, *on_heap = malloc(sizeof(*on_heap));
    struct mon_regions r;
    struct seen s;

    put(&in_bss);
    put(&in_data);
    put(&in_tls);
    put(&on_stack);
    put(on_heap);
    s = visit(NULL, 0, &r);
    cr_assert(r.whole, "%s", r.why);
    cr_assert(met(&s, &in_bss) && met(&s, &in_data) && met(&s, &in_tls));
    cr_assert(met(&s, &on_stack) && met(&s, on_heap));
    put(&in_bss); /* still alive: not optimised away */
}

Test(regions, what_is_skipped_is_not_visited)
{
    uintptr_t *page = mmap(NULL, 3 * 4096, PROT_READ | PROT_WRITE,
                           MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    struct rt_span skip = {(uintptr_t)page + 4096 + 64,
                           (uintptr_t)page + 8192 + 16};
    struct mon_regions r;
    struct seen s;

    put(page);
    put(page + (4096 + 56) / 8);
    put(page + (4096 + 64) / 8);
    put(page + (8192 + 8) / 8);
    put(page + (8192 + 16) / 8);
    s = visit(&skip, 1, &r);
    cr_assert(met(&s, page) && met(&s, page + (4096 + 56) / 8));
    cr_assert(!met(&s, page + (4096 + 64) / 8));
    cr_assert(!met(&s, page + (8192 + 8) / 8));
    cr_assert(met(&s, page + (8192 + 16) / 8));
}

/* The first list that is made here takes a new chunk. */
static void fill(struct rt_arena *arena)
{
    cr_assert(rt_arena_alloc(arena, (1 << 20) + 4096 - 64));
}

Test(regions, the_list_itself_is_in_no_region)
{
    struct rt_arena arena = {0};
    struct rt_span skip[64];
    struct mon_regions r;
    uint32_t n;

    fill(&arena);
    n = rt_own_list(skip, 64);
    cr_assert(n <= 64);
    cr_assert_eq(mon_regions_open(&r, skip, n, &arena), 0);
    for (uint32_t i = 0; i < r.n; i++) {
        uintptr_t list = (uintptr_t)r.list;

        cr_assert(list < r.list[i].low || list >= r.list[i].high);
        cr_assert(!owned((const void *)r.list[i].low));
    }
    mon_regions_close(&r);
    rt_arena_free(&arena);
}

Test(regions, a_reservation_costs_nothing)
{
    size_t size = (size_t)1 << 36; /* read whole it would take a minute */
    char *base = mmap(NULL, size, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    struct mon_regions r;
    struct seen s;

    cr_assert(base != MAP_FAILED);
    put((uintptr_t *)(base + size / 2));
    s = visit(NULL, 0, &r);
    if (r.pages.no_scan)
        return; /* an old kernel: told as not scanned */
    cr_assert(r.whole, "%s", r.why);
    cr_assert(met(&s, base + size / 2));
    cr_assert(s.words < ((size_t)1 << 30) / 8);
}

/* Nobody but the program itself may read it, nor say what of it is there. */
Test(regions, secret_memory_is_told)
{
    int fd = (int)syscall(SYS_memfd_secret, 0);
    struct mon_regions r;

    if (fd < 0)
        return; /* a kernel without */
    cr_assert_eq(ftruncate(fd, 4096), 0);
    put(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
    visit(NULL, 0, &r);
    cr_assert(!r.whole);
}

Test(regions, populated_but_unreadable_memory_is_told)
{
    uintptr_t *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
                           MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    struct mon_regions r;

    put(page);
    mprotect(page, 4096, PROT_NONE);
    visit(NULL, 0, &r);
    cr_assert(!r.whole);
    cr_assert(strstr(r.why, "not scanned"), "%s", r.why);
}

Test(regions, guard_pages_and_file_ends_are_survived)
{
    char *map = mmap(NULL, 4 * 4096, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    int fd = memfd_create("short", 0);
    uintptr_t *file;
    struct mon_regions r;
    struct seen s;

    madvise(map + 4096, 4096, 102); /* MADV_GUARD_INSTALL */
    put((uintptr_t *)map);
    put((uintptr_t *)(map + 2 * 4096));
    cr_assert_eq(ftruncate(fd, 4096), 0);
    file = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    put(file);
    s = visit(NULL, 0, &r);
    cr_assert(r.whole, "%s", r.why);
    cr_assert(met(&s, map) && met(&s, map + 2 * 4096) && met(&s, file));
}

Test(regions, the_page_map_alone_will_do)
{
    uintptr_t *page = mmap(NULL, 4 << 20, PROT_READ | PROT_WRITE,
                           MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    struct rt_arena arena = {0};
    struct seen s = {.n = 0};
    struct mon_regions r;

    put(page + (2 << 20) / 8);
    cr_assert_eq(mon_regions_open(&r, NULL, 0, &arena), 0);
    r.pages.no_scan = true; /* as on an older kernel, in a jail */
    close(r.mem);
    r.mem = -1;
    mon_regions_visit(&r, look, &s);
    cr_assert(met(&s, page + (2 << 20) / 8));
    mon_regions_close(&r);
    rt_arena_free(&arena);
}
