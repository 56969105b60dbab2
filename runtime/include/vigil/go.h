/*
 * go.h - goroutines for C, and all that comes with them.
 *
 * This is what a program includes. Two short words, go and chan; everything
 * else begins with go_, chan_ or GO_. Define VIGIL_NO_SHORT_NAMES before the
 * include to hide the two (GO_GO and GO_CHAN are always there).
 *
 *     static void hello(const char *whom) { printf("hello, %s\n", whom); }
 *     static void app(void) { go(hello, "world"); go_sleep(GO_SECOND); }
 *     int main(void) { return go_main(app); }
 *
 * Settings come from the environment, VIGIL=name=value,... ; the README lists
 * them. "Parks" means that the goroutine stops, and its thread runs others: on
 * a thread that is no goroutine that panics "not in a goroutine". What does not
 * park any thread may call, but no handler of a signal. Texts are copied.
 */
#ifndef VIGIL_GO_H
#define VIGIL_GO_H
#pragma GCC system_header /* tells of mistakes at the caller's line */

#ifdef __cplusplus
#error "vigil/go.h is C: what runs as goroutines is written in files of C"
#endif

#include <errno.h>
#include <vigil/call.h>
#include <vigil/chan.h>
#include <vigil/context.h>
#include <vigil/io.h>
#include <vigil/object.h>
#include <vigil/sync.h>
#include <vigil/time.h>

/*
 * A goroutine may come back from a call on another thread, and compilers keep
 * the address of errno across calls: so here errno is fetched anew each time.
 */
GO_API int *go_errno(void);
#undef errno
#define errno (*go_errno())

/*
 * go(fn, args...): runs fn as a new goroutine. Up to six arguments of at most a
 * word (integers, pointers, channels), checked against fn's prototype; a char,
 * short or bool parameter wants a value in its range. What does not fit does
 * not compile. Does not park. Panics "go of nil func value", and when there is
 * no memory for a stack.
 */
#define GO_GO(...)                                                             \
    (__extension__({                                                           \
        GO_X_CHECK_ALL(__VA_ARGS__);                                           \
        GO_X_GO(GO_X_WORDS(__VA_ARGS__));                                      \
    }))
