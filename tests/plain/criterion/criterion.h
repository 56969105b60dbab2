/*
 * criterion.h - the part of Criterion that our tests use, in plain C.
 *
 * For places where the real one can not go: under ThreadSanitizer (2.4.1
 * aborts there), under valgrind, on a cross-compiled architecture. The same
 * test files compile against this header instead; driver.c runs each test in
 * a child of its own and prints Criterion's summary line. An assertion that
 * fails ends the child, on whatever thread or goroutine it stands.
 */
#ifndef PLAIN_CRITERION_H
#define PLAIN_CRITERION_H
#pragma GCC system_header /* as the real one is, in /usr/include */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct criterion_test_params {
    size_t size;
    void *params;
    size_t length;
    void (*cleanup)(struct criterion_test_params *);
};

/* The settings of a test: those of Criterion's that mean something here. */
struct plain_options {
    int reserved_; /* so that no argument at all is an initializer, too */
    void (*init)(void);
    void (*fini)(void);
    int signal;
    int exit_code;
    bool disabled;
    const char *description;
    double timeout;
};
struct plain_test {
    const char *suite, *name;
    void (*body)(void);
    void (*with_param)(void *);
    struct criterion_test_params (*params)(void);
    struct plain_options set;
    struct plain_test *next;
};
struct plain_suite {
    const char *name;
    struct plain_options set;
    struct plain_suite *next;
};
void plain_register(struct plain_test *test);
void plain_register_suite(struct plain_suite *suite);
/* Says what failed, and ends the child when fatal. */
void plain_fail(bool fatal, const char *file, int line, const char *cond,
                const char *fmt, ...) __attribute__((format(printf, 5, 6)));

