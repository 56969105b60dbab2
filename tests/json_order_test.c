/* json_order_test.c - a hint as a finding of vigil-report/1. */
#include <jansson.h>

#include "runtime/monitor/settings.h"
#include "tests/ran.h"

static struct ran ran;

static void both(struct go_mutex *first, struct go_mutex *second)
{
    go_mutex_lock(first);
    go_mutex_lock(second);
    go_mutex_unlock(second);
    go_mutex_unlock(first);
}

static void later(struct go_mutex *first, struct go_mutex *second)
{
    go_name("late");
    go_sleep(GO_MILLISECOND);
    both(first, second);
}

static void two_orders(void)
{
    struct go_mutex a = {0}, b = {0};
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, both, &a, &b);
    go_waitgroup_go(&wg, later, &b, &a);
    go_waitgroup_wait(&wg);
}

static json_t *report_of(void (*body)(void))
{
    struct go_run run = RAN_RUN(body);
    int fd = memfd_create("json", MFD_CLOEXEC);
    json_t *report;

    run.json_fd = fd;
    ran_run(&ran, run);
    ran_read(&ran, fd);
    report = json_loads(ran.text, 0, NULL);
    cr_assert(report, "no JSON: %s", ran.text);
    return report;
}

static const char *text(const json_t *o, const char *key)
{
    return json_string_value(json_object_get(o, key));
}

Test(json_order, a_hint_is_a_finding_that_is_not_proven)
{
    json_t *report = report_of(two_orders);
    json_t *findings = json_object_get(report, "findings");
    json_t *f = json_array_get(findings, 0);

    cr_assert_str_eq(text(report, "verdict"), "lock_order");
    cr_assert_eq(json_array_size(findings), 1);
    cr_assert_str_eq(text(f, "verdict"), "lock_order");
    cr_assert_str_eq(text(f, "shape"), "order");
    cr_assert(json_is_false(json_object_get(f, "proven")));
    cr_assert_eq(strlen(text(f, "fingerprint")), 16);
    cr_assert_eq(json_integer_value(json_object_get(f, "in_core")), 2);
    cr_assert(json_is_integer(json_object_get(f, "leaked")));
    cr_assert(json_is_integer(json_object_get(f, "left")));
    json_decref(report);
}

Test(json_order, each_goroutine_says_what_it_held_and_took_and_where)
{
    json_t *report = report_of(two_orders);
    json_t *f = json_array_get(json_object_get(report, "findings"), 0);
    json_t *g = json_array_get(json_object_get(f, "goroutines"), 1);
    json_t *held = json_object_get(g, "held");
    json_t *path = json_array_get(json_object_get(g, "path"), 0);
    json_t *frame = json_array_get(json_object_get(g, "stack"), 0);

    cr_assert_str_eq(text(g, "name"), "late");
    cr_assert_str_eq(text(held, "kind"), "mutex");
    cr_assert_str_eq(text(held, "mode"), "write");
    cr_assert_str_eq(text(json_object_get(held, "at"), "func"), "both");
    cr_assert_eq(json_integer_value(json_object_get(path, "by")), 1);
    cr_assert_str_eq(text(json_object_get(path, "site"), "func"), "two_orders");
    cr_assert_str_eq(text(frame, "func"), "both");
    json_decref(report);
}

Test(json_order, a_fingerprint_is_the_same_in_the_next_run)
{
    json_t *one = report_of(two_orders), *two = report_of(two_orders);
    json_t *f = json_array_get(json_object_get(one, "findings"), 0);
    json_t *g = json_array_get(json_object_get(two, "findings"), 0);

    cr_assert_str_eq(text(f, "fingerprint"), text(g, "fingerprint"));
    json_decref(one);
    json_decref(two);
}

static void nothing(void)
{
}

Test(json_order, what_was_looked_at_is_counted)
{
    json_t *report = report_of(two_orders), *none = report_of(nothing);
    json_t *order = json_object_get(report, "lock_order");

    cr_assert_eq(json_integer_value(json_object_get(order, "hints")), 1);
    cr_assert_eq(json_integer_value(json_object_get(order, "orders")), 2);
    cr_assert(json_is_false(json_object_get(order, "cut")));
    order = json_object_get(none, "lock_order");
    cr_assert_eq(json_integer_value(json_object_get(order, "orders")), 0);
    json_decref(report);
    json_decref(none);
}
