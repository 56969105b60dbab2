/*
 * tsan.c - what code that was compiled with -fsanitize=thread calls, when it
 * is linked with vigil and not with that sanitizer's own library.
 *
 * In:  every load and store of the program, before it is done; its atomics,
 * which are done here. Out: data races (race.h), and points (control.h). In a
 * run that is not controlled an access costs a branch.
 *
 * T1  Atomics are points like vigil's own, in the order of all: whatever order
 *     they ask for, they are done in the strongest. What they order is what they
 *     ask for.
 * T2  Plain accesses are points from the first race on, to the end of the run:
 *     without a race nobody can see their order. Those to stacks are told apart
 *     from the rest (GO_MORE_STACKS), for most of them are nobody else's
 *     business. Before main has spawned anybody they are none; but when all
 *     others have ended they are, for what came first might have come later.
 * T3  To free a block is a write of all of it, whoever does it. Where that is a
 *     library it is no point, for a library may be in the middle of something
 *     then; and in no case one of more than STEP_MAX bytes: a search looks at
 *     each 8 of them.
 *
 * The names and types are the compilers' (gcc 12, clang 14). What they leave
 * to memcpy and its like of the C library somebody else may tell
 * (go_control_access). Left out where the sanitizer's library is linked:
 * V=tsan.
 */
#include "runtime/sched/sanitize.h"

#ifndef RT_TSAN
#include "runtime/sched/elsewhere.h"
#include "runtime/sched/race.h"
#include "runtime/sched/state.h"
#include "runtime/sched/wide.h"

#include <string.h>

/* Beside another sanitizer gcc knows these names, by types that are not what it
   passes: func_exit has no argument. */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wbuiltin-declaration-mismatch"
#endif

enum {
    STEP_MAX = 64 << 10 /* bytes */
};

#define EXPORT __attribute__((visibility("default")))
#define HERE   __builtin_return_address(0)

/* Its last call into the runtime is what it was. */
static void stand(struct g *g, enum go_op op, const struct rt_touch *t)
{
    size_t size = t->size < STEP_MAX ? t->size : STEP_MAX;
    struct rt_point p = {.at = {.op = (uint16_t)op,
                                .object = (const void *)t->address,
                                .size = (uint32_t)size,
                                .site = t->site}};
    const struct go_site *last = g->last;

    rt_point_wait(g, &p);
    g->last = last;
}

static void note_access(struct rt_touch *t, const void *pc)
{
    struct g *g = rt_enter_controlled();

    if (!g)
        return;
    t->site = rt_race_site(pc);
    if (!t->stays && rt_point_has_more(rt_race_more(t->address)) &&
        rt_load(rt_s.last_id) > 1)
        stand(g, t->write ? GO_OP_WRITE : GO_OP_READ, t);
    rt_race_access(g, t);
    rt_leave(g);
}

static __attribute__((noinline)) void
plain(const volatile void *address, size_t size, bool write, const void *pc)
{
    struct rt_touch t = {
        .address = (uintptr_t)address, .size = size, .write = write};

    note_access(&t, pc);
}

void go_control_access(const void *address, size_t size, bool write,
                       const void *pc)
{
    struct rt_touch t = {.address = (uintptr_t)address,
                         .size = size,
                         .write = write,
                         .copied = true};

    if (rt_race_on() && size > 0)
        note_access(&t, pc);
}

/* T3 */
void rt_race_given(uintptr_t low, size_t size, bool own, const void *pc)
{
    struct rt_touch t = {.address = low,
                         .size = size,
                         .write = true,
                         .copied = true,
                         .freed = true,
                         .stays = !own};

    if (rt_race_on())
        note_access(&t, pc);
}

static inline void touch(const volatile void *address, size_t size, bool write,
                         const void *pc)
{
    if (rt_race_on() && size > 0)
        plain(address, size, write, pc);
}

/* T1. */
static __attribute__((noinline)) void atomic(const volatile void *address,
                                             size_t size, enum go_op op,
                                             int order, const void *pc)
{
    struct rt_touch t = {.address = (uintptr_t)address,
                         .size = size,
                         .write = op != GO_OP_LOAD,
                         .atomic = true,
                         .site = rt_race_site(pc)};
    struct g *g = rt_enter_controlled();

    if (!g)
        return;
    stand(g, op, &t);
    rt_race_access(g, &t);
    if (op != GO_OP_STORE)
        rt_race_loads(g, (const void *)t.address, order);
    if (op != GO_OP_LOAD)
        rt_race_stores(g, (const void *)t.address, order);
    rt_leave(g);
}

static inline void touch_atomic(const volatile void *address, size_t size,
                                enum go_op op, int order, const void *pc)
{
    if (rt_race_on())
        atomic(address, size, op, order, pc);
}