#define GO_X_GO(...) GO_X_GO_(__VA_ARGS__)
#define GO_X_GO_(f, a, b, c, d, e, g)                                          \
    go_go_at(GO_SITE(#f), (go_fn *)(f), a, b, c, d, e, g)
#ifndef VIGIL_NO_SHORT_NAMES
#define go(...) GO_GO(__VA_ARGS__)
#endif
GO_API void go_go_at(const struct go_site *site, go_fn *fn, uintptr_t a,
                     uintptr_t b, uintptr_t c, uintptr_t d, uintptr_t e,
                     uintptr_t f);

/*
 * go_main(fn, args...): runs fn as goroutine 1 and returns the process's exit
 * status: fn's result if it has one, else 0. When fn returns, the program's
 * goroutines end. All asleep, a panic: a report on standard error and status 2;
 * settings that are wrong: a line there, and 64. Not from within a goroutine;
 * again after it has returned is fine.
 */
#define go_main(...)                                                           \
    (__extension__({                                                           \
        GO_X_CALL(go_x_call, __VA_ARGS__);                                     \
        go_main_at(&go_x_call, !GO_X_IS_VOID(go_x_result), GO_SITE(""));       \
    }))
GO_API int go_main_at(const struct go_call *call, bool has_status,
                      const struct go_site *site);

GO_API uint64_t go_self(void); /* the caller's id, 1 is main; 0: no goroutine */
/* The caller's name in reports, printf-like; a thread has none. */
GO_API void go_name(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* The name of a lock, wait group, context, ... in reports. NULL: nothing. */
GO_API void go_label(const void *obj, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* Lets others run first; nothing on a thread. */
GO_API void go_yield_at(const struct go_site *site);
GO_API void go_yield(void);
#define go_yield() go_yield_at(GO_SITE(""))
/* Ends the caller, past every go_try; its defers run. In main, the others go
   on. On a thread a panic. */
GO_API void go_exit_at(const struct go_site *) __attribute__((noreturn));
GO_API void go_exit(void) __attribute__((noreturn));
#define go_exit() go_exit_at(GO_SITE(""))
/* Goroutines that exist, the caller included; 0 where no go_main is running. */
GO_API size_t go_count(void);
/* While a go_main is running: n workers from now on, 256 at most, or as many as
   before where there is no memory; the number before. n <= 0 only asks. Where
   schedules are explored or replayed there is one, and stays. */
GO_API int go_set_procs(int n);
/* The caller is meant to outlive main: no leak. On a thread a panic. */
GO_API void go_expect_daemon(void);
/* While a go_main is running: looks, for which all are stopped; how many,
   daemons apart, are proven stuck. Explored: a yield, and 0. */
GO_API int go_check(void);
/* 0..n-1, n >= 1 or a panic: at random, and a decision when schedules are
   explored; on a thread 0. */
GO_API int go_choose(int n);

/*
 * go_blocking(fn, args...): runs fn where it may block a thread, on the
 * thread's own stack; other goroutines go on meanwhile. Returns fn's result.
 * Counts as an external wait. What parks must not be called in fn. On a thread
 * fn is just called.
 */
#define go_blocking(...)                                                       \
    (__extension__({                                                           \
        GO_X_CALL(go_x_call, __VA_ARGS__);                                     \
        union {                                                                \
            uintptr_t word;                                                    \
            GO_X_SOLID(go_x_result) value;                                     \
        } go_x_out = {go_blocking_at(&go_x_call, GO_SITE(""))};                \
        (void)go_x_out;                                                        \
        __builtin_choose_expr(GO_X_IS_VOID(go_x_result), (void)0,              \
                              go_x_out.value);                                 \
    }))
GO_API uintptr_t go_blocking_at(const struct go_call *call,
                                const struct go_site *site);

/*
 * The kernel, another process or a device holds this handle: until taken
 * back, as often as it was said, or the run ends, it counts as held by a living
 * goroutine. It is no error to take back what was not said.
 */
GO_API void go_known_elsewhere(const void *handle);
GO_API void go_not_known_elsewhere(const void *handle);
#define go_known_elsewhere(h)     (go_known_elsewhere)((const void *)(h))
#define go_not_known_elsewhere(h) (go_not_known_elsewhere)((const void *)(h))

/*
 * A panic ends the goroutine's calls, running what they deferred, newest first,
 * up to the nearest go_try; without one it ends the program, exit 2. On a
 * thread it does so at once: there is no try, and nothing runs.
 */
GO_API void go_panic_at(const struct go_site *site, const char *fmt, ...)
    __attribute__((noreturn, format(printf, 2, 3)));
GO_API void go_panic(const char *fmt, ...)
    __attribute__((noreturn, format(printf, 1, 2)));
#define go_panic(...) go_panic_at(GO_SITE(""), __VA_ARGS__)
/* go_try(fn, args...) runs fn: NULL, or the message of the panic that ended it,
   to be freed. Panics "call of nil func value". */
GO_API char *go_try_at(const struct go_call *call, const struct go_site *site);
#define go_try(...)                                                            \
    (__extension__({                                                           \
        GO_X_CALL(go_x_call, __VA_ARGS__);                                     \
        go_try_at(&go_x_call, GO_SITE(""));                                    \
    }))

/*
 * go_defer(fn, arg): fn(arg) when the scope ends, by whatever way: its normal
 * end, a panic or go_exit; newest first. arg is one pointer, handle or word, as
 * it is now. A declaration: it stands where one may stand. go_defer_close(c)
 * closes a channel. On a thread: at the scope's normal end.
 */
#define go_defer(fn, arg) GO_X_DEFER(GO_X_UNIQUE(defer), fn, arg)
#define GO_X_DEFER(id, f, a)                                                   \
    __attribute__((cleanup(go_defer_leave))) struct go_defer id = {            \
        NULL, (go_fn *)(f), GO_WORD(a), GO_SITE(#a)};                          \
    GO_X_CHECK_1(f, a);                                                        \
    go_defer_enter(&id)
#define go_defer_close(c) GO_X_DEFER_CLOSE(GO_X_UNIQUE(defer), c)
#define GO_X_DEFER_CLOSE(id, c)                                                \
    GO_X_MUST_SEND(c);                                                         \
    __attribute__((cleanup(go_defer_leave))) struct go_defer id = {            \
        NULL, (go_fn *)go_chan_close, GO_WORD(c), GO_SITE(#c)};                \
    go_defer_enter(&id)
struct go_defer {
    struct go_defer *next; /* the one before, in the same goroutine */
    go_fn *fn;             /* NULL once it has run */
    uintptr_t arg;
    const struct go_site *site;
};
GO_API void go_defer_enter(struct go_defer *d);
GO_API void go_defer_leave(struct go_defer *d);
GO_API void go_chan_close(struct go_chan *c);

#endif
