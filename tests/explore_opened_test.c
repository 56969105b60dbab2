/* explore_opened_test.c - what an execution has opened is closed with it, and
   nothing else. */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

#include "harness/explore/opened.h"

/* High enough that no thread of the test runner opens another in its place. */
static int unnoted(void)
{
    int low = open("/dev/null", O_RDONLY), fd = fcntl(low, F_DUPFD, 100);

    close(low);
    return fd;
}

static int opened(void)
{
    int fd = unnoted();

    cr_assert(hn_opened_add(fd));
    return fd;
}

static bool is_open(int fd)
{
    return fcntl(fd, F_GETFD) >= 0;
}

Test(explore_opened, what_was_opened_is_closed)
{
    int before = unnoted(), fd, other;

    hn_opened_begin();
    fd = opened();
    other = opened();
    hn_opened_close();
    cr_assert(is_open(before) && !is_open(fd) && !is_open(other));
    cr_assert_eq(opened(), fd);
    hn_opened_end();
    cr_assert(is_open(before) && !is_open(fd));
    cr_assert_not(hn_opened_add(-1));
}

Test(explore_opened, what_is_gone_is_another_s)
{
    int fd, other, last;

    hn_opened_begin();
    fd = opened();
    other = opened();
    last = opened();
    hn_opened_gone(fd);
    hn_opened_gone_from((unsigned)last, UINT_MAX);
    hn_opened_close();
    cr_assert(is_open(fd) && !is_open(other) && is_open(last));
    hn_opened_gone(INT_MAX); /* no number that is noted */
    hn_opened_gone(-1);
    hn_opened_end();
}

Test(explore_opened, what_takes_a_place_is_the_execution_s_if_nothing_was_there)
{
    int before = unnoted(), fd, none;

    hn_opened_begin();
    fd = opened();
    none = fd + 1;
    cr_assert_not(hn_opened_replaced(before));
    cr_assert(hn_opened_replaced(fd));
    cr_assert(hn_opened_replaced(none));
    hn_opened_close();
    cr_assert(is_open(before) && !is_open(fd));
    hn_opened_end();
}

Test(explore_opened, where_none_follows_nothing_is_closed)
{
    int fd = opened();

    hn_opened_close();
    cr_assert(is_open(fd));
}
