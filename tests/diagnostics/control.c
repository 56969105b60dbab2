/* control.c - the right calls of all kinds: not a word from any compiler. */
#include "subjects.h"

static int channels(chan(int) c, chan(struct a) s, chan(const char *) p)
{
    chan_sender(int) out = chan_as_sender(c);
    chan_receiver(int) in = chan_as_receiver(c);
    struct a v = {1};
    bool ok;
    int n = chan_recv(in);

    chan_send(out, 1);
    chan_send(s, v);
    chan_send(s, (struct a){2});
    chan_send(p, "one");
    chan_send(c, chan_recv(c));
    chan_try_send(c, n);
    chan_recv(c);
    while (chan_recv_ok(in, &n) && chan_recv_ok(in, NULL))
        n += chan_try_recv(c, &n) + chan_try_recv(c, NULL);
    chan_range(x, in)
        n += x;
    switch (go_select(GO_RECV(c, &n), GO_RECV(in, NULL), GO_RECV_OK(s, &v, &ok),
                      GO_RECV_OK(s, NULL, NULL), GO_SEND(out, 1), GO_SEND(s, v),
                      GO_SEND(s, (struct a){3}), GO_SEND(p, "two"),
                      GO_DEFAULT)) {
    case 0:
        chan_close(out);
        break;
    default:
        chan_name(c, "c%d", n);
        chan_free(c);
        break;
    }
    return n + (int)(chan_len(in) + chan_cap(out));
}

static void calls(int n, void (*f)(int), struct go_waitgroup *wg)
{
    static struct go_once once;
    struct go_errgroup g = {0};
    struct go_mutex m = {0};
    int err;

    go_defer(go_waitgroup_done, wg);
    go_defer(go_mutex_unlock, &m);
    go(takes_none);
    go(takes_int, n);
    go(f, 'x');
    go(takes_two, n, "two");
    go(takes_six, 1, 2u, 3L, NULL, true, 'c');
    go(returns_int, n);
    go(returns_pointer);
    go_waitgroup_go(wg, takes_two, n, "two");
    go_errgroup_go(&g, returns_int, 1);
    go_once_do(&once, takes_int, 1);
    go_timer_free(go_after_func(GO_SECOND, takes_none));
    go_blocking(takes_int, 1);
    err = go_blocking(returns_int, 1);
    puts_it(err ? go_try(takes_int, 1) : go_blocking(returns_pointer));
    puts_it(go_try(returns_int, 1));
}

int main(void)
{
    chan(int) c = NULL;
    chan(struct a) s = NULL;
    chan(const char *) p = NULL;

    (void)go_main(calls, 1, takes_int, NULL);
    return go_main(channels, c, s, p);
}
