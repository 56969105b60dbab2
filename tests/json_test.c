/* json_test.c - whatever the text, what is written is JSON. */
#define _GNU_SOURCE
#include "runtime/monitor/json.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "runtime/base/rng.h"

/* What write_it writes, read back by somebody else's reader. */
static json_t *read_back(void (*write_it)(struct mon_json *, const void *),
                         const void *arg)
{
    struct mon_out out;
    struct mon_json j = {.out = &out};
    int fd = memfd_create("json", 0);
    json_error_t error;
    json_t *got;

    mon_out_open(&out, fd);
    write_it(&j, arg);
    cr_assert(mon_out_close(&out) == 0);
    lseek(fd, 0, SEEK_SET);
    got = json_loadfd(fd, 0, &error);
    close(fd);
    cr_assert(got, "%s", error.text);
    return got;
}

static void one_text(struct mon_json *j, const void *arg)
{
    mon_json_open(j, NULL, '{');
    mon_json_text(j, "t", arg);
    mon_json_close(j, '}');
}

static void one_exact(struct mon_json *j, const void *arg)
{
    mon_json_open(j, NULL, '{');
    mon_json_exact(j, "t", arg);
    mon_json_bool(j, "next", true);
    mon_json_close(j, '}');
}

static void comes_back_as(const char *text, const char *expected)
{
    json_t *root = read_back(one_text, text);

    cr_assert_str_eq(json_string_value(json_object_get(root, "t")), expected);
    json_decref(root);
}

Test(json, quotes_backslashes_and_controls_come_back)
{
    comes_back_as("a\"b\\c\n\t\x01\x7f/", "a\"b\\c\n\t\x01\x7f/");
}

Test(json, utf8_passes_as_it_is)
{
    comes_back_as("d\xc3\xb6\xe2\x82\xac\xf0\x9f\x90\x91",
                  "d\xc3\xb6\xe2\x82\xac\xf0\x9f\x90\x91");
}

Test(json, what_is_not_utf8_is_marked)
{
    comes_back_as("a\xff"
                  "b\xc3(\xed\xa0\x80",
                  "a\xef\xbf\xbd"
                  "b\xef\xbf\xbd(\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
}

Test(json, any_bytes_give_a_readable_line)
{
    for (uint64_t seed = 1; seed <= 2000; seed++) {
        struct rt_rng r = {seed};
        char text[32];
        unsigned n = rt_rng_below(&r, sizeof(text));

        for (unsigned i = 0; i < n; i++)
            text[i] = (char)(1 + rt_rng_below(&r, 255));
        text[n] = 0;
        json_decref(read_back(one_text, text));
    }
}

static void all_kinds(struct mon_json *j, const void *arg)
{
    (void)arg;
    mon_json_open(j, NULL, '{');
    mon_json_open(j, "list", '[');
    mon_json_i64(j, NULL, INT64_MIN);
    mon_json_u64(j, NULL, INT64_MAX);
    mon_json_u64(j, NULL, UINT64_MAX);
    mon_json_bool(j, NULL, true);
    mon_json_text(j, NULL, NULL);
    mon_json_open(j, NULL, '[');
    mon_json_close(j, ']');
    mon_json_close(j, ']');
    mon_json_hex(j, "hex", 0xabc);
    mon_json_close(j, '}');
}

Test(json, numbers_too_big_for_readers_become_text)
{
    json_t *root = read_back(all_kinds, NULL);
    json_t *list = json_object_get(root, "list");

    cr_assert(json_array_size(list) == 6);
    cr_assert(json_integer_value(json_array_get(list, 0)) == INT64_MIN);
    cr_assert(json_integer_value(json_array_get(list, 1)) == INT64_MAX);
    cr_assert_str_eq(json_string_value(json_array_get(list, 2)),
                     "18446744073709551615");
    cr_assert(json_is_null(json_array_get(list, 4)));
    cr_assert_str_eq(json_string_value(json_object_get(root, "hex")),
                     "0000000000000abc");
    json_decref(root);
}

Test(json, bytes_stand_beside_what_is_not_utf8)
{
    json_t *got = read_back(one_exact, "p\xfc\x01");

    cr_assert_str_eq(json_string_value(json_object_get(got, "t")),
                     "p\xef\xbf\xbd\x01");
    cr_assert_str_eq(json_string_value(json_object_get(got, "t_hex")),
                     "70fc01");
    json_decref(got);
    got = read_back(one_exact, "p\xc3\xbc");
    cr_assert_not(json_object_get(got, "t_hex"));
    json_decref(got);
}
