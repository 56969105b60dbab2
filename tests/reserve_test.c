/*
 * reserve_test.c - a map takes its share of addresses, and leaves the rest; a
 * core has what is open of it.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "runtime/base/reserve.h"
#include "tests/dumped.h"

#define MIB ((size_t)1 << 20)

/* So many bytes more may be mapped, from here on. */
static void limit(size_t more)
{
    FILE *f = fopen("/proc/self/statm", "re");
    unsigned long pages = 0;
    struct rlimit l;

    cr_assert(f && fscanf(f, "%lu", &pages) == 1);
    fclose(f);
    l.rlim_cur = l.rlim_max = pages * (size_t)sysconf(_SC_PAGESIZE) + more;
    cr_assert_eq(setrlimit(RLIMIT_AS, &l), 0);
}

Test(reserve, most_where_nothing_limits_it)
{
    cr_assert_eq(rt_reserve_size(64 * MIB, MIB, PROT_NONE), 64 * MIB);
}

/* V1. Whole MiB: the C library maps some, too. */
Test(reserve, a_quarter_of_what_there_is)
{
    size_t size;

    limit(403 * MIB);
    size = rt_reserve_size((size_t)1 << 40, MIB, PROT_READ | PROT_WRITE);
    cr_assert(size > 99 * MIB && size <= 101 * MIB, "%zu", size);
    cr_assert_eq(size % (64 << 10), 0);
}

Test(reserve, at_least_the_least)
{
    limit(40 * MIB);
    cr_assert_eq(rt_reserve_size((size_t)1 << 40, 50 * MIB, PROT_NONE),
                 50 * MIB);
}

Test(reserve, a_core_has_what_was_opened_and_no_more)
{
    char *p = rt_reserve(64 * MIB, PROT_NONE);

    cr_assert(p && !dumped(p));
    cr_assert(rt_reserve_open(p + 8 * MIB, MIB));
    p[8 * MIB] = p[9 * MIB - 1] = 1;
    cr_assert(dumped(p + 8 * MIB) && dumped(p + 9 * MIB - 1));
    cr_assert(!dumped(p + 8 * MIB - 1) && !dumped(p + 9 * MIB));
}
