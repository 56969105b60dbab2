/* trace_test.c - choices as lines of text. */
#include <criterion/criterion.h>
#include <string.h>

#include "harness/explore/trace.h"
#include "runtime/sched/task.h"

static struct hn_trace trace;
static const struct go_site site = {"dir/x.c", "f", "m", NULL, 12};
static int things[3];

static void setup(void)
{
    trace = (struct hn_trace){0};
    hn_trace_begin(&trace);
}
static void teardown(void)
{
    hn_trace_free(&trace);
}
TestSuite(trace, .init = setup, .fini = teardown);

/* The line of a step of the task with that path. */
static const char *line(const char *path, enum go_op op, const void *object,
                        int32_t which)
{
    struct go_point p = {.task = go_task_find(path, strlen(path)),
                         .op = (uint16_t)op,
                         .object = object,
                         .site = &site};
    struct go_step step = {&p, which, GO_NOWHERE, -1};

    hn_trace_step(&trace, trace.n, &step);
    return trace.line;
}

static bool has(const char *text, const char *part)
{
    return strstr(text, part) != NULL;
}

Test(trace, objects_are_numbered_as_they_come_up)
{
    cr_assert(has(line("b", GO_OP_LOCK, &things[1], -1), "#1 m"));
    cr_assert(has(line("c", GO_OP_LOCK, &things[0], -1), "#2 m"));
    cr_assert(has(line("b", GO_OP_LOCK, &things[1], -1), "#1 m"));
    hn_trace_begin(&trace);
    cr_assert(has(line("c", GO_OP_LOCK, &things[0], -1), "#1 m"));
}

Test(trace, says_who_what_and_where)
{
    cr_assert(has(line("c", GO_OP_RECV, &things[0], 1), "0  cs1  "), "%s",
              trace.line);
    cr_assert(has(trace.line, " recv "));
    cr_assert(has(trace.line, " x.c:12 "));
    cr_assert_null(strstr(trace.line, "dir"), "no folder of this machine");
}

Test(trace, the_clock_and_numbers_have_lines)
{
    struct go_step step = {NULL, -1, GO_NOWHERE, -1};

    hn_trace_step(&trace, 7, &step);
    cr_assert(has(trace.line, "7  t "), "%s", trace.line);
    cr_assert(has(trace.line, "clock"));
    hn_trace_number(&trace, 8, 0, 3, 20);
    cr_assert(has(trace.line, "number     3 of 20"), "%s", trace.line);
}

Test(trace, the_fingerprint_is_of_all_lines_so_far)
{
    uint16_t same, other;

    line("b", GO_OP_LOCK, &things[0], -1);
    line("c", GO_OP_LOCK, &things[0], -1);
    same = hn_trace_print(&trace);
    hn_trace_begin(&trace);
    line("b", GO_OP_LOCK, &things[2], -1);
    line("c", GO_OP_LOCK, &things[2], -1);
    cr_assert_eq(same, hn_trace_print(&trace), "addresses do not count");
    hn_trace_begin(&trace);
    line("b", GO_OP_RLOCK, &things[0], -1);
    line("c", GO_OP_LOCK, &things[0], -1);
    other = hn_trace_print(&trace);
    cr_assert_neq(same, other, "the first line does");
}

Test(trace, what_the_source_says_breaks_no_line)
{
    static const struct go_site odd = {"x.c", "f", "a\n\tb", NULL, 1};
    struct go_point p = {.op = GO_OP_SEND, .site = &odd};
    struct go_step step = {&p, -1, GO_NOWHERE, -1};

    hn_trace_step(&trace, 0, &step);
    cr_assert_null(strchr(trace.line, '\n'));
    cr_assert(has(trace.line, "a  b"));
}

Test(trace, lines_are_compared_without_their_blanks)
{
    cr_assert(hn_trace_same("  1  b   lock", "1 b lock  "));
    cr_assert(hn_trace_same("1\tb lock", " 1 b lock"));
    cr_assert(!hn_trace_same("1 b lock", "1 b locks"));
    cr_assert(!hn_trace_same("1 b lock", "1 block"));
    cr_assert(!hn_trace_same("1 b", "1 b lock"));
}
