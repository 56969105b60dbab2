/* descriptor_test.c - descriptors that are vigil's own are known, until closed. */
#include <vigil/descriptor.h>

#include <criterion/criterion.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/resource.h>
#include <unistd.h>

/* High enough that no thread of the test runner opens another in its place. */
static int own(void)
{
    return fcntl(0, F_DUPFD, 40);
}

static bool is_open(int fd)
{
    return fcntl(fd, F_GETFD) >= 0;
}

Test(descriptor, what_is_kept_lies_high_and_is_closed_by_exec)
{
    int fd = own(), kept = go_descriptor_keep(fd);

    cr_assert(kept >= 500 && kept > fd);
    cr_assert_not(is_open(fd));
    cr_assert(fcntl(kept, F_GETFD) & FD_CLOEXEC);
    cr_assert(go_descriptor_kept(kept));
    cr_assert_not(go_descriptor_kept(fd));
    go_descriptor_close(kept);
    cr_assert_not(is_open(kept));
    cr_assert_not(go_descriptor_kept(kept));
}

Test(descriptor, the_next_one_is_found_from_anywhere)
{
    int a = go_descriptor_keep(own()), b = go_descriptor_keep(own());

    cr_assert(a < b);
    cr_assert_eq(go_descriptor_next(0), a);
    cr_assert_eq(go_descriptor_next(a), a);
    cr_assert_eq(go_descriptor_next(a + 1), b);
    cr_assert_eq(go_descriptor_next(b + 1), INT_MAX);
    go_descriptor_close(a);
    cr_assert_eq(go_descriptor_next(0), b);
    go_descriptor_none();
    cr_assert_eq(go_descriptor_next(0), INT_MAX);
    cr_assert(is_open(b));
    close(b);
}

Test(descriptor, under_a_low_limit_it_stays_where_it_is_and_is_kept)
{
    struct rlimit low = {64, 64};
    int fd = own();

    cr_assert_eq(setrlimit(RLIMIT_NOFILE, &low), 0);
    cr_assert_eq(go_descriptor_keep(fd), fd);
    cr_assert(go_descriptor_kept(fd));
    go_descriptor_close(fd);
    cr_assert_not(is_open(fd));
}

Test(descriptor, there_may_be_more_than_are_known)
{
    int fd[100];

    for (int i = 0; i < 100; i++)
        fd[i] = go_descriptor_keep(own());
    for (int i = 0; i < 100; i++)
        cr_assert(is_open(fd[i]));
    for (int i = 0; i < 100; i++)
        go_descriptor_close(fd[i]);
    for (int i = 0; i < 100; i++)
        cr_assert_not(is_open(fd[i]));
    cr_assert_eq(go_descriptor_next(0), INT_MAX);
}
