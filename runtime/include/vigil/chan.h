/*
 * chan.h - typed channels and select.
 *
 * chan(T) is a handle to a channel of T: a value, copied freely, NULL is Go's
 * nil channel (sends and receives on it block for ever, a select never takes
 * it). T is an unqualified object type; an array goes into a struct. The
 * handle's type carries T: sending a wrong type, or mixing the channels of
 * two types, is a compiler diagnostic at the line that does it.
 *
 * chan_sender(T) and chan_receiver(T) are handles that can do one half only:
 * the compiler refuses the other, and the monitor does not count who holds
 * one as a possible partner for it.
 *
 * Memory: a channel lives until chan_free, or until the run ends. Values are
 * copied in and out. Everything here may be called by any goroutine; what
 * does not park (tries, close, len, cap, free) also by any thread.
 *
 * Each macro evaluates each of its arguments once.
 */
#ifndef VIGIL_CHAN_H
#define VIGIL_CHAN_H
#pragma GCC system_header /* tells of mistakes at the caller's line */

#include <vigil/object.h>

struct go_chan;          /* what a handle stands for */
struct go_chan_sender;   /* never defined: they only tell handles apart */
struct go_chan_receiver; /* likewise */

/*
 * A handle is typed as a pointer to a function that returns T: no such
 * function exists, but the type carries T structurally, in every C compiler,
 * and converts to no other. The parameter tells what the handle can do.
 */
#define GO_CHAN(T)       __typeof__(__typeof__(T)(*)(struct go_chan *))
#define chan_sender(T)   __typeof__(__typeof__(T)(*)(struct go_chan_sender *))
#define chan_receiver(T) __typeof__(__typeof__(T)(*)(struct go_chan_receiver *))
#ifndef VIGIL_NO_SHORT_NAMES
#define chan(T) GO_CHAN(T)
#endif

/*
 * In memory the three differ by which part of the channel they point to, so
 * that the monitor can tell them apart too. Channels are aligned to
 * GO_CHAN_ALIGN; the runtime masks these bits away.
 */
#define GO_CHAN_ALIGN       64
#define GO_CHAN_AS_SENDER   16
#define GO_CHAN_AS_RECEIVER 32

/* The element type of a handle. */
#define GO_X_ELEM(c) __typeof__((c)((void *)0))

#define GO_X_SAME(a, b) __builtin_types_compatible_p(a, b)
#define GO_X_CAN_SEND(c)                                                       \
    (GO_X_SAME(__typeof__(c), GO_CHAN(GO_X_ELEM(c))) ||                        \
     GO_X_SAME(__typeof__(c), chan_sender(GO_X_ELEM(c))))
#define GO_X_CAN_RECV(c)                                                       \
    (GO_X_SAME(__typeof__(c), GO_CHAN(GO_X_ELEM(c))) ||                        \
     GO_X_SAME(__typeof__(c), chan_receiver(GO_X_ELEM(c))))
#define GO_X_MUST_SEND(c)                                                      \
    _Static_assert(GO_X_CAN_SEND(c), "not a channel that can be sent on")
#define GO_X_MUST_RECV(c)                                                      \
    _Static_assert(GO_X_CAN_RECV(c), "not a channel that can be received "     \
                                     "from")
/* The same as an expression, for what must not be a statement. */
#define GO_X_ASSERT(cond, text)                                                \
    ((void)sizeof(struct {                                                     \
        int go_x_ok;                                                           \
        _Static_assert(cond, text);                                            \
    }))
#define GO_X_HANDLE(c) ((struct go_chan *)(c))

/*
 * chan_make(T, cap): a channel of T with room for cap values; 0: a rendezvous.
 * Does not park. Panics "makechan: size out of range" when cap * sizeof(T) is
 * absurd, which a negative capacity is, and "makechan: out of memory".
 */
