/*
 * variables_test.c - where variables begin and end; and that who points into
 * one is told of as who points into a block of the heap.
 */
#define _GNU_SOURCE
#include "runtime/monitor/variables.h"

#include <dlfcn.h>
#include <link.h>
#include <stdlib.h>

#include "runtime/base/loader.h"
#include "runtime/sched/sanitize.h"
#include "tests/ran.h"
#if !defined(RT_ASAN) && !defined(RT_TSAN)
#include "runtime/heap/interpose.c"
#endif

/* ---- where they begin and end --------------------------------------------- */

struct pair {
    long one, other;
};
struct pair in_data = {1, 2}, in_bss;
static const struct pair constant = {1, 2};
static struct rt_arena arena;

/* What a compiler sees through. */
static void *beyond(const void *from, intptr_t bytes)
{
    volatile uintptr_t to = (uintptr_t)from + (uintptr_t)bytes;

    return (void *)to;
}
static struct mon_variables all;

static uint32_t at(const void *address)
{
    return mon_variables_at(&all, (uintptr_t)address);
}

static void list(const struct rt_span *skip, uint32_t n)
{
    rt_loader_open();
    cr_assert_eq(mon_variables_list(&all, skip, n, &arena), 0);
}

#define IS_ALL_OF(variable)                                                    \
    do {                                                                       \
        uint32_t is = at(&(variable));                                         \
        cr_assert_neq(is, GO_NOWHERE);                                         \
        cr_assert_eq(all.all[is].low, (uintptr_t) & (variable));               \
        cr_assert_eq(all.all[is].high, (uintptr_t)(&(variable) + 1));          \
    } while (0)

Test(variables, each_ends_where_its_symbol_says)
{
    static struct pair inside;
    static char odd[13];

    list(NULL, 0);
    IS_ALL_OF(in_data);
    IS_ALL_OF(in_bss);
    IS_ALL_OF(inside);
    IS_ALL_OF(odd);
    cr_assert_eq(at(&in_bss.other), at(&in_bss));
    cr_assert_eq(at(beyond(&in_bss, sizeof(in_bss) - 1)), at(&in_bss));
    cr_assert_neq(at(beyond(&in_bss, sizeof(in_bss))), at(&in_bss));
    cr_assert_neq(at(beyond(&in_bss, -1)), at(&in_bss));
}

Test(variables, what_is_none_is_in_none)
{
    struct pair on_the_stack = in_bss, *block = malloc(sizeof(*block));

    list(NULL, 0);
    cr_assert_eq(at(&on_the_stack), GO_NOWHERE);
    cr_assert_eq(at(block), GO_NOWHERE);
    cr_assert_eq(at(&constant), GO_NOWHERE);
    cr_assert_eq(at((void *)(uintptr_t)list), GO_NOWHERE);
    cr_assert_eq(at(NULL), GO_NOWHERE);
    cr_assert_eq(at((void *)UINTPTR_MAX), GO_NOWHERE);
    free(block);
}

Test(variables, what_is_skipped_is_none)
{
    const struct rt_span skip[] = {
        {(uintptr_t)&in_bss.other, (uintptr_t)(&in_bss + 1)}};

    list(skip, 1);
    cr_assert_eq(at(&in_bss), GO_NOWHERE);
    IS_ALL_OF(in_data);
}

/* Names of parts, and of what overlaps: the assembler's, or a union's. */
__asm__(".bss\n"
        ".balign 16\n"
        ".type vigil_test_outer, @object\n"
        ".size vigil_test_outer, 40\n"
        ".type vigil_test_inner, @object\n"
        ".size vigil_test_inner, 8\n"
        ".type vigil_test_end, @object\n"
        ".size vigil_test_end, 16\n"
        ".globl vigil_test_outer\n"
        "vigil_test_outer: .zero 16\n"
        "vigil_test_inner: .zero 16\n"
        "vigil_test_end: .zero 16\n"
        ".text\n");
