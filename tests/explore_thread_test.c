/* explore_thread_test.c - what a thread has of its own. */
#include "harness/explore/thread.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "runtime/sched/sanitize.h"

#if !defined(RT_TSAN) && !defined(RT_ASAN)
struct sought {
    const char *at;
    bool found;
    uint64_t sum;
};

static void seek(void *arg, const void *low, size_t size)
{
    struct sought *s = arg;
    const unsigned char *bytes = low;

    s->found |= (uintptr_t)s->at - (uintptr_t)low < size;
    for (size_t i = 0; i < size; i++)
        s->sum = s->sum * 31 + bytes[i];
}

Test(thread, its_errno_is_in_its_range)
{
    struct hn_range r = hn_thread_range();

    cr_assert_gt(r.size, 0);
    cr_assert_lt((uintptr_t)&errno - (uintptr_t)r.low, r.size);
}

Test(thread, its_errno_is_told_and_counts)
{
    struct sought one = {.at = (char *)&errno}, other = one;

    errno = 1;
    cr_assert(hn_thread_memory(seek, &one));
    errno = 2;
    cr_assert(hn_thread_memory(seek, &other));
    cr_assert(one.found);
    cr_assert_neq(one.sum, other.sum);
}

Test(thread, what_stays_is_the_same_twice)
{
    struct sought one = {0}, other = {0};

    errno = 0;
    cr_assert(hn_thread_memory(seek, &one));
    cr_assert(hn_thread_memory(seek, &other));
    cr_assert_eq(one.sum, other.sum);
}
#endif
