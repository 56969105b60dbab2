/*
 * explore_outside_test.c - what is seen of what a program asks of others. The
 * memory that is closed is a page of the test's: all that is in no state would
 * be the test's own heap, too.
 */
#include "harness/explore/outside.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "harness/explore/unknown.h"
#include "runtime/sched/sanitize.h"

#if defined(__x86_64__) && !defined(RT_TSAN) && !defined(RT_ASAN)
enum {
    PAGE = 4096
};
static volatile char *page;
static bool refused;

/* In place of unknown.c's. */
bool hn_unknown_close(const struct hn_range *starter)
{
    (void)starter;
    return !refused && mprotect((void *)page, PAGE, PROT_NONE) == 0;
}

void hn_unknown_open(void)
{
    mprotect((void *)page, PAGE, PROT_READ | PROT_WRITE);
}

enum hn_unknown_what hn_unknown_at(const void *address)
{
    return (uintptr_t)address - (uintptr_t)page < PAGE ? HN_UNKNOWN_MEMORY
                                                       : HN_UNKNOWN_NOT;
}

static const struct hn_range nobody;

static void setup(void)
{
    page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
                -1, 0);
    cr_assert_neq(page, MAP_FAILED);
}
TestSuite(outside, .init = setup);

Test(outside, who_computes_asks_for_nothing)
{
    volatile int n = 0;

    cr_assert(hn_outside_begin(&nobody));
    for (int i = 0; i < 1000; i++)
        n += i;
    hn_outside_end();
    cr_assert_eq(n, 499500);
    cr_assert_eq(hn_outside_seen(), HN_OUTSIDE_NOTHING);
}

Test(outside, the_first_system_call_is_seen_and_each_is_done)
{
    long user, parent;

    cr_assert(hn_outside_begin(&nobody));
    user = syscall(SYS_getuid);
    parent = syscall(SYS_getppid);
    hn_outside_end();
    cr_assert_eq(hn_outside_seen(), SYS_getuid);
    cr_assert_eq(user, (long)getuid());
    cr_assert_eq(parent, (long)getppid());
}

Test(outside, the_processors_clock_is_seen_and_read)
{
    uint64_t now, later;

    cr_assert(hn_outside_begin(&nobody));
    now = __builtin_ia32_rdtsc();
    later = __builtin_ia32_rdtsc();
    hn_outside_end();
    cr_assert_eq(hn_outside_seen(), HN_OUTSIDE_CLOCK);
    cr_assert(now > 0 && later >= now);
}

Test(outside, memory_that_is_closed_is_seen_and_written)
{
    cr_assert(hn_outside_begin(&nobody));
    page[100] = 'x';
    hn_outside_end();
    cr_assert_eq(hn_outside_seen(), HN_OUTSIDE_MEMORY);
    cr_assert_eq(page[100], 'x');
}

Test(outside, behind_its_end_nothing_is_seen_and_all_is_open)
{
    cr_assert(hn_outside_begin(&nobody));
    hn_outside_end();
    page[1] = (char)getppid();
    (void)__builtin_ia32_rdtsc();
    cr_assert_eq(hn_outside_seen(), HN_OUTSIDE_NOTHING);
}

Test(outside, it_begins_anew)
{
    cr_assert(hn_outside_begin(&nobody));
    syscall(SYS_getuid);
    hn_outside_end();
    cr_assert(hn_outside_begin(&nobody));
    hn_outside_end();
    cr_assert_eq(hn_outside_seen(), HN_OUTSIDE_NOTHING);
}

Test(outside, what_can_not_be_closed_is_no_beginning)
{
    refused = true;
    cr_assert_not(hn_outside_begin(&nobody));
    syscall(SYS_getuid);
    cr_assert_eq(hn_outside_seen(), HN_OUTSIDE_NOTHING);
}

Test(outside, a_fault_of_the_programs_ends_it_as_ever, .signal = SIGSEGV)
{
    volatile char *bad = page;

    cr_assert(hn_outside_begin(&nobody));
    hn_outside_end();
    munmap((void *)page, PAGE);
    *bad = 1;
}
#endif
