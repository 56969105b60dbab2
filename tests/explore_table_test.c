/* explore_table_test.c - which rows of a schedule are shown, and whose. */
#define _GNU_SOURCE
#include "harness/explore/table.h"

#include <criterion/criterion.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static struct hn_table table;
static char text[1 << 16];

static uint32_t task(const char *path)
{
    return go_task_find(path, strlen(path));
}

static void do_it(uint32_t at, const char *path, enum go_op op, uintptr_t pc,
                  bool deviates)
{
    const struct go_point point = {.task = task(path), .op = (uint16_t)op};
    const struct go_step step = {
        .point = &point, .partner = GO_NOWHERE, .which = -1};
    const struct go_site site = {.pc = (const void *)pc};

    hn_table_step(&table, at, &step, pc ? &site : NULL, deviates);
}

/* Choice at: the task locks something, each time elsewhere. */
static void row(uint32_t at, const char *path, bool deviates)
{
    do_it(at, path, GO_OP_LOCK, at + 1, deviates);
}

static void print(void)
{
    int fd = memfd_create("table", MFD_CLOEXEC);
    ssize_t n;

    hn_table_print(&table, fd);
    n = pread(fd, text, sizeof(text) - 1, 0);
    cr_assert_gt(n, 0);
    text[n] = '\0';
    close(fd);
}

static bool shows(const char *part)
{
    return strstr(text, part) != NULL;
}

static uint32_t lines(void)
{
    uint32_t n = 0;

    for (const char *at = text; (at = strchr(at, '\n')); at++)
        n++;
    return n;
}

Test(explore_table, a_short_run_is_shown_whole)
{
    hn_table_begin(&table, NULL);
    for (uint32_t i = 0; i < HN_TABLE_LAST; i++)
        row(i, i % 2 ? "b" : "a", false);
    print();
    cr_assert_eq(lines(), 1 + HN_TABLE_LAST);
    cr_assert_not(shows("..."));
}

Test(explore_table, what_deviates_is_shown_with_its_neighbours)
{
    hn_table_begin(&table, NULL);
    for (uint32_t i = 0; i < 1000; i++)
        row(i, "a", i == 100 || i == 102);
    print();
    cr_assert(shows("    ... 99 rows\n        99  lock\n"), "%s", text);
    cr_assert(shows("  *    100  lock\n"));
    cr_assert(shows("       103  lock\n    ... 856 rows\n       960  lock"));
    cr_assert_eq(lines(), 1 + 2 + 5 + HN_TABLE_LAST);
}

/* Both of the two, however much else is marked before. */
Test(explore_table, what_decides_is_always_shown)
{
    struct hn_decisive d = {.kind = HN_DECISIVE_ORDER,
                            .at = 500,
                            .nth = 2,
                            .second = {.task = "c", .text = "lock"}};

    hn_table_begin(&table, &d);
    for (uint32_t i = 0; i < 1000; i++)
        row(i, i == 300 || i == 600 || i == 700 ? "c" : "a", i < 400);
    print();
    cr_assert(shows("\n !     500  lock\n"), "%s", text);
    cr_assert(shows("\n !     700 "));
    cr_assert_not(shows("     600 "));
    cr_assert_leq(lines(), 1 + HN_TABLE_KEPT + HN_TABLE_LAST + 8);
}

Test(explore_table, a_second_that_never_came_stands_at_the_end)
{
    struct hn_decisive d = {
        .kind = HN_DECISIVE_ORDER,
        .at = 5,
        .nth = 1,
        .second = {.task = "b", .goroutine = 2, .text = "lock mu"}};

    hn_table_begin(&table, &d);
    for (uint32_t i = 0; i < 500; i++)
        row(i, i < 3 ? "b" : "a", false);
    print();
    cr_assert(shows("\n !       5 "), "%s", text);
    cr_assert(shows("\n !   never "));
}

Test(explore_table, more_goroutines_than_columns_share_the_last)
{
    static const char *const paths[] = {"a", "b", "c", "d", "e", "f", "g", "h"};

    hn_table_begin(&table, NULL);
    for (uint32_t i = 0; i < 8; i++)
        row(i, paths[i], false);
    print();
    cr_assert(shows("e                              others\n"), "%s", text);
    cr_assert(shows(" f: lock\n") && shows(" g: lock\n") &&
              shows(" h: lock\n"));
    cr_assert_not(shows("e: lock"));
}

Test(explore_table, what_goes_round_is_shown_twice_and_counted)
{
    hn_table_begin(&table, NULL);
    do_it(0, "a", GO_OP_LOCK, 0, false);
    for (uint32_t i = 1; i < 1000; i++)
        do_it(i, "b", i % 2 ? GO_OP_RECV : GO_OP_YIELD, 0, false);
    do_it(1000, "a", GO_OP_LOCK, 0, false);
    print();
    cr_assert(shows("         0  lock\n"), "%s", text);
    cr_assert(shows("    ... 995 more like these 2\n      1000  lock\n"));
    cr_assert_eq(lines(), 1 + 1 + 4 + 1 + 1);
}

Test(explore_table, what_is_marked_is_no_round)
{
    struct hn_decisive d = {.kind = HN_DECISIVE_ORDER,
                            .at = 500,
                            .nth = 1,
                            .second = {.task = "b", .text = "yield"}};

    hn_table_begin(&table, &d);
    for (uint32_t i = 0; i < 1000; i++)
        do_it(i, i == 700 ? "b" : "a", GO_OP_YIELD, 0, i == 300);
    print();
    cr_assert(shows("  *    300  yield\n"), "%s", text);
    cr_assert(shows(" !     500  yield\n"));
    cr_assert(shows(" !     700 "));
    cr_assert(shows("    ... 298 more like it\n"));
}

Test(explore_table, a_few_of_a_round_are_rows)
{
    hn_table_begin(&table, NULL);
    for (uint32_t i = 0; i < 6; i++)
        do_it(i, "a", GO_OP_YIELD, 0, false);
    print();
    cr_assert_not(shows("..."), "%s", text);
    cr_assert_eq(lines(), 1 + 6);
}

/* Those before it had gone by then, and are not shown for it. */
Test(explore_table, a_round_makes_room_for_what_follows)
{
    hn_table_begin(&table, NULL);
    for (uint32_t i = 0; i < 100; i++)
        row(i, "a", false);
    for (uint32_t i = 100; i < 200; i++)
        do_it(i, "a", GO_OP_YIELD, 0, false);
    row(200, "a", false);
    print();
    cr_assert(shows("    ... 66 rows\n        66  lock\n"), "%s", text);
    cr_assert(shows("       101  yield\n    ... 98 more like it\n"));
    cr_assert_eq(lines(), 1 + 1 + 34 + 2 + 1 + 1);
}
