/*
 * call.h - what every macro of vigil is made of: the site of a call, a
 * checked call kept for later, and the words that travel in it.
 *
 * Programs include <vigil/go.h>. Names that begin with GO_X_ or go_x_ are
 * not for programs.
 *
 * A call kept for later (go, go_try, go_once_do, ...) is a function and up to
 * six words. The compiler checks it twice, in code that never runs: once as
 * the call that it stands for, and once with a null pointer in each place,
 * which neither a floating point nor a struct parameter accepts: those do not
 * travel in the registers that the first frame is given.
 */
#ifndef VIGIL_CALL_H
#define VIGIL_CALL_H
#pragma GCC system_header /* tells of mistakes at the caller's line */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
#define GO_API extern "C" __attribute__((visibility("default")))
#else
#define GO_API __attribute__((visibility("default")))
#endif

/*
 * Where a call stands in the source: static, so that a report can name the
 * line without debug information. what is the text of the first argument, the
 * default name of an object at its first use. A call by function (not by
 * macro) has no file: pc says where it came from.
 */
struct go_site {
    const char *file;
    const char *func;
    const char *what;
    const void *pc;
    int line;
};

/* The library was compiled by the rules of the platform: with others, what lies
   behind an enum or a gap would be taken for something else, in silence. */
enum go_x_one {
    GO_X_ONE
};
#ifndef __cplusplus
_Static_assert(sizeof(enum go_x_one) == sizeof(int),
               "vigil's headers want enums of the size of int: compile "
               "without -fshort-enums");
_Static_assert(sizeof(struct go_site) == 5 * sizeof(void *),
               "vigil's headers want structs with gaps: compile without "
               "-fpack-struct");
#endif

#define GO_SITE(text)                                                          \
    (__extension__({                                                           \
        static const struct go_site go_x_site = {__FILE__, __func__, text,     \
                                                 NULL, __LINE__};              \
        &go_x_site;                                                            \
    }))

typedef void go_fn(void); /* any function; called with its true type */

#define GO_CALL_MAX 6

/* A call kept for later. The function may return void or a word. */
struct go_call {
    go_fn *fn;
    uintptr_t arg[GO_CALL_MAX];
};

/* A value as it travels: integers by their value, pointers and handles. */
#define GO_WORD(v) ((uintptr_t)(v))

#define GO_X_CAT2(a, b) a##b
#define GO_X_CAT(a, b)  GO_X_CAT2(a, b)
#define GO_X_UNIQUE(n)  GO_X_CAT(go_x_##n##_, __COUNTER__)

#define GO_X_COUNT(...)                                                        \
    GO_X_COUNT_(__VA_ARGS__, MANY, MANY, MANY, MANY, MANY, MANY, MANY, MANY,   \
                MANY, 6, 5, 4, 3, 2, 1, 0, 0)
#define GO_X_COUNT_(f, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, \
                    a14, a15, n, ...)                                          \
    n

/*
 * The checks. They are statements, so they stand in a statement expression;
 * "if (0)" rather than sizeof, for clang warns of side effects in the latter.
 */
#define GO_X_QUIET                                                             \
    _Pragma("GCC diagnostic push")                                             \
        _Pragma("GCC diagnostic ignored \"-Wint-conversion\"")                 \
            _Pragma("GCC diagnostic ignored \"-Wnonnull\"")
#define GO_X_LOUD _Pragma("GCC diagnostic pop")

#define GO_X_IS_FLOAT(v)                                                       \
    _Generic((v), float : 1, double : 1, long double : 1, default : 0)
#define GO_X_CHECK_ARG(v)                                                      \
    _Static_assert(!GO_X_IS_FLOAT(v), "a floating point argument does not "    \
                                      "fit: pass a pointer to it");            \
    _Static_assert(sizeof(1 ? (v) : (v)) <= sizeof(void *),                    \
                   "an argument must fit in a word: pass a pointer to it")

#define GO_X_NULL ((void *)0)
#define GO_X_CHECK_0(f)                                                        \
    if (0)                                                                     \
    (void)(f)()
#define GO_X_CHECK_N(f, args, nulls)                                           \
    if (0) {                                                                   \
        (void)(f)args;                                                         \
        GO_X_QUIET(void)(f) nulls;                                             \
        GO_X_LOUD                                                              \
    }
#define GO_X_CHECK_1(f, a)                                                     \
    GO_X_CHECK_ARG(a);                                                         \
    GO_X_CHECK_N(f, (a), (GO_X_NULL))
#define GO_X_CHECK_2(f, a, b)                                                  \
    GO_X_CHECK_ARG(a);                                                         \
    GO_X_CHECK_ARG(b);                                                         \
    GO_X_CHECK_N(f, (a, b), (GO_X_NULL, GO_X_NULL))
#define GO_X_CHECK_3(f, a, b, c)                                               \
    GO_X_CHECK_ARG(a);                                                         \
    GO_X_CHECK_ARG(b);                                                         \
    GO_X_CHECK_ARG(c);                                                         \
    GO_X_CHECK_N(f, (a, b, c), (GO_X_NULL, GO_X_NULL, GO_X_NULL))
#define GO_X_CHECK_4(f, a, b, c, d)                                            \
    GO_X_CHECK_ARG(a);                                                         \
    GO_X_CHECK_ARG(b);                                                         \
    GO_X_CHECK_ARG(c);                                                         \
    GO_X_CHECK_ARG(d);                                                         \
    GO_X_CHECK_N(f, (a, b, c, d), (GO_X_NULL, GO_X_NULL, GO_X_NULL, GO_X_NULL))
