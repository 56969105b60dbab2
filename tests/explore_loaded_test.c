/* explore_loaded_test.c - ranges, less what is not the program's. */
#include "harness/explore/loaded.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <vigil/control.h>

static char memory[100];

/* What is left of [10, 20), [30, 60) and [60, 80), as text. */
static const char *cut(size_t low, size_t high)
{
    static char text[100];
    struct hn_range r[4] = {
        {memory + 10, 10}, {memory + 30, 30}, {memory + 60, 20}};
    size_t n = 3, at = 0;

    hn_range_cut(r, &n, memory + low, high - low);
    text[0] = 0;
    for (size_t i = 0; i < n; i++)
        if (r[i].size)
            at += (size_t)snprintf(text + at, sizeof(text) - at, "%d-%d ",
                                   (int)(r[i].low - memory),
                                   (int)(r[i].low + r[i].size - memory));
    return text;
}

Test(explore_loaded, what_is_cut_out_is_gone_and_nothing_else)
{
    cr_assert_str_eq(cut(0, 10), "10-20 30-60 60-80 ");
    cr_assert_str_eq(cut(20, 30), "10-20 30-60 60-80 ");
    cr_assert_str_eq(cut(80, 90), "10-20 30-60 60-80 ");
    cr_assert_str_eq(cut(0, 15), "15-20 30-60 60-80 ");
    cr_assert_str_eq(cut(15, 25), "10-15 30-60 60-80 ");
    cr_assert_str_eq(cut(10, 20), "30-60 60-80 ");
    cr_assert_str_eq(cut(35, 40), "10-20 30-35 40-60 60-80 ");
    cr_assert_str_eq(cut(12, 13), "10-12 13-20 30-60 60-80 ");
    cr_assert_str_eq(cut(70, 75), "10-20 30-60 60-70 75-80 ");
    cr_assert_str_eq(cut(15, 65), "10-15 65-80 ");
    cr_assert_str_eq(cut(0, 100), "");
}

static int filled = 1, zero;
static const char *const constant = "never written";
static __thread int own = 5;

static bool has(const struct hn_loaded *l, const void *p)
{
    for (size_t i = 0; i < l->n; i++)
        if ((const char *)p >= l->variables[i].low &&
            (const char *)p < l->variables[i].low + l->variables[i].size)
            return true;
    return false;
}

Test(explore_loaded, variables_are_found_and_constants_are_not)
{
    struct hn_loaded l;

    filled += zero;
    cr_assert_eq(hn_loaded_read(&l), 0);
    cr_assert(has(&l, &filled));
    cr_assert(has(&l, &zero));
    cr_assert_not(has(&l, &constant));
    cr_assert_not(has(&l, &stdout), "the C library's, whatever it is linked");
    cr_assert_not(has(&l, &own));
    hn_loaded_free(&l);
}

Test(explore_loaded, code_and_thread_locals_are_found)
{
    struct hn_loaded l;
    char *tls = hn_loaded_tls(), *at = (char *)&own;

    cr_assert_eq(hn_loaded_read(&l), 0);
    cr_assert((uintptr_t)has - (uintptr_t)l.code.low < l.code.size);
    cr_assert(at >= tls && at < tls + l.tls_size);
    cr_assert_lt((size_t)(at - tls), l.tls_filled);
    own = 6;
    cr_assert_eq(*(const int *)(const void *)(l.tls + (at - tls)), 5);
    hn_loaded_free(&l);
}

Test(explore_loaded, a_test_has_vigil_inside)
{
    struct hn_loaded l;

    cr_assert_eq(hn_loaded_read(&l), 0);
    cr_assert_not_null(l.mixed);
    hn_loaded_free(&l);
}