extern char vigil_test_outer[48];

Test(variables, several_names_of_one_are_one)
{
    list(NULL, 0);
    IS_ALL_OF(vigil_test_outer);
    cr_assert_eq(at(vigil_test_outer + 17), at(vigil_test_outer));
    cr_assert_eq(at(vigil_test_outer + 47), at(vigil_test_outer));
}

/* ---- of libraries ----------------------------------------------------------- */

static char path[64];

static void copy(const char *from)
{
    static char bytes[1 << 16];
    FILE *in = fopen(from, "r"), *out;
    size_t n;

    snprintf(path, sizeof(path), "/tmp/vigil-variables-%d.so", (int)getpid());
    unlink(path); /* so that what is loaded keeps its file */
    out = fopen(path, "w");
    cr_assert(in && out, "%s to %s", from, path);
    while ((n = fread(bytes, 1, sizeof(bytes), in)) > 0)
        fwrite(bytes, 1, n, out);
    fclose(in);
    fclose(out);
}

static void change(long offset, char byte)
{
    FILE *file = fopen(path, "r+");

    fseek(file, offset, SEEK_SET);
    fputc(byte, file);
    fclose(file);
}

static const char *file_of(const void *address)
{
    Dl_info info;

    cr_assert(dladdr(address, &info));
    return info.dli_fname;
}

/* How many variables there are that a module knows by name. */
static uint32_t within(const struct link_map *m)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < all.n; i++) {
        Dl_info info;

        if (dladdr((void *)all.all[i].low, &info))
            n += (uintptr_t)info.dli_fbase == m->l_addr;
    }
    return n;
}

Test(variables, a_library_s_are_known_while_its_file_is_the_one_that_is_loaded)
{
    void *first = dlopen("libm.so.6", RTLD_NOW | RTLD_LOCAL);
    const char *library = file_of(dlsym(first, "signgam"));
    struct link_map *m;

    copy(library);
    m = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    cr_assert(m, "%s", dlerror());
    list(NULL, 0);
    cr_assert_gt(within(m), 0);
    copy(library);            /* another file from here on */
    change(EI_NIDENT - 1, 1); /* the last byte, that means nothing */
    list(NULL, 0);
    cr_assert_eq(within(m), 0);
    change(EI_NIDENT - 1, 0);
    list(NULL, 0);
    cr_assert_gt(within(m), 0);
    cr_assert_eq(truncate(path, 2 * sizeof(ElfW(Ehdr))), 0);
    list(NULL, 0);
    cr_assert_eq(within(m), 0);
    unlink(path);
}

/* ---- what is told of who points into one -------------------------------------- */

#if !defined(RT_ASAN) && !defined(RT_TSAN)

struct shop {
    long door;
    struct go_mutex mu;
    chan(bool) shut;
    long *next;
};

static void clerk(struct shop *s)
{
    go_mutex_lock(&s->mu);
    chan_close(s->shut);
}

static struct shop *volatile place; /* a global holds it, wherever it lies */

static void keeper(void)
{
    struct shop *s = place;

    s->shut = chan_make(bool, 0);
    go_mutex_lock(&s->mu);
    go(clerk, s);
    chan_recv(s->shut);
}

/* What is told of it when it lies there. */
static const char *told_at(struct shop *s, struct ran *ran)
{
    memset(s, 0, sizeof(*s));
    place = s;
    ran_run(ran, RAN_RUN(keeper));
    cr_assert_has(ran, "2 goroutines wait in a ring");
    cr_assert_has(ran, "can be sent on or closed by: goroutine 2 (stuck, below)"
                       ". A global holds it, which nobody alive can use. Nobody"
                       " else holds it.");
    return ran->text;
}

static struct shop shops[3], beside, own, after;

