/* symbol_test.c - addresses of this very program to functions and lines. */
#include <criterion/criterion.h>
#include <dlfcn.h>
#include <string.h>
#include <sys/resource.h>

#include "runtime/monitor/symbol.h"

static const void *seen;

/* Two functions in one, and a return address in the inner one. */
static inline __attribute__((always_inline)) void inlined(void)
{
    __asm__ volatile("lea 1f(%%rip), %0\n1:" : "=r"(seen));
}

static __attribute__((noinline)) void outer(void)
{
    inlined();
    __asm__ volatile("" ::: "memory");
}

static __attribute__((noinline)) int plain(int n)
{
    return n * 3;
}

Test(symbol, function_file_line_and_module_of_an_address)
{
    struct mon_frame f[8];
    size_t n = mon_symbol_frames((const void *)&plain, false, f, 8);

    cr_assert_eq(n, 1);
    cr_assert_str_eq(f[0].func, "plain");
    cr_assert(strstr(f[0].file, "tests/symbol_test.c"));
    cr_assert_gt(f[0].line, 10);
    cr_assert(f[0].module && f[0].offset);
    cr_assert_eq(f[0].func_offset, 0);
}

Test(symbol, inlined_function_is_a_frame_of_its_own)
{
    struct mon_frame f[8];
    size_t n;

    outer();
    n = mon_symbol_frames(seen, true, f, 8);
    cr_assert_eq(n, 2);
    cr_assert_str_eq(f[0].func, "inlined");
    cr_assert(f[0].inlined && !f[1].inlined);
    cr_assert_str_eq(f[1].func, "outer");
    cr_assert(strstr(f[1].file, "tests/symbol_test.c"));
    cr_assert_gt(f[1].line, f[0].line);
}

Test(symbol, where_a_stack_has_no_room_for_it_there_is_an_offset)
{
    const struct rlimit limit = {128 << 10, RLIM_INFINITY};
    struct mon_frame f[8];

    cr_assert_eq(setrlimit(RLIMIT_STACK, &limit), 0);
    cr_assert_eq(mon_symbol_frames((const void *)&plain, false, f, 8), 1);
    cr_assert_null(f[0].file);
}

Test(symbol, second_answer_is_the_first)
{
    struct mon_frame a[8], b[8];

    mon_symbol_frames((const void *)&outer, false, a, 8);
    mon_symbol_frames((const void *)&outer, false, b, 8);
    cr_assert_eq(a[0].func, b[0].func);
    cr_assert_eq(mon_symbol_frames((const void *)&outer, false, b, 0), 0);
}

Test(symbol, library_without_debug_information_has_name_and_offset)
{
    struct mon_frame f[8];
    const void *at = dlsym(RTLD_DEFAULT, "getenv");

    cr_assert_gt(mon_symbol_frames(at, false, f, 8), 0);
    cr_assert(strstr(f[0].module, "libc"));
    cr_assert(f[0].func && strstr(f[0].func, "getenv"));
    cr_assert_gt(f[0].offset, 0);
}

Test(symbol, address_in_nothing_is_one_empty_frame)
{
    struct mon_frame f[8];

    cr_assert_eq(mon_symbol_frames((const void *)8, false, f, 8), 1);
    cr_assert(!f[0].func && !f[0].file && !f[0].module);
}

Test(symbol, bare_answer_has_the_same_offset)
{
    struct mon_frame f[8], bare;

    mon_symbol_frames((const void *)&outer, false, f, 8);
    mon_symbol_bare((const void *)&outer, &bare);
    cr_assert_eq(f[0].offset, bare.offset);
    cr_assert(strstr(bare.module, "symbol_test"));
    cr_assert(!bare.func && !bare.file);
}

Test(symbol, runtime_frames_are_known_by_file_library_or_name)
{
    struct mon_frame f = {.file = "/src/vigil/runtime/sched/sched.c"};

    cr_assert(mon_symbol_is_runtime(NULL, &f));
    f.file = "runtime/sync/chan.c";
    cr_assert(mon_symbol_is_runtime(NULL, &f));
    f.file = "/home/me/myruntime/sched/x.c";
    cr_assert(!mon_symbol_is_runtime(NULL, &f));
    f = (struct mon_frame){.module = "/usr/lib/libvigil.so.0"};
    cr_assert(mon_symbol_is_runtime(NULL, &f));
    f = (struct mon_frame){.func = "rt_switch", .module = "/bin/app"};
    cr_assert(mon_symbol_is_runtime(NULL, &f));
    f = (struct mon_frame){.func = "main", .module = "/bin/app"};
    cr_assert(!mon_symbol_is_runtime(NULL, &f));
}

static struct {
    long first, second;
} table[3];

Test(symbol, variable_of_an_address)
{
    static int local;
    char name[32];
    long on_stack = 0;

    cr_assert(mon_symbol_variable(table, name, sizeof(name)));
    cr_assert_str_eq(name, "table");
    cr_assert(mon_symbol_variable(&table[1].second, name, sizeof(name)));
    cr_assert_str_eq(name, "table+24");
    cr_assert(mon_symbol_variable(&local, name, sizeof(name)));
    cr_assert_str_eq(name, "local");
    cr_assert_not(mon_symbol_variable(&on_stack, name, sizeof(name)));
    cr_assert_not(
        mon_symbol_variable((const void *)&plain, name, sizeof(name)));
}