#define PLAIN_REGISTER(id, s, n, b, w, p, ...)                                 \
    static struct plain_test id##_test = {                                     \
        .suite = s,                                                            \
        .name = n,                                                             \
        .body = b,                                                             \
        .with_param = w,                                                       \
        .params = p,                                                           \
        .set = {.reserved_ = 0, ##__VA_ARGS__}};                               \
    __attribute__((constructor)) static void id##_register(void)               \
    {                                                                          \
        plain_register(&id##_test);                                            \
    }

#define Test(s, n, ...)                                                        \
    static void s##_##n##_body(void);                                          \
    PLAIN_REGISTER(s##_##n, #s, #n, s##_##n##_body, NULL, NULL, ##__VA_ARGS__) \
    static void s##_##n##_body(void)

#define TestSuite(s, ...)                                                      \
    static struct plain_suite s##_suite = {                                    \
        .name = #s, .set = {.reserved_ = 0, ##__VA_ARGS__}};                   \
    __attribute__((constructor)) static void s##_suite_register(void)          \
    {                                                                          \
        plain_register_suite(&s##_suite);                                      \
    }                                                                          \
    extern int plain_after_suite

#define PLAIN_SAY(fatal, cond, text, ...)                                      \
    ((cond) ? (void)0                                                          \
            : plain_fail(fatal, __FILE__, __LINE__, text, "" __VA_ARGS__))

#define cr_assert(c, ...)     PLAIN_SAY(true, c, #c, __VA_ARGS__)
#define cr_expect(c, ...)     PLAIN_SAY(false, c, #c, __VA_ARGS__)
#define cr_assert_not(c, ...) PLAIN_SAY(true, !(c), "!(" #c ")", __VA_ARGS__)
#define cr_expect_not(c, ...) PLAIN_SAY(false, !(c), "!(" #c ")", __VA_ARGS__)
#define cr_assert_fail(...)   PLAIN_SAY(true, false, "fail", __VA_ARGS__)
#define cr_expect_fail(...)   PLAIN_SAY(false, false, "fail", __VA_ARGS__)
#define cr_fail(...)          PLAIN_SAY(false, false, "fail", __VA_ARGS__)
#define cr_fatal(...)         PLAIN_SAY(true, false, "fail", __VA_ARGS__)

#define PLAIN_OP(f, a, op, b, ...)                                             \
    PLAIN_SAY(f, (a)op(b), #a " " #op " " #b, __VA_ARGS__)
#define cr_assert_eq(a, b, ...)  PLAIN_OP(true, a, ==, b, __VA_ARGS__)
#define cr_assert_neq(a, b, ...) PLAIN_OP(true, a, !=, b, __VA_ARGS__)
#define cr_assert_lt(a, b, ...)  PLAIN_OP(true, a, <, b, __VA_ARGS__)
#define cr_assert_leq(a, b, ...) PLAIN_OP(true, a, <=, b, __VA_ARGS__)
#define cr_assert_gt(a, b, ...)  PLAIN_OP(true, a, >, b, __VA_ARGS__)
#define cr_assert_geq(a, b, ...) PLAIN_OP(true, a, >=, b, __VA_ARGS__)
#define cr_expect_eq(a, b, ...)  PLAIN_OP(false, a, ==, b, __VA_ARGS__)
#define cr_expect_neq(a, b, ...) PLAIN_OP(false, a, !=, b, __VA_ARGS__)
#define cr_expect_lt(a, b, ...)  PLAIN_OP(false, a, <, b, __VA_ARGS__)
#define cr_expect_leq(a, b, ...) PLAIN_OP(false, a, <=, b, __VA_ARGS__)
#define cr_expect_gt(a, b, ...)  PLAIN_OP(false, a, >, b, __VA_ARGS__)
#define cr_expect_geq(a, b, ...) PLAIN_OP(false, a, >=, b, __VA_ARGS__)

#define cr_assert_null(p, ...)     PLAIN_OP(true, p, ==, NULL, __VA_ARGS__)
#define cr_assert_not_null(p, ...) PLAIN_OP(true, p, !=, NULL, __VA_ARGS__)
#define cr_expect_null(p, ...)     PLAIN_OP(false, p, ==, NULL, __VA_ARGS__)
#define cr_expect_not_null(p, ...) PLAIN_OP(false, p, !=, NULL, __VA_ARGS__)

/* Says both strings, for "not equal" alone does not help. */
void plain_strings(bool fatal, const char *file, int line, const char *text,
                   const char *a, const char *b, bool equal);
#define cr_assert_str_eq(a, b, ...)                                            \
    plain_strings(true, __FILE__, __LINE__, #a " equals " #b, a, b, true)
#define cr_assert_str_neq(a, b, ...)                                           \
    plain_strings(true, __FILE__, __LINE__, #a " is not " #b, a, b, false)
#define cr_expect_str_eq(a, b, ...)                                            \
    plain_strings(false, __FILE__, __LINE__, #a " equals " #b, a, b, true)
#define cr_expect_str_neq(a, b, ...)                                           \
    plain_strings(false, __FILE__, __LINE__, #a " is not " #b, a, b, false)
#define cr_assert_str_empty(a, ...)                                            \
    plain_strings(true, __FILE__, __LINE__, #a " is empty", a, "", true)
#define cr_assert_str_not_empty(a, ...)                                        \
    plain_strings(true, __FILE__, __LINE__, #a " is not empty", a, "", false)

#define cr_assert_arr_eq(a, b, n, ...)                                         \
    PLAIN_SAY(true, !memcmp(a, b, n), #a " equals " #b, __VA_ARGS__)
#define cr_assert_arr_neq(a, b, n, ...)                                        \
    PLAIN_SAY(true, memcmp(a, b, n), #a " is not " #b, __VA_ARGS__)
#define cr_expect_arr_eq(a, b, n, ...)                                         \
    PLAIN_SAY(false, !memcmp(a, b, n), #a " equals " #b, __VA_ARGS__)
#define PLAIN_NEAR(a, b, e) ((a) - (b) <= (e) && (b) - (a) <= (e))
#define cr_assert_float_eq(a, b, e, ...)                                       \
    PLAIN_SAY(true, PLAIN_NEAR(a, b, e), #a " is near " #b, __VA_ARGS__)

#define cr_log_info(...) (fprintf(stderr, __VA_ARGS__), fputc('\n', stderr))
#define cr_log_warn      cr_log_info
#define cr_log_error     cr_log_info

#endif
