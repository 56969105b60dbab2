/*
 * grpc_1275 - a reader waits on a stream that was closed without telling it.
 *
 * What it did: a stream's reader waits for the next byte on the stream's
 * buffer. Closing the stream did nothing to the buffer; the test that closes
 * it gives the reader a moment to notice, and goes away.
 * Why it bites: always; there is nobody who would send on the buffer, or close
 * it.
 * The fix: closing the stream closes the buffer, and the reader takes that for
 * the end of the stream.
 * Class: communication (channel). Expected: LEAK of the reader. Origin: GoKer
 * grpc_1275.
 */
#include <stdlib.h>
#include <vigil/scenario.h>

#define PATIENCE (300 * GO_NANOSECOND)

struct stream {
    chan(int) buf; /* of lengths */
};

/* -EPIPE at the end of the stream. */
static int read_full(struct stream *s, int wanted)
{
    int got = 0, n = 0;
    bool open = true;

    while (got < wanted) {
        go_select(GO_RECV_OK(s->buf, &n, &open));
        if (!open)
            return -EPIPE;
        got += n;
    }
    return got;
}

static void read_stream(struct stream *s, chan(bool) finished)
{
    go_name("reader");
    read_full(s, 1);
    chan_close(finished);
}

static void close_stream(struct stream *s)
{
    (void)s;
}

static void close_stream_fixed(struct stream *s)
{
    chan_close(s->buf);
}

static void test_close(void (*close_it)(struct stream *))
{
    struct stream *s = calloc(1, sizeof(*s));
    chan(bool) finished = chan_make(bool, 0);
    struct go_timer *patience;

    s->buf = chan_make(int, 0);
    chan_name(s->buf, "stream buffer");
    go(read_stream, s, finished);
    close_it(s);
    patience = go_timer_new(PATIENCE);
    if (go_select(GO_RECV(finished, NULL), GO_RECV(patience->c, NULL)) == 0)
        go_timer_stop(patience);
}

SCENARIO(grpc_1275, .about = "a close that the reader is not told of",
         .expect = EXPECT_LEAK(1), .explore = true, .origin = "GoKer grpc_1275",
         .class = "communication")
{
    test_close(close_stream);
}

SCENARIO(grpc_1275_fixed, .about = "a close that closes the buffer",
         .explore = true, .origin = "GoKer grpc_1275", .class = "communication")
{
    test_close(close_stream_fixed);
}
