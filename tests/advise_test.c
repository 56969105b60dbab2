/* advise_test.c - many ranges of memory, and one call of the kernel. */
#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "runtime/base/advise.h"

enum {
    RANGES = RT_ADVISE_MAX,
    GAP = 3 /* pages from one to the next */
};

static char *mapped(size_t page)
{
    char *p = mmap(NULL, page * GAP * RANGES, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    cr_assert_neq(p, MAP_FAILED);
    memset(p, 1, page * GAP * RANGES);
    return p;
}

static size_t every(struct iovec *v, char *p)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);

    for (size_t i = 0; i < RANGES; i++)
        v[i] = (struct iovec){p + i * GAP * page, page};
    return page;
}

/* What was given back is zero, and nothing beside it. */
static void expect_zeros(const char *p, size_t page, int n)
{
    for (int i = 0; i < RANGES; i++) {
        cr_expect_eq(p[(size_t)i * GAP * page], i >= n, "range %d", i);
        cr_expect_eq(p[((size_t)i * GAP + 1) * page], 1, "behind %d", i);
    }
}

Test(advise, each_range_is_told_and_nothing_else)
{
    struct iovec v[RANGES];
    char *p = mapped((size_t)sysconf(_SC_PAGESIZE));
    size_t page = every(v, p);

    errno = 17;
    cr_assert_eq(rt_advise(v, RANGES, MADV_DONTNEED), RANGES);
    cr_assert_eq(errno, 17);
    expect_zeros(p, page, RANGES);
    cr_assert_eq(rt_advise(v, 0, MADV_DONTNEED), 0);
}

Test(advise, says_how_far_it_came)
{
    struct iovec v[RANGES];
    char *p = mapped((size_t)sysconf(_SC_PAGESIZE));
    size_t page = every(v, p);

    v[5].iov_base = (char *)v[5].iov_base + 1; /* no page begins there */
    errno = 17;
    cr_assert_eq(rt_advise(v, RANGES, MADV_DONTNEED), 5);
    cr_assert_eq(errno, 17);
    expect_zeros(p, page, 5);
    cr_assert_eq(rt_advise(v, RANGES, -1), 0);
}
