/*
 * arch_test.c - what an architecture must do right, below the monitor.
 *
 * Runs on the scheduler alone, so that it can be built for an architecture
 * for which the monitor's libraries are not at hand (scripts/test-arm64).
 * Each test's assertions stand after the run, on the thread's own stack.
 */
#include <criterion/criterion.h>
#include <string.h>
#include <vigil/go.h>

#include "runtime/base/cpu.h"
#include "runtime/sched/sched.h"
#include "runtime/sched/state.h"

/* A stand-in for the monitor: a call in the kernel comes back by itself. */
static bool stop_when_idle(bool main_ended, int64_t next)
{
    (void)main_ended;
    return next == INT64_MAX && !rt_load(rt_s.nblocking);
}

/* Runs fn as goroutine 1 with this many workers, until it returns. */
static enum rt_end run_with(int procs, void (*fn)(void))
{
    static const struct rt_hooks hooks = {.quiescent = stop_when_idle};
    struct rt_config config = {
        .procs = procs, .seed = 1, .clock_virtual = true, .hooks = &hooks};
    struct go_call call = {.fn = (go_fn *)fn};
    const char *why = NULL;
    enum rt_end end;

    cr_assert_eq(rt_boot(&config, &why), 0, "%s", why ? why : "no reason");
    end = rt_run(&call, GO_SITE("arch"));
    rt_halt();
    return end;
}

Test(arch, zeroing_ends_where_it_is_to)
{
    uint8_t bytes[16 + 48 + 16];
    int left = 0;

    memset(bytes, 1, sizeof(bytes));
    rt_zero(bytes + 15, 48);
    for (size_t i = 0; i < sizeof(bytes); i++)
        left += bytes[i];
    cr_assert(bytes[14] && !bytes[15] && !bytes[62] && bytes[63]);
    cr_assert_eq(left, 32);
}

static void nothing(void)
{
}

/* Whatever was on that stack: an unwinder ends where the frame pointer is 0. */
Test(arch, a_goroutine_begins_with_empty_registers)
{
    static uintptr_t stack[128] __attribute__((aligned(16)));
    const uintptr_t arg[GO_CALL_MAX] = {0}, *top = stack + 128, *sp;
    int set = 0;

    memset(stack, -1, sizeof(stack));
    sp = rt_switch_prepare(stack + 128, (go_fn *)nothing, arg);
    cr_assert(sp > stack && sp < top);
    for (const uintptr_t *p = sp; p < top; p++)
        set += *p != 0;
    cr_assert_eq(set, 2, "the function, and where its frame returns to");
}

static struct {
    int i;
    unsigned u;
    long l;
    const void *p;
    bool b;
    char c;
    int done;
} got;

static void six(int i, unsigned u, long l, const void *p, bool b, char c)
{
    got.i = i;
    got.u = u;
    got.l = l;
    got.p = p;
    got.b = b;
    got.c = c;
    got.done++;
}

static void pass_six(void)
{
    go(six, -7, 4000000000u, -1234567890123L, &got, true, 'x');
    while (!got.done)
        go_yield();
}

Test(arch, six_words_arrive_as_they_were_passed)
{
    cr_assert_eq(run_with(1, pass_six), RT_END_RETURNED);
    cr_assert_eq(got.i, -7);
    cr_assert_eq(got.u, 4000000000u);
    cr_assert_eq(got.l, -1234567890123L);
    cr_assert_eq(got.p, (const void *)&got);
    cr_assert(got.b);
    cr_assert_eq(got.c, 'x');
}

/* Values that must survive switches in callee-saved registers, also doubles. */
static void keep(uint64_t seed, chan(uint64_t) out)
{
    uint64_t a = seed, b = seed * 3, c = seed * 5, d = seed * 7, e = seed * 11;
    double x = (double)seed, y = x * 0.5, z = x * 0.25;

    for (int i = 0; i < 1000; i++) {
        a += b ^ (uint64_t)i;
        x += y * z;
        go_yield();
        b += c;
        c ^= d;
        d += e;
        y += 1.0;
    }
    chan_send(out, a + b + c + d + e + (uint64_t)(x + y + z));
}

static uint64_t sum[2];

static void keep_many(void)
{
    chan(uint64_t) c = chan_make(uint64_t, 0);

    for (uint64_t round = 0; round < 2; round++) {
        for (uint64_t i = 0; i < (round ? 1 : 8); i++)
            go(keep, (uint64_t)42, c);
        for (uint64_t i = 0; i < (round ? 1 : 8); i++)
            sum[round] += chan_recv(c) / (round ? 1 : 8);
    }
}

Test(arch, registers_survive_switches)
{
    cr_assert_eq(run_with(1, keep_many), RT_END_RETURNED);
    cr_assert_neq(sum[1], 0);
    cr_assert_leq(sum[1] - sum[0], 8, "eight at a time came to another sum");
}

Test(arch, registers_survive_moves_between_threads)
{
    cr_assert_eq(run_with(4, keep_many), RT_END_RETURNED);
    cr_assert_leq(sum[1] - sum[0], 8, "eight at a time came to another sum");
}

static uintptr_t frame_align;
static int depth_reached;

static int deep(int n)
{
    volatile char pad[64];

    pad[0] = (char)n;
    if (n == 0)
        return 0;
    return deep(n - 1) + 1 + (pad[0] != (char)n);
}

static void aligned(void)
{
    __attribute__((aligned(16))) char buf[16];

    frame_align = (uintptr_t)__builtin_frame_address(0) % 16;
    snprintf(buf, sizeof(buf), "%.3f", 2.5); /* wants an aligned stack */
    depth_reached = buf[0] == '2' ? deep(200) : -1;
}

static void call_aligned(void)
{
    go(aligned);
    while (!depth_reached)
        go_yield();
}

Test(arch, the_first_frame_is_aligned_and_can_call)
{
    cr_assert_eq(run_with(1, call_aligned), RT_END_RETURNED);
    cr_assert_eq(frame_align, 0);
    cr_assert_eq(depth_reached, 200);
}

static char *message;

static void boom(int n)
{
    go_panic("boom %d", n);
}

static void catch (void)
{
    message = go_try(boom, 9);
}

Test(arch, a_try_catches_a_panic)
{
    cr_assert_eq(run_with(1, catch), RT_END_RETURNED);
    cr_assert_str_eq(message, "boom 9");
    free(message);
}

static int answer(int a, int b)
{
    return a * b;
}

static int product;

static void block(void)
{
    product = go_blocking(answer, 6, 7);
}

Test(arch, a_blocking_call_gives_its_result)
{
    cr_assert_eq(run_with(2, block), RT_END_RETURNED);
    cr_assert_eq(product, 42);
}

static void wait_for_ever(void)
{
    chan_recv(chan_make(int, 0));
}

Test(arch, nothing_left_to_run_ends_the_run)
{
    cr_assert_eq(run_with(1, wait_for_ever), RT_END_STUCK);
    cr_assert_eq(run_with(4, wait_for_ever), RT_END_STUCK);
}
