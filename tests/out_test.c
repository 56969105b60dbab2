/* out_test.c - a report reaches its descriptor, or says why it did not. */
#define _GNU_SOURCE
#include "runtime/monitor/out.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <vigil/call.h>

/* What write puts into an out, as text. */
static const char *text_of(void (*write_it)(struct mon_out *))
{
    static char text[256];
    struct mon_out out;
    int fd = memfd_create("out", 0);
    ssize_t n;

    mon_out_open(&out, fd);
    write_it(&out);
    cr_assert(mon_out_close(&out) == 0);
    n = pread(fd, text, sizeof(text) - 1, 0);
    cr_assert(n >= 0);
    text[n] = 0;
    close(fd);
    return text;
}

static void numbers(struct mon_out *o)
{
    mon_out_u64(o, UINT64_MAX);
    mon_out_char(o, ' ');
    mon_out_i64(o, INT64_MIN);
    mon_out_char(o, ' ');
    mon_out_spaces(o, 2);
    mon_out_u64(o, 0);
    mon_out_text(o, NULL);
    mon_out_printf(o, " %s=%d", "x", -5);
}

Test(out, numbers_to_the_last_digit)
{
    cr_assert_str_eq(text_of(numbers),
                     "18446744073709551615 -9223372036854775808   0 x=-5");
}

static void durations(struct mon_out *o)
{
    static const int64_t ns[] = {
        0,          750,         9100,         12499999,      999999999,
        2000000000, 59999999999, 200000000000, 3720000000000, -1500};

    for (unsigned i = 0; i < sizeof(ns) / sizeof(ns[0]); i++) {
        mon_out_duration(o, ns[i]);
        mon_out_char(o, ' ');
    }
}

Test(out, durations_as_a_person_reads_them)
{
    cr_assert_str_eq(text_of(durations), "0s 750ns 9.1us 12.4ms 999.9ms 2.0s "
                                         "59.9s 3m20s 1h02m -1.5us ");
}

static void sites(struct mon_out *o)
{
    static const struct go_site s = {"/src/dir/transfer.c", "f", "", NULL, 25};
    static const struct go_site bare = {NULL, NULL, NULL, NULL, 0};

    mon_out_site(o, &s);
    mon_out_site(o, &bare);
    mon_out_site(o, NULL);
}

Test(out, sites_by_the_last_part_of_their_file)
{
    cr_assert_str_eq(text_of(sites), "transfer.c:25??");
}

Test(out, full_disk_is_an_error_that_sticks)
{
    struct mon_out out;
    int fd = open("/dev/full", O_WRONLY);

    mon_out_open(&out, fd);
    for (int i = 0; i < 5000; i++)
        mon_out_text(&out, "some text");
    cr_assert(mon_out_close(&out) == -ENOSPC);
    close(fd);
}

Test(out, reader_that_is_gone_gives_an_error_and_no_signal)
{
    struct mon_out out;
    int fd[2];

    cr_assert(pipe(fd) == 0);
    close(fd[0]);
    mon_out_open(&out, fd[1]);
    mon_out_text(&out, "anybody?");
    cr_assert(mon_out_close(&out) == -EPIPE);
    close(fd[1]);
}

static void *drain(void *arg)
{
    char some[777];
    size_t all = 0;
    ssize_t n;

    while ((n = read(*(int *)arg, some, sizeof(some))) > 0)
        all += (size_t)n;
    return (void *)all;
}

Test(out, full_pipe_is_waited_for)
{
    enum {
        N = 300000
    };
    static struct mon_out out;
    pthread_t reader;
    void *all;
    int fd[2];

    cr_assert(pipe2(fd, O_NONBLOCK) == 0);
    fcntl(fd[0], F_SETFL, 0);
    cr_assert(pthread_create(&reader, NULL, drain, &fd[0]) == 0);
    mon_out_open(&out, fd[1]);
    for (int i = 0; i < N; i++)
        mon_out_char(&out, 'x');
    cr_assert(mon_out_close(&out) == 0);
    close(fd[1]);
    pthread_join(reader, &all);
    cr_assert((size_t)all == N && out.total == N);
}

Test(out, no_descriptor_swallows_all)
{
    struct mon_out out;

    mon_out_open(&out, -1);
    mon_out_text(&out, "nowhere");
    cr_assert(mon_out_close(&out) == 0 && out.total == 7);
}
