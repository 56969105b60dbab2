/*
 * time.h - time on the runtime's clock, real or virtual; timers, tickers.
 *
 * Durations and instants are nanoseconds; an instant counts from the start of
 * the run. Extreme values saturate. On the virtual clock time stands still
 * while anybody runs, and jumps to the next timer when nobody can. Only
 * go_sleep parks. Making a timer panics when there is no memory for it.
 */
#ifndef VIGIL_TIME_H
#define VIGIL_TIME_H
#pragma GCC system_header /* tells of mistakes at the caller's line */

#include <vigil/chan.h>

typedef int64_t go_duration;
typedef int64_t go_instant;

#define GO_NANOSECOND  ((go_duration)1)
#define GO_MICROSECOND (1000 * GO_NANOSECOND)
#define GO_MILLISECOND (1000 * GO_MICROSECOND)
#define GO_SECOND      (1000 * GO_MILLISECOND)
#define GO_MINUTE      (60 * GO_SECOND)
#define GO_HOUR        (60 * GO_MINUTE)

GO_API go_instant go_now(void);
GO_API go_duration go_since(go_instant t);
GO_API go_instant go_add(go_instant t, go_duration d);
GO_API bool go_instant_before(go_instant a, go_instant b);
GO_API go_duration go_instant_sub(go_instant a, go_instant b); /* a - b */

/* Parks for d; d <= 0 only yields. */
GO_API void go_sleep_at(go_duration d, const struct go_site *site);
GO_API void go_sleep(go_duration d);
#define go_sleep(d) go_sleep_at((d), GO_SITE(""))

/*
 * A timer sends the instant on c once, d from when it was set; c holds no old
 * value after stop or reset. go_timer_stop and go_timer_reset return whether it
 * was armed, or had sent and nobody had received. Only these calls touch it,
 * and their function panics on NULL; go_timer_free gives it back, its channel
 * too, which nobody may wait on then, and NULL does nothing. So it is with
 * tickers.
 */
struct go_timer {
    GO_CHAN(go_instant) c; /* NULL for go_after_func */
};
struct go_ticker {
    GO_CHAN(go_instant) c; /* room for one: a slow receiver misses ticks */
};

GO_API GO_CHAN(go_instant) go_after_at(go_duration d, const struct go_site *);
GO_API struct go_timer *go_timer_new_at(go_duration d, const struct go_site *);
GO_API bool go_timer_stop_at(struct go_timer *t, const struct go_site *);
GO_API bool go_timer_reset_at(struct go_timer *t, go_duration d,
                              const struct go_site *);
GO_API void go_timer_free_at(struct go_timer *t, const struct go_site *);
GO_API struct go_timer *go_after_func_at(go_duration d,
                                         const struct go_call *call,
                                         const struct go_site *site);
/* d > 0, also to reset, else a panic: "non-positive interval for ..." */
GO_API struct go_ticker *go_ticker_new_at(go_duration d,
                                          const struct go_site *);
GO_API void go_ticker_stop_at(struct go_ticker *t, const struct go_site *);
GO_API void go_ticker_reset_at(struct go_ticker *t, go_duration d,
                               const struct go_site *);
GO_API void go_ticker_free_at(struct go_ticker *t, const struct go_site *);

/*
 * go_after(d): a channel that gets the instant, d from now. Its timer is given
 * back by itself; the channel, as any other, by chan_free, which also disarms
 * the timer, or at the end of the run: a loop that runs for days frees it.
 */
GO_API GO_CHAN(go_instant) go_after(go_duration d);
GO_API struct go_timer *go_timer_new(go_duration d);
GO_API bool go_timer_stop(struct go_timer *t);
GO_API bool go_timer_reset(struct go_timer *t, go_duration d);
GO_API void go_timer_free(struct go_timer *t);
GO_API struct go_ticker *go_ticker_new(go_duration d);
GO_API void go_ticker_stop(struct go_ticker *t);
GO_API void go_ticker_reset(struct go_ticker *t, go_duration d);
GO_API void go_ticker_free(struct go_ticker *t);
#define go_after(d)           go_after_at((d), GO_SITE(#d))
#define go_timer_new(d)       go_timer_new_at((d), GO_SITE(#d))
#define go_timer_stop(t)      go_timer_stop_at((t), GO_SITE(#t))
#define go_timer_reset(t, d)  go_timer_reset_at((t), (d), GO_SITE(#t))
#define go_timer_free(t)      go_timer_free_at((t), GO_SITE(#t))
#define go_ticker_new(d)      go_ticker_new_at((d), GO_SITE(#d))
#define go_ticker_stop(t)     go_ticker_stop_at((t), GO_SITE(#t))
#define go_ticker_reset(t, d) go_ticker_reset_at((t), (d), GO_SITE(#t))
#define go_ticker_free(t)     go_ticker_free_at((t), GO_SITE(#t))
/* go_after_func(d, fn, args...): a goroutine that runs fn, d from now, unless
   it is stopped before. What is there is a timer, to be freed. */
#define go_after_func(d, ...)                                                  \
    (__extension__({                                                           \
        GO_X_CALL(go_x_call, __VA_ARGS__);                                     \
        go_after_func_at((d), &go_x_call, GO_SITE(#d));                        \
    }))

#endif
