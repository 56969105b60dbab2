/*
 * handle_in_a_register - the only other handle is in a register.
 *
 * Looks stuck to whoever reads memory only: a goroutine that computes keeps
 * the handle in a register meanwhile. Expected: CLEAN, and no early alarm.
 */
#include "scenarios/check.h"

static void compute_and_send(chan(int) c)
{
    register chan(int) kept = c;
    int sum = 0;

    for (int i = 0; i < scaled(2000000); i++) {
        sum += i & 1;
        __asm__ volatile("" : "+r"(kept), "+r"(sum));
    }
    chan_send(kept, sum);
}

SCENARIO(handle_in_a_register, .about = "a computing goroutine has the handle")
{
    chan(int) c = chan_make(int, 0);

    go(compute_and_send, c);
    CHECK_EQ(chan_recv(c), scaled(2000000) / 2);
}