#define GO_X_CHECK_5(f, a, b, c, d, e)                                         \
    GO_X_CHECK_ARG(a);                                                         \
    GO_X_CHECK_ARG(b);                                                         \
    GO_X_CHECK_ARG(c);                                                         \
    GO_X_CHECK_ARG(d);                                                         \
    GO_X_CHECK_ARG(e);                                                         \
    GO_X_CHECK_N(f, (a, b, c, d, e),                                           \
                 (GO_X_NULL, GO_X_NULL, GO_X_NULL, GO_X_NULL, GO_X_NULL))
#define GO_X_CHECK_6(f, a, b, c, d, e, g)                                      \
    GO_X_CHECK_ARG(a);                                                         \
    GO_X_CHECK_ARG(b);                                                         \
    GO_X_CHECK_ARG(c);                                                         \
    GO_X_CHECK_ARG(d);                                                         \
    GO_X_CHECK_ARG(e);                                                         \
    GO_X_CHECK_ARG(g);                                                         \
    GO_X_CHECK_N(                                                              \
        f, (a, b, c, d, e, g),                                                 \
        (GO_X_NULL, GO_X_NULL, GO_X_NULL, GO_X_NULL, GO_X_NULL, GO_X_NULL))
#define GO_X_CHECK_MANY(f, ...)                                                \
    _Static_assert(0, "at most six arguments: pass a pointer to a struct")

#define GO_X_WORDS_0(f)          f, 0, 0, 0, 0, 0, 0
#define GO_X_WORDS_1(f, a)       f, GO_WORD(a), 0, 0, 0, 0, 0
#define GO_X_WORDS_2(f, a, b)    f, GO_WORD(a), GO_WORD(b), 0, 0, 0, 0
#define GO_X_WORDS_3(f, a, b, c) f, GO_WORD(a), GO_WORD(b), GO_WORD(c), 0, 0, 0
#define GO_X_WORDS_4(f, a, b, c, d)                                            \
    f, GO_WORD(a), GO_WORD(b), GO_WORD(c), GO_WORD(d), 0, 0
#define GO_X_WORDS_5(f, a, b, c, d, e)                                         \
    f, GO_WORD(a), GO_WORD(b), GO_WORD(c), GO_WORD(d), GO_WORD(e), 0
#define GO_X_WORDS_6(f, a, b, c, d, e, g)                                      \
    f, GO_WORD(a), GO_WORD(b), GO_WORD(c), GO_WORD(d), GO_WORD(e), GO_WORD(g)
#define GO_X_WORDS_MANY(f, ...) f, 0, 0, 0, 0, 0, 0

#define GO_X_CHECKS(...)                                                       \
    GO_X_CAT(GO_X_CHECK_, GO_X_COUNT(__VA_ARGS__))(__VA_ARGS__)
#define GO_X_WORDS(...)                                                        \
    GO_X_CAT(GO_X_WORDS_, GO_X_COUNT(__VA_ARGS__))(__VA_ARGS__)

/* GO_X_RESULT(fn, args...): the type of the call, not evaluated. */
#define GO_X_RESULT_0(f)         __typeof__((f)())
#define GO_X_RESULT_1(f, ...)    __typeof__((f)(__VA_ARGS__))
#define GO_X_RESULT_2            GO_X_RESULT_1
#define GO_X_RESULT_3            GO_X_RESULT_1
#define GO_X_RESULT_4            GO_X_RESULT_1
#define GO_X_RESULT_5            GO_X_RESULT_1
#define GO_X_RESULT_6            GO_X_RESULT_1
#define GO_X_RESULT_MANY(f, ...) void
#define GO_X_RESULT(...)                                                       \
    GO_X_CAT(GO_X_RESULT_, GO_X_COUNT(__VA_ARGS__))(__VA_ARGS__)

#define GO_X_IS_VOID(type) __builtin_types_compatible_p(type, void)
/* An int in place of void, so that an expression of it may be written. */
#define GO_X_SOLID(type)                                                       \
    __typeof__(__builtin_choose_expr(GO_X_IS_VOID(type), 0, *(type *)0))

/* The result of a kept call is void, an integer or a pointer. */
#define GO_X_CHECK_RESULT(type)                                                \
    _Static_assert(sizeof(GO_X_SOLID(type)) <= sizeof(void *) &&               \
                       !GO_X_IS_FLOAT(*(GO_X_SOLID(type) *)0),                 \
                   "the function must return void, an integer or a pointer");  \
    if (0)                                                                     \
    (void)GO_WORD(*(GO_X_SOLID(type) *)0)

/*
 * All checks of a call; the type of its result is go_x_result from here on,
 * so that a compiler tells of a mistake a few times and not a dozen.
 */
#define GO_X_CHECK_ALL(...)                                                    \
    GO_X_CHECKS(__VA_ARGS__);                                                  \
    typedef GO_X_RESULT(__VA_ARGS__) go_x_result;                              \
    GO_X_CHECK_RESULT(go_x_result)

/* First the checks, then the call: GO_X_CALL(name, fn, args...) declares it. */
#define GO_X_CALL(name, ...)                                                   \
    GO_X_CHECK_ALL(__VA_ARGS__);                                               \
    struct go_call name = GO_X_CALL_INIT(GO_X_WORDS(__VA_ARGS__))
#define GO_X_CALL_INIT(...) GO_X_CALL_INIT_(__VA_ARGS__)
#define GO_X_CALL_INIT_(f, a, b, c, d, e, g)                                   \
    {                                                                          \
        (go_fn *)(f),                                                          \
        {                                                                      \
            a, b, c, d, e, g                                                   \
        }                                                                      \
    }

#endif
