/*
 * race_chan_test.c - what of channels orders two goroutines, and what not.
 *
 * Each primitive with and without: every schedule of the body with it has no
 * race, and one in which it is the wrong one has.
 */
#include "tests/told.h"

#include "runtime/sched/sanitize.h"

#ifndef RT_TSAN /* its own library has these names there */

static chan(int) c;

static void sends(void)
{
    told_write();
    chan_send(c, 1);
}

static void receives(void)
{
    chan_recv(c);
    told_write();
}

static void closes(void)
{
    told_write();
    chan_close(c);
}

static void selects(void)
{
    go_select(GO_RECV(c, NULL));
    told_write();
}

static void sends_before(void)
{
    chan_send(c, 1);
    told_write();
}

static void receives_after(void)
{
    told_write();
    chan_recv(c);
}

static void unbuffered(void)
{
    c = chan_make(int, 0);
    told_both(sends, receives);
}

static void buffered(void)
{
    c = chan_make(int, 2);
    told_both(sends, receives);
}

static void closed(void)
{
    c = chan_make(int, 0);
    told_both(closes, receives);
}

static void selected(void)
{
    c = chan_make(int, 1);
    told_both(sends, selects);
}

/* The receive is past for the send, without a buffer. */
static void met(void)
{
    c = chan_make(int, 0);
    told_both(sends_before, receives_after);
}

static void not_met(void)
{
    c = chan_make(int, 1);
    told_both(sends_before, receives_after);
}

/* The first receive is past for the second send. */
static void passes_the_place(void)
{
    chan_send(c, 1);
    chan_send(c, 2);
    told_write();
}

static void in_one_place(void)
{
    c = chan_make(int, 1);
    told_both(passes_the_place, receives_after);
}

static void in_two_places(void)
{
    c = chan_make(int, 2);
    told_both(passes_the_place, receives_after);
}

static void two_senders(void)
{
    c = chan_make(int, 2);
    told_both(sends, sends);
}

Test(race_chan, a_channel_orders_send_and_receive)
{
    TOLD_NONE(unbuffered);
    TOLD_NONE(buffered);
    TOLD_NONE(selected);
    TOLD_NONE(met);
    TOLD_NONE(in_one_place);
}

Test(race_chan, a_close_orders)
{
    TOLD_NONE(closed);
}

Test(race_chan, a_buffer_does_not_order_what_is_not_the_same_value)
{
    TOLD_SOME(not_met);
    TOLD_SOME(in_two_places);
    TOLD_SOME(two_senders);
}

static void measures(void)
{
    if (chan_len(c) == 1)
        told_write();
}

static void by_length(void)
{
    c = chan_make(int, 1);
    told_both(sends, measures);
}

Test(race_chan, a_length_orders_nothing)
{
    TOLD_SOME(by_length);
}

#endif
