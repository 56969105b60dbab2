/*
 * channels.c - pieces over channels and selects, and many goroutines at once.
 */
#include "pieces.h"
#include <stdlib.h>
#include <vigil/go.h>

typedef chan(long) longs;

static void produce(longs out, long n)
{
    for (long i = 0; i < n; i++)
        chan_send(out, i);
    chan_close(out);
}

static void stage(longs in, longs out)
{
    chan_range(v, in)
        chan_send(out, v + 1);
    chan_close(out);
}

/* A line of stages, each adds one. */
long piece_pipeline(struct draw *d)
{
    long n = draw(d, 200), stages = draw(d, 20), sum = 0;
    longs made[24];

    for (long i = 0; i <= stages; i++)
        made[i] = chan_make(long, draw(d, 4));
    go(produce, made[0], n);
    for (long i = 0; i < stages; i++)
        go(stage, made[i], made[i + 1]);
    chan_range(v, made[stages])
        sum += v;
    for (long i = 0; i <= stages; i++)
        chan_free(made[i]);
    return sum == sum_to(n) + n * stages ? stages + 1 : -1;
}

static void report(longs out, long v)
{
    chan_send(out, v);
}

/* Many senders, several channels, one who selects; now and then it looks. */
long piece_mesh(struct draw *d)
{
    long n = 1 + draw(d, 300), got = 0;
    longs c[4];

    for (int i = 0; i < 4; i++)
        c[i] = chan_make(long, draw(d, 3));
    for (long i = 0; i < n; i++)
        go(report, c[draw(d, 4)], i);
    for (long left = n; left;) {
        long v = 0;
        bool look = draw(d, 4) == 0;
        int which =
            look ? go_select(GO_RECV(c[0], &v), GO_RECV(c[1], &v),
                             GO_RECV(c[2], &v), GO_RECV(c[3], &v), GO_DEFAULT)
                 : go_select(GO_RECV(c[0], &v), GO_RECV(c[1], &v),
                             GO_RECV(c[2], &v), GO_RECV(c[3], &v));

        got += v;
        left -= which < 4;
        if (which == 4)
            go_yield();
    }
    for (int i = 0; i < 4; i++)
        chan_free(c[i]);
    return got == sum_to(n) ? n : -1;
}

/* Channels that only blocks on the heap know, while their readers wait. */
struct mailbox {
    struct mailbox *next;
    longs letters, answers;
};

static void reader(longs letters, longs answers)
{
    chan_send(answers, chan_recv(letters) * 2);
}

long piece_mailboxes(struct draw *d)
{
    long n = 1 + draw(d, 100), sum = 0;
    struct mailbox *all = NULL;

    for (long i = 0; i < n; i++) {
        struct mailbox *box = calloc(1, sizeof(*box));

        if (!box)
            return -1;
        box->letters = chan_make(long, 0);
        box->answers = chan_make(long, 1);
        box->next = all;
        all = box;
        go(reader, box->letters, box->answers);
    }
    if (draw(d, 2))
        go_sleep(GO_MILLISECOND * draw(d, 30));
    for (long i = 0; i < n; i++) {
        struct mailbox *box = all;

        all = box->next;
        chan_send(box->letters, i);
        sum += chan_recv(box->answers);
        chan_free(box->letters);
        chan_free(box->answers);
        free(box);
    }
    return sum == 2 * sum_to(n) ? n : -1;
}

static void wait_for_start(longs start, struct go_atomic *passed)
{
    chan_recv(start);
    go_atomic_add(passed, 1);
}

unsigned crowd_size = 1000;

/* Many at once: stacks come, and must go again. */
long piece_crowd(struct draw *d)
{
    long n = crowd_size + draw(d, crowd_size + 1);
    longs start = chan_make(long, 0);
    struct go_atomic passed = {0};

    for (long i = 0; i < n; i++)
        go(wait_for_start, start, &passed);
    go_sleep(GO_MILLISECOND);
    chan_close(start);
    while (go_atomic_load(&passed) < n)
        go_sleep(GO_MILLISECOND);
    chan_free(start);
    return n;
}
