/*
 * handle_in_a_register - the only other handle is in a register.
 *
 * Looks stuck to whoever reads memory only: a goroutine that computes keeps
 * the handle in a register meanwhile, a general one or one of the vector unit.
 * Expected: CLEAN, and no early alarm.
 */
#include <stdatomic.h>
#include "scenarios/check.h"

typedef chan(int) handle;

static void wait(handle c)
{
    CHECK_EQ(chan_recv(c), 42);
}

FORGETS static void start(handle *kept)
{
    *kept = chan_make(int, 0);
    go(wait, *kept);
    go_yield();
}

#if defined(__x86_64__)
/* Both take the handle out of memory, compute, and put it back. */
static void compute(handle *kept, _Atomic(int) *enough)
{
    register handle c __asm__("rbx") = NULL;

    __asm__ volatile("xchg %0, (%1)\n"
                     "1: pause\n"
                     "cmpl $0, (%2)\n"
                     "je 1b\n"
                     "xchg %0, (%1)\n"
                     : "+r"(c)
                     : "r"(kept), "r"(enough)
                     : "memory", "cc");
}

/* In the upper half of a register that no other value is in. */
static void compute_in_vector(handle *kept, _Atomic(int) *enough)
{
    __asm__ volatile("movq (%0), %%xmm11\n"
                     "pslldq $8, %%xmm11\n"
                     "movq $0, (%0)\n"
                     "1: pause\n"
                     "cmpl $0, (%1)\n"
                     "je 1b\n"
                     "psrldq $8, %%xmm11\n"
                     "movq %%xmm11, (%0)\n"
                     :
                     : "r"(kept), "r"(enough)
                     : "memory", "cc", "xmm11");
}
#else
/* The compiler's choice, without a look. */
static void compute(handle *kept, _Atomic(int) *enough)
{
    register handle c = *kept;

    *kept = NULL;
    while (!atomic_load(enough))
        __asm__ volatile("" : "+r"(c));
    *kept = c;
}
#define compute_in_vector compute
#endif

static void computer(void (*fn)(handle *, _Atomic(int) *), _Atomic(int) *enough)
{
    handle kept;

    start(&kept);
    fn(&kept, enough);
    chan_send(kept, 42);
}

/* On a thread of its own, for the computer keeps the only processor. Where
   looks can not scan, each would only wait for the computer in vain. */
static int look(_Atomic(int) *enough)
{
    int stuck = 0;

    for (int i = looks_scan() ? 20 : 1; i > 0; i--)
        stuck += go_check();
    atomic_store(enough, 1);
    return stuck;
}

static void play(void (*fn)(handle *, _Atomic(int) *))
{
    static _Atomic(int) enough;

    enough = 0;
    go(computer, fn, &enough);
    go_yield();
    CHECK_EQ(go_blocking(look, &enough), 0);
}

SCENARIO(handle_in_a_register, .about = "a register has the handle")
{
    play(compute);
}

SCENARIO(handle_in_a_register_vector, .about = "a vector register has it")
{
    play(compute_in_vector);
}
