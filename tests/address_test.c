/* address_test.c - addresses as text, to the kernel's form and back. */
#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/un.h>

#include "runtime/sync/address.h"

static int parse(const char *text, struct rt_address *a)
{
    return rt_address_parse(text, false, a);
}

/* Numeric addresses come back as they went in. */
static void same(const char *text, const char *expected)
{
    struct rt_address a;
    char buf[200];

    cr_assert_eq(parse(text, &a), 0, "%s", text);
    cr_assert_geq(a.n, 1, "%s", text);
    cr_assert_eq(rt_address_text((struct sockaddr *)&a.at[0].sa, a.at[0].size,
                                 buf, sizeof(buf)),
                 (int)strlen(expected));
    cr_assert_str_eq(buf, expected);
}

Test(address, numeric_ones_round_trip)
{
    same("127.0.0.1:80", "127.0.0.1:80");
    same("0.0.0.0:0", "0.0.0.0:0");
    same("255.255.255.255:65535", "255.255.255.255:65535");
    same("[::1]:8080", "[::1]:8080");
    same("[2001:db8:0:0:0:0:0:1]:1", "[2001:db8::1]:1");
    same("[fe80::1%lo]:9", "[fe80::1%lo]:9");
    same("127.0.0.1:00080", "127.0.0.1:80");
}

Test(address, unix_paths_round_trip)
{
    same("unix:/tmp/a.sock", "unix:/tmp/a.sock");
    same("unix:relative", "unix:relative");
    same("unix:@abstract", "unix:@abstract");
    same("unix:/with:colon", "unix:/with:colon");
}

Test(address, malformed_ones_are_einval)
{
    static const char *const bad[] = {
        "",           "80",          "host",         "127.0.0.1",
        ":",          "127.0.0.1:",  "127.0.0.1:x",  "127.0.0.1:65536",
        "1.2.3.4:-1", "1.2.3.4:+80", "1.2.3.4: 80",  "1.2.3.4:999999",
        "::1:80",     "[::1]",       "[::1:80",      "::1]:80",
        "[]:80",      "[1.2.3.4]:1", "[::1]x:80",    "a b:80",
        "unix:",      "http://a:80", "1.2.3.4:0x50", "[g::1]:80"};
    struct rt_address a;

    cr_assert_eq(parse(NULL, &a), -EINVAL);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        cr_assert_eq(parse(bad[i], &a), -EINVAL, "\"%s\"", bad[i]);
}

Test(address, names_are_left_to_the_resolver)
{
    struct rt_address a;

    cr_assert_eq(parse("localhost:8080", &a), 0);
    cr_assert_eq(a.n, 0);
    cr_assert_str_eq(a.host, "localhost");
    cr_assert_eq(a.port, 8080);
    cr_assert_eq(parse("1.2.3:80", &a), 0, "not an address, maybe a name");
    cr_assert_eq(a.n, 0);
}

Test(address, lookup_of_localhost_is_loopback)
{
    struct rt_address a;
    char buf[100];

    cr_assert_eq(parse("localhost:8080", &a), 0);
    cr_assert_eq(rt_address_lookup(&a), 0);
    cr_assert_geq(a.n, 1);
    rt_address_text((struct sockaddr *)&a.at[0].sa, a.at[0].size, buf,
                    sizeof(buf));
    cr_assert(!strcmp(buf, "127.0.0.1:8080") || !strcmp(buf, "[::1]:8080"),
              "%s", buf);
}

Test(address, empty_host_is_all_to_listen_and_loopback_to_dial)
{
    struct rt_address a;

    cr_assert_eq(rt_address_parse(":80", true, &a), 0);
    cr_assert_eq(a.n, 2);
    cr_assert_eq(a.at[0].sa.ss_family, AF_INET6);
    cr_assert_eq(((struct sockaddr_in *)&a.at[1].sa)->sin_addr.s_addr,
                 htonl(INADDR_ANY));
    cr_assert_eq(rt_address_parse(":80", false, &a), 0);
    cr_assert_eq(((struct sockaddr_in *)&a.at[0].sa)->sin_addr.s_addr,
                 htonl(INADDR_LOOPBACK));
}

Test(address, longest_path_fits_and_a_longer_one_does_not)
{
    char text[200] = "unix:";
    size_t room = sizeof(((struct sockaddr_un *)0)->sun_path);
    struct rt_address a;

    memset(text + 5, 'p', room - 1);
    cr_assert_eq(parse(text, &a), 0);
    same(text, text);
    text[5 + room - 1] = 'p';
    cr_assert_eq(parse(text, &a), -ENAMETOOLONG);
    text[5] = '@'; /* an abstract name needs no NUL */
    cr_assert_eq(parse(text, &a), 0);
    memset(text, 'h', 4);
    cr_assert_eq(parse("[fe80::1%nosuchzone]:1", &a), -ENODEV);
}

Test(address, host_that_is_too_long_is_told)
{
    static char text[NI_MAXHOST + 10];
    struct rt_address a;

    memset(text, 'h', NI_MAXHOST);
    strcpy(text + NI_MAXHOST, ":80");
    cr_assert_eq(parse(text, &a), -ENAMETOOLONG);
}

Test(address, text_that_does_not_fit_is_erange)
{
    struct sockaddr_in in = {.sin_family = AF_INET};
    struct sockaddr other = {.sa_family = AF_NETLINK};
    char buf[10];

    cr_assert_eq(rt_address_text((struct sockaddr *)&in, sizeof(in), buf, 9),
                 -ERANGE);
    cr_assert_eq(rt_address_text((struct sockaddr *)&in, sizeof(in), buf, 10),
                 9);
    cr_assert_eq(rt_address_text(&other, sizeof(other), buf, 10),
                 -EAFNOSUPPORT);
}