#define chan_make(T, cap)                                                      \
    ((GO_CHAN(T))go_chan_make_at(sizeof(T), (size_t)(cap), #T, GO_SITE("")))

/* The same channel by a handle that can do one half; NULL stays NULL. */
#define chan_as_sender(c)                                                      \
    (__extension__({                                                           \
        GO_X_MUST_SEND(c);                                                     \
        (chan_sender(GO_X_ELEM(c)))                                            \
            go_chan_handle(GO_X_HANDLE(c), GO_CHAN_AS_SENDER);                 \
    }))
#define chan_as_receiver(c)                                                    \
    (__extension__({                                                           \
        GO_X_MUST_RECV(c);                                                     \
        (chan_receiver(GO_X_ELEM(c)))                                          \
            go_chan_handle(GO_X_HANDLE(c), GO_CHAN_AS_RECEIVER);               \
    }))

/*
 * chan_send(c, v): sends v; parks until a receiver takes it or the buffer has
 * room. For ever on a nil channel. Panics "send on closed channel".
 */
#define chan_send(c, ...) GO_X_SEND(GO_X_UNIQUE(v), c, (__VA_ARGS__))
#define GO_X_SEND(id, c, v)                                                    \
    (__extension__({                                                           \
        GO_X_MUST_SEND(c);                                                     \
        GO_X_ELEM(c) id = v;                                                   \
        go_chan_send_at(GO_X_HANDLE(c), &id, GO_SITE(#c));                     \
    }))

/*
 * chan_recv(c): the next value; parks until there is one. The zero value once
 * c is closed and drained. For ever on a nil channel.
 */
#define chan_recv(c) GO_X_RECV(GO_X_UNIQUE(v), c, #c)
#define GO_X_RECV(id, c, text)                                                 \
    (__extension__({                                                           \
        GO_X_MUST_RECV(c);                                                     \
        GO_X_ELEM(c) id;                                                       \
        go_chan_recv_at(GO_X_HANDLE(c), &id, GO_SITE(text));                   \
        id;                                                                    \
    }))

/* The same into *out (NULL discards); false once closed and drained: zeroed.
   For ever on a nil channel. */
#define chan_recv_ok(c, out)                                                   \
    (__extension__({                                                           \
        GO_X_MUST_RECV(c);                                                     \
        go_chan_recv_at(GO_X_HANDLE(c), GO_X_OUT(c, out), GO_SITE(#c));        \
    }))
/* An initialisation, for compilers tell of a wrong one at the user's line. */
#define GO_X_OUT(c, out) ((GO_X_ELEM(c) *){(out)})

/* Never park, but of 64 in a row that are in vain one yields, as of all that only
   tries; on a nil channel false and 0. chan_try_send: true if it was sent; panics
   as chan_send. */
#define chan_try_send(c, ...) GO_X_TRY_SEND(GO_X_UNIQUE(v), c, (__VA_ARGS__))
#define GO_X_TRY_SEND(id, c, v)                                                \
    (__extension__({                                                           \
        GO_X_MUST_SEND(c);                                                     \
        GO_X_ELEM(c) id = v;                                                   \
        go_chan_try_send_at(GO_X_HANDLE(c), &id, GO_SITE(#c));                 \
    }))
/* 1: received; 0: nothing there; -EPIPE: closed and drained, *out zeroed. */
#define chan_try_recv(c, out)                                                  \
    (__extension__({                                                           \
        GO_X_MUST_RECV(c);                                                     \
        go_chan_try_recv_at(GO_X_HANDLE(c), GO_X_OUT(c, out), GO_SITE(#c));    \
    }))

/*
 * Closes c: waiting and later receivers get the zero value, senders panic.
 * Does not park. Panics "close of closed channel", "close of nil channel".
 * A receive-only handle does not compile.
 */
#define chan_close(c)                                                          \
    (__extension__({                                                           \
        GO_X_MUST_SEND(c);                                                     \
        go_chan_close_at(GO_X_HANDLE(c), GO_SITE(#c));                         \
    }))

/* Values queued now, room in all; both 0 for a nil channel. */
#define chan_len(c) go_chan_len(GO_X_HANDLE(c))
#define chan_cap(c) go_chan_cap(GO_X_HANDLE(c))

/* chan_range(v, c) { ... }: declares v, receives until c is closed. */
#define chan_range(v, c)                                                       \
    GO_X_RANGE(v, GO_X_UNIQUE(range), GO_X_UNIQUE(once), c, #c)
#define GO_X_RANGE(v, id, once, c, text)                                       \
    for (__typeof__(c) id = (c), *once = &id; once; once = NULL)               \
        for (GO_X_ELEM(id) v; (__extension__({                                 \
                 GO_X_MUST_RECV(id);                                           \
                 go_chan_recv_at(GO_X_HANDLE(id), &v, GO_SITE(text));          \
             }));)

/* Names c in reports, printf-like; the text is copied. */
#define chan_name(c, ...) go_chan_name(GO_X_HANDLE(c), __VA_ARGS__)

/*
 * Gives c back; nobody may use it any more. Values in it and its being open do
 * not matter. Panics when somebody waits on it, and of a timer's or ticker's,
 * which goes with that; a later use panics "use of freed channel" as long as
 * the slot tells. Not freeing is no leak: the runtime gives back at the end of
 * a run what it made. NULL does nothing.
 */
#define chan_free(c) go_chan_free_at(GO_X_HANDLE(c), GO_SITE(#c))

/* One case of a select. Built by GO_RECV and its like, never by hand. */
enum go_case_op {
    GO_CASE_RECV,
    GO_CASE_SEND,
    GO_CASE_DEFAULT,
};
struct go_case {
    enum go_case_op op;
    struct go_chan *chan;
    void *value; /* receive: where to, may be NULL; send: what */
    bool *ok;    /* receive: whether it was a value; may be NULL */
    const struct go_site *site; /* where the case was written */
};

/*
 * GO_RECV(c, out): receive into *out; NULL discards.
 * GO_RECV_OK(c, out, ok): and *ok tells a value from a close.
 * GO_SEND(c, v): v lives until the select that uses it has returned; in a set
 * built at run time (struct go_case k = GO_SEND(c, v);), as long as its block.
 * GO_DEFAULT: taken when no other case is ready.
 */
#define GO_RECV(c, out) GO_RECV_OK(c, out, NULL)
#define GO_RECV_OK(c, out, okp)                                                \
    ((struct go_case){                                                         \
        .op = (GO_X_ASSERT(GO_X_CAN_RECV(c),                                   \
                           "not a channel that can be received from"),         \
               GO_CASE_RECV),                                                  \
        .chan = GO_X_HANDLE(c),                                                \
        .value = GO_X_OUT(c, out),                                             \
        .ok = (okp),                                                           \
        .site = GO_SITE(#c)})
#define GO_SEND(c, ...)                                                        \
    ((struct go_case){                                                         \
        .op =                                                                  \
            (GO_X_ASSERT(GO_X_CAN_SEND(c),                                     \
                         "not a channel that can be sent on"),                 \
             (void)(0 ? ((void (*)(GO_X_ELEM(c)))0)((__VA_ARGS__)) : (void)0), \
             GO_CASE_SEND),                                                    \
        .chan = GO_X_HANDLE(c),                                                \
        .value = (GO_X_ELEM(c)[1]){(__VA_ARGS__)},                             \
        .site = GO_SITE(#c)})
#define GO_DEFAULT                                                             \
    ((struct go_case){.op = GO_CASE_DEFAULT, .site = GO_SITE("")})

/*
 * go_select(cases...): waits until one of the cases can proceed, takes one of
 * the ready ones, each with the same probability, and returns its place in
 * the list. Parks unless there is a GO_DEFAULT; with no case, or only nil
 * channels, for ever. Panics "send on closed channel".
 */
#define go_select(...) GO_X_SELECT(GO_X_UNIQUE(k), __VA_ARGS__)
#define GO_X_SELECT(id, ...)                                                   \
    (__extension__({                                                           \
        struct go_case id[] = {__VA_ARGS__};                                   \
        go_select_at(id, sizeof(id) / sizeof(struct go_case), GO_SITE(""));    \
    }))
/* The same with a set built at run time; n = 0 blocks for ever. */
#define go_select_cases(cases, n) go_select_at((cases), (n), GO_SITE(""))

/* What the macros call; out and v point to sizeof(T) bytes. */
GO_API struct go_chan *go_chan_make_at(size_t elem, size_t cap,
                                       const char *type,
                                       const struct go_site *site);
GO_API void go_chan_send_at(struct go_chan *c, const void *v,
                            const struct go_site *site);
GO_API bool go_chan_recv_at(struct go_chan *c, void *out,
                            const struct go_site *site);
GO_API bool go_chan_try_send_at(struct go_chan *c, const void *v,
                                const struct go_site *site);
GO_API int go_chan_try_recv_at(struct go_chan *c, void *out,
                               const struct go_site *site);
GO_API void go_chan_close_at(struct go_chan *c, const struct go_site *site);
GO_API size_t go_chan_len(struct go_chan *c);
GO_API size_t go_chan_cap(struct go_chan *c);
GO_API void go_chan_name(struct go_chan *c, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
GO_API void go_chan_free_at(struct go_chan *c, const struct go_site *site);
GO_API int go_select_at(struct go_case *cases, size_t n,
                        const struct go_site *site);
GO_API int(go_select_cases)(struct go_case *cases, size_t n);

/* c as seen through a handle of the other kind; NULL stays NULL. */
static inline struct go_chan *go_chan_handle(struct go_chan *c, uintptr_t as)
{
    uintptr_t base = (uintptr_t)c & ~(uintptr_t)(GO_CHAN_ALIGN - 1);

    return (struct go_chan *)(base ? base + as : 0);
}

#endif