/* Around a compare and swap: whose it is, if it is to be looked at. */
static __attribute__((noinline)) struct g *
begin_swap(struct rt_touch *t, const volatile void *address, size_t size,
           const void *pc)
{
    struct g *g = rt_race_on() ? rt_enter_controlled() : NULL;

    if (!g)
        return NULL;
    *t = (struct rt_touch){.address = (uintptr_t)address,
                           .size = size,
                           .atomic = true,
                           .site = rt_race_site(pc)};
    stand(g, GO_OP_UPDATE, t);
    return g;
}

/* One that fails has only loaded. */
static bool end_swap(struct g *g, struct rt_touch *t, bool did, int order,
                     int failed)
{
    if (!g)
        return did;
    t->write = did;
    rt_race_access(g, t);
    rt_race_loads(g, (const void *)t->address, did ? order : failed);
    if (did)
        rt_race_stores(g, (const void *)t->address, order);
    else
        rt_note(GO_NOTE_FAILED, g, (const void *)t->address);
    rt_leave(g);
    return did;
}

static __attribute__((noinline)) void fence(int order)
{
    struct g *g = rt_enter_controlled();

    if (!g)
        return;
    rt_race_fence(g, order);
    rt_leave(g);
}

/* ---- loads and stores ----------------------------------------------------*/

#define PLAIN(name, size, write)                                               \
    EXPORT void __tsan_##name(void *address);                                  \
    void __tsan_##name(void *address)                                          \
    {                                                                          \
        touch(address, size, write, HERE);                                     \
    }
