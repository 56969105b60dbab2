/*
 * word.h - for who stands in front of a call of the C library's by which word
 * comes from one goroutine to another by way of the kernel: what such a call is.
 *
 * Each is a choice, as vigil's own I/O is (go_control_ask). There is one key for
 * all of it, as in Go's race detector: what was written anywhere is past for who
 * reads anywhere. Which file, and whose, would be to know what the kernel knows.
 *
 * Only for who defines _GNU_SOURCE, and neither _FORTIFY_SOURCE nor
 * _FILE_OFFSET_BITS: a name must be the one that it says.
 */
#ifndef HN_EXPLORE_WORD_H
#define HN_EXPLORE_WORD_H

#include <stdarg.h>
#include <stdbool.h>
#include <vigil/elsewhere.h>

#include "harness/explore/answers.h"
#include "harness/explore/next.h"
#include "harness/explore/opened.h"
#include "harness/explore/orders.h"

/* Before the call: it changes nothing if it fails; or something in any case. */
static inline void hn_word_ask(const void *pc)
{
    go_control_ask(GO_OP_ASK, pc);
}

static inline void hn_word_tell(const void *pc)
{
    go_control_ask(GO_OP_IO, pc);
}

/* Or it may wait, and then all wait: so it is no choice, for in another order it
   might, for ever. */
static inline void hn_word_wait(void)
{
    go_control_unseen("other orders of what is asked of the kernel");
    go_control_release(&hn_orders_kernel);
}

/* Behind it: what has come may have been sent by anybody before. */
static inline void hn_word_hears(bool something)
{
    if (something)
        go_control_got();
    go_control_acquire(&hn_orders_kernel);
}

#define CALLER __builtin_return_address(0)
#define CALL(type, name, params, args, before, after)                          \
    HN_EXPORT type name params;                                                \
    HN_EXPORT type name params                                                 \
    {                                                                          \
        type result;                                                           \
                                                                               \
        if (!HN_SERVED)                                                        \
            return HN_NEXT(name) args;                                         \
        before;                                                                \
        result = HN_NEXT(name) args;                                           \
        after;                                                                 \
        return result;                                                         \
    }
/* asks: how; got: whether anything came of it, or was changed. */
#define READS(type, name, params, args, asks, got)                             \
    CALL(type, name, params, args, asks, hn_word_hears(got))
#define WRITES(type, name, params, args, asks)                                 \
    CALL(type, name, params, args,                                             \
         (asks, go_control_release(&hn_orders_kernel)),                        \
         if (result >= 0) go_control_got())
#define BOTH(type, name, params, args, asks)                                   \
    CALL(type, name, params, args,                                             \
         (asks, go_control_release(&hn_orders_kernel)),                        \
         hn_word_hears(result >= 0))
#define TRIES(type, name, params, args)                                        \
    BOTH(type, name, params, args, hn_word_ask(CALLER))
#define CHANGES(type, name, params, args)                                      \
    BOTH(type, name, params, args, hn_word_tell(CALLER))
/* The result is a descriptor. */
#define OPENS(type, name, params, args)                                        \
    CALL(type, name, params, args,                                             \
         (hn_word_ask(CALLER), go_control_release(&hn_orders_kernel)),         \
         hn_word_hears(hn_opened_add(result)))
#define WAITS(type, name, params, args)                                        \
    CALL(type, name, params, args, hn_word_wait(),                             \
         go_control_acquire(&hn_orders_kernel))
#define ASK  hn_word_ask(CALLER)
#define TELL hn_word_tell(CALLER)

/* Up to two more arguments, which may not be there: words, as they come. asks:
   else it may wait. makes: whether the result is a descriptor. */
#define MORE(type, name, params, last, args, asks, makes)                      \
    HN_EXPORT type name params;                                                \
    HN_EXPORT type name params                                                 \
    {                                                                          \
        va_list ap;                                                            \
        long more[2];                                                          \
        type result;                                                           \
                                                                               \
        va_start(ap, last);                                                    \
        more[0] = va_arg(ap, long);                                            \
        more[1] = va_arg(ap, long);                                            \
        va_end(ap);                                                            \
        if (!HN_SERVED)                                                        \
            return HN_NEXT(name) args;                                         \
        if (asks)                                                              \
            ASK;                                                               \
        else                                                                   \
            hn_word_wait();                                                    \
        go_control_release(&hn_orders_kernel);                                 \
        result = HN_NEXT(name) args;                                           \
        if (makes)                                                             \
            hn_opened_add(result);                                             \
        hn_word_hears(result >= 0);                                            \
        return result;                                                         \
    }

#endif