Test(variables, who_points_into_one_is_told_of_as_into_a_block)
{
    static struct ran block, ran;
    static struct shop inside;
    const char *as = told_at(malloc(sizeof(struct shop)), &block);

    cr_assert_str_eq(told_at(&own, &ran), as);
    cr_assert_str_eq(told_at(&inside, &ran), as);
    cr_assert_str_eq(told_at(&shops[0], &ran), as);
    cr_assert_str_eq(told_at(&shops[2], &ran), as);
}

static void waits_with(long *p)
{
    long *volatile mine = p;

    go_select();
    *mine = 1;
}

static void in_the_own_one(void)
{
    go(waits_with, place->next);
    chan_recv(own.shut);
}

static void tell(struct ran *ran, long *pointer)
{
    static struct shop handed;

    place = &handed;
    handed.next = pointer;
    own.shut = chan_make(bool, 0);
    ran_run(ran, RAN_RUN(in_the_own_one));
}

static const char by_him[] = "closed by: goroutine 2 (stuck, ";

Test(variables, who_points_beside_one_has_nothing_of_it)
{
    static struct ran ran;

    tell(&ran, &own.door);
    cr_assert_has(&ran, by_him);
    tell(&ran, beyond(&own, sizeof(own) - 1));
    cr_assert_has(&ran, by_him);
    tell(&ran, &beside.door);
    cr_assert_has_not(&ran, by_him);
    tell(&ran, &after.door);
    cr_assert_has_not(&ran, by_him);
    tell(&ran, beyond(&own, sizeof(own)));
    cr_assert_has_not(&ran, by_him);
    tell(&ran, beyond(&own, -1));
    cr_assert_has_not(&ran, by_him);
}

/* By another variable, by a block, and back from one. */
Test(variables, what_one_leads_to_is_told_too)
{
    static struct ran ran;
    static struct shop first;
    struct shop *block = calloc(1, sizeof(*block));

    first.next = &own.door;
    tell(&ran, &first.door);
    cr_assert_has(&ran, by_him);
    first.next = &block->door;
    block->next = &own.door;
    tell(&ran, &first.door);
    cr_assert_has(&ran, by_him);
    tell(&ran, &block->door);
    cr_assert_has(&ran, by_him);
    cr_assert_has_not(&ran, "maybe");
    free(block);
}

static void keeps_and_tells(void)
{
    volatile struct shop kept = {.shut = own.shut, .next = NULL};

    beside.next = (long *)&kept.door;
    go_select();
    kept.door = 1;
}

static void by_a_stack(void)
{
    own.shut = chan_make(bool, 0);
    go(waits_with, &beside.door);
    go(keeps_and_tells);
    go_yield();
    chan_recv(own.shut);
}

Test(variables, what_one_leads_to_by_a_stack_is_maybe)
{
    static struct ran ran;

    ran_run(&ran, RAN_RUN(by_a_stack));
    cr_assert_has(&ran, "by: goroutine 3 (stuck, ");
    cr_assert_has(&ran, "; maybe goroutine 2 (stuck, above). A global");
}

/* A table: each has his part of it. */
enum {
    FEW = 40,
    TABLE = 200
};
static struct shop table[TABLE], line[FEW];

static void customer(struct shop *s)
{
    s->door = chan_recv(s->shut);
}

static void open_shops(struct shop *s, int n)
{
    for (int i = 0; i < n; i++) {
        s[i].shut = chan_make(bool, 0);
        go(customer, &s[i]);
    }
    go_select();
}

static void open_few(void)
{
    open_shops(line, FEW);
}

static void open_table(void)
{
    open_shops(table, TABLE);
}

Test(variables, who_points_into_a_table_is_not_told_to_have_all_of_it)
{
    static struct ran ran;

    ran_run(&ran, RAN_RUN(open_few));
    cr_assert_has(&ran, "and 33 more");
    ran_run(&ran, RAN_RUN(open_table));
    cr_assert_has(&ran, "closed by: nobody. A global holds it, which nobody");
    cr_assert_has(&ran, "Nobody else holds it.");
}

#endif