#define PLAIN_OF(size)                                                         \
    PLAIN(read##size, size, false)                                             \
    PLAIN(write##size, size, true)                                             \
    PLAIN(read_write##size, size, true)                                        \
    PLAIN(volatile_read##size, size, false)                                    \
    PLAIN(volatile_write##size, size, true)
#define PLAIN_UNALIGNED(size)                                                  \
    PLAIN(unaligned_read##size, size, false)                                   \
    PLAIN(unaligned_write##size, size, true)                                   \
    PLAIN(unaligned_read_write##size, size, true)                              \
    PLAIN(unaligned_volatile_read##size, size, false)                          \
    PLAIN(unaligned_volatile_write##size, size, true)

PLAIN_OF(1)
PLAIN_OF(2)
PLAIN_OF(4)
PLAIN_OF(8)
PLAIN_OF(16)
PLAIN_UNALIGNED(2)
PLAIN_UNALIGNED(4)
PLAIN_UNALIGNED(8)
PLAIN_UNALIGNED(16)
PLAIN(vptr_read, sizeof(void *), false)

EXPORT void __tsan_vptr_update(void *address, void *value);
void __tsan_vptr_update(void *address, void *value)
{
    (void)value;
    touch(address, sizeof(void *), true, HERE);
}

EXPORT void __tsan_read_range(void *address, unsigned long size);
void __tsan_read_range(void *address, unsigned long size)
{
    touch(address, size, false, HERE);
}

EXPORT void __tsan_write_range(void *address, unsigned long size);
void __tsan_write_range(void *address, unsigned long size)
{
    touch(address, size, true, HERE);
}

/* Newer compilers call these in place of the C library's. */
EXPORT void *__tsan_memcpy(void *to, const void *from, size_t n);
void *__tsan_memcpy(void *to, const void *from, size_t n)
{
    touch(from, n, false, HERE);
    touch(to, n, true, HERE);
    return memcpy(to, from, n);
}

EXPORT void *__tsan_memmove(void *to, const void *from, size_t n);
void *__tsan_memmove(void *to, const void *from, size_t n)
{
    touch(from, n, false, HERE);
    touch(to, n, true, HERE);
    return memmove(to, from, n);
}

EXPORT void *__tsan_memset(void *to, int value, size_t n);
void *__tsan_memset(void *to, int value, size_t n)
{
    touch(to, n, true, HERE);
    return memset(to, value, n);
}

/* ---- atomics -------------------------------------------------------------*/

#define ORDER __ATOMIC_SEQ_CST

#define ATOMIC_UPDATE(bits, type, name, builtin)                               \
    EXPORT type __tsan_atomic##bits##_##name(volatile void *a, type v,         \
                                             int order);                       \
    type __tsan_atomic##bits##_##name(volatile void *a, type v, int order)     \
    {                                                                          \
        touch_atomic(a, sizeof(type), GO_OP_UPDATE, order, HERE);              \
        return builtin((volatile type *)a, v, ORDER);                          \
    }

#define ATOMIC_CAS(bits, type, by, name, weak)                                 \
    EXPORT _Bool __tsan_atomic##bits##_compare_exchange_##name(                \
        volatile void *a, void *expected, type v, int order, int failed);      \
    _Bool __tsan_atomic##bits##_compare_exchange_##name(                       \
        volatile void *a, void *expected, type v, int order, int failed)       \
    {                                                                          \
        struct rt_touch t;                                                     \
        struct g *g = begin_swap(&t, a, sizeof(type), HERE);                   \
                                                                               \
        return end_swap(g, &t,                                                 \
                        by##_compare_exchange_n((volatile type *)a,            \
                                                (type *)expected, v, weak,     \
                                                ORDER, ORDER),                 \
                        order, failed);                                        \
    }

#define ATOMIC(bits, type, by)                                                 \
    EXPORT type __tsan_atomic##bits##_load(const volatile void *a, int order); \
    type __tsan_atomic##bits##_load(const volatile void *a, int order)         \
    {                                                                          \
        touch_atomic(a, sizeof(type), GO_OP_LOAD, order, HERE);                \
        return by##_load_n((const volatile type *)a, ORDER);                   \
    }                                                                          \
    EXPORT void __tsan_atomic##bits##_store(volatile void *a, type v,          \
                                            int order);                        \
    void __tsan_atomic##bits##_store(volatile void *a, type v, int order)      \
    {                                                                          \
        touch_atomic(a, sizeof(type), GO_OP_STORE, order, HERE);               \
        by##_store_n((volatile type *)a, v, ORDER);                            \
    }                                                                          \
    ATOMIC_UPDATE(bits, type, exchange, by##_exchange_n)                       \
    ATOMIC_UPDATE(bits, type, fetch_add, by##_fetch_add)                       \
    ATOMIC_UPDATE(bits, type, fetch_sub, by##_fetch_sub)                       \
    ATOMIC_UPDATE(bits, type, fetch_and, by##_fetch_and)                       \
    ATOMIC_UPDATE(bits, type, fetch_or, by##_fetch_or)                         \
    ATOMIC_UPDATE(bits, type, fetch_xor, by##_fetch_xor)                       \
    ATOMIC_UPDATE(bits, type, fetch_nand, by##_fetch_nand)                     \
    ATOMIC_CAS(bits, type, by, strong, false)                                  \
    ATOMIC_CAS(bits, type, by, weak, false)                                    \
    EXPORT type __tsan_atomic##bits##_compare_exchange_val(                    \
        volatile void *a, type expected, type v, int order, int failed);       \
    type __tsan_atomic##bits##_compare_exchange_val(                           \
        volatile void *a, type expected, type v, int order, int failed)        \
    {                                                                          \
        struct rt_touch t;                                                     \
        struct g *g = begin_swap(&t, a, sizeof(type), HERE);                   \
                                                                               \
        end_swap(g, &t,                                                        \
                 by##_compare_exchange_n((volatile type *)a, &expected, v,     \
                                         false, ORDER, ORDER),                 \
                 order, failed);                                               \
        return expected;                                                       \
    }

ATOMIC(8, uint8_t, __atomic)
ATOMIC(16, uint16_t, __atomic)
ATOMIC(32, uint32_t, __atomic)
ATOMIC(64, uint64_t, __atomic)
ATOMIC(128, rt_wide, rt_wide)

EXPORT void __tsan_atomic_thread_fence(int order);
void __tsan_atomic_thread_fence(int order)
{
    if (rt_race_on())
        fence(order);
    __atomic_thread_fence(ORDER);
}

EXPORT void __tsan_atomic_signal_fence(int order);
void __tsan_atomic_signal_fence(int order)
{
    (void)order;
    __atomic_signal_fence(ORDER);
}

/* ---- the rest ------------------------------------------------------------*/

/* From a constructor of each file that was compiled so. */
EXPORT void __tsan_init(void);
void __tsan_init(void)
{
    rt_store(rt_instrumented, true);
}

#define NOTHING(name, ...)                                                     \
    EXPORT void __tsan_##name(__VA_ARGS__);                                    \
    void __tsan_##name(__VA_ARGS__)
NOTHING(func_entry, void *caller)
{
    (void)caller;
}
NOTHING(func_exit, void)
{
}
NOTHING(ignore_thread_begin, void)
{
}
NOTHING(ignore_thread_end, void)
{
}
#else
#include <vigil/elsewhere.h>

#include "runtime/sched/race.h"

void go_control_access(const void *address, size_t size, bool write,
                       const void *pc)
{
    (void)address;
    (void)size;
    (void)write;
    (void)pc; /* the sanitizer knows */
}

void rt_race_given(uintptr_t low, size_t size, bool own, const void *pc)
{
    (void)low;
    (void)size;
    (void)own;
    (void)pc;
}
#endif
