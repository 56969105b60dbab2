/*
 * hands.c - holds a word in one place of the processor and nowhere else.
 *
 * Written in the machine's language, for a compiler may keep copies. Where
 * there is none for the machine, a register is what the compiler makes of it.
 */
#include "tests/judge/hands.h"

#include <sched.h>

enum {
    WIPED = 200 /* words: more than what made one used of the stack */
};

#if defined(__x86_64__)

#define FUNCTION(name)                                                         \
    ".globl " name "\n.hidden " name "\n.type " name ", @function\n" name ":"  \
    "\n"
/* Until *stop (rdx), having set *ready (rsi). Gives way now and then, by
   sched_yield, which leaves all registers but three as they are. */
#define WAIT                                                                   \
    "    movl $1, (%rsi)\n"                                                    \
    "1:  movl $100, %r8d\n"                                                    \
    "2:  pause\n"                                                              \
    "    cmpl $0, (%rdx)\n"                                                    \
    "    jne 3f\n"                                                             \
    "    decl %r8d\n"                                                          \
    "    jnz 2b\n"                                                             \
    "    movl $24, %eax\n"                                                     \
    "    syscall\n"                                                            \
    "    jmp 1b\n"                                                             \
    "3:\n"
#define LOAD                                                                   \
    "    movq (%rdi), %rax\n"                                                  \
    "    notq %rax\n"
#define NO_RAX "    xorl %eax, %eax\n"

__asm__(".text\n" FUNCTION("hands_hold") /* (hidden, fn, arg) */
        "    pushq %rbx\n"
        "    pushq %r12\n"
        "    pushq %r13\n"
        "    pushq %r14\n"
        "    pushq %r15\n"
        "    movq (%rdi), %rbx\n"
        "    notq %rbx\n"
        "    movq 8(%rdi), %r12\n"
        "    notq %r12\n"
        "    movq 16(%rdi), %r13\n"
        "    notq %r13\n"
        "    movq 24(%rdi), %r14\n"
        "    notq %r14\n"
        "    movq 32(%rdi), %r15\n"
        "    notq %r15\n"
        "    movq %rdx, %rdi\n"
        "    call *%rsi\n"
        "    popq %r15\n"
        "    popq %r14\n"
        "    popq %r13\n"
        "    popq %r12\n"
        "    popq %rbx\n"
        "    ret\n");

__asm__(FUNCTION("spin_register") "    pushq %rbx\n"
                                  "    movq (%rdi), %rbx\n"
                                  "    notq %rbx\n" WAIT "    popq %rbx\n"
                                  "    ret\n");
__asm__(FUNCTION("spin_scratch") "    movq (%rdi), %r9\n"
                                 "    notq %r9\n" WAIT "    xorl %r9d, %r9d\n"
                                 "    ret\n");
__asm__(FUNCTION("spin_vector") LOAD "    movq %rax, %xmm9\n" NO_RAX WAIT
                                     "    pxor %xmm9, %xmm9\n"
                                     "    ret\n");
__asm__(FUNCTION("spin_vector_up") LOAD
        "    vmovq %rax, %xmm10\n" NO_RAX "    vpxor %xmm11, %xmm11, %xmm11\n"
        "    vinsertf128 $1, %xmm10, %ymm11, %ymm11\n"
        "    vpxor %xmm10, %xmm10, %xmm10\n" WAIT
        "    vpxor %xmm11, %xmm11, %xmm11\n"
        "    vzeroupper\n"
        "    ret\n");
__asm__(FUNCTION("spin_red_zone") LOAD "    movq %rax, -128(%rsp)\n" NO_RAX WAIT
                                       "    movq $0, -128(%rsp)\n"
                                       "    ret\n");
__asm__(FUNCTION("hands_wipe") NO_RAX "    xorl %ecx, %ecx\n"
                                      "    xorl %edx, %edx\n"
                                      "    xorl %esi, %esi\n"
                                      "    xorl %edi, %edi\n"
                                      "    xorl %r8d, %r8d\n"
                                      "    xorl %r9d, %r9d\n"
                                      "    xorl %r10d, %r10d\n"
                                      "    xorl %r11d, %r11d\n"
                                      "    pxor %xmm0, %xmm0\n"
                                      "    pxor %xmm1, %xmm1\n"
                                      "    pxor %xmm2, %xmm2\n"
                                      "    pxor %xmm3, %xmm3\n"
                                      "    ret\n");

typedef void spin_fn(const uintptr_t *, volatile uint32_t *,
                     const volatile uint32_t *);
spin_fn spin_register, spin_scratch, spin_vector, spin_vector_up, spin_red_zone;

void hands_spin(enum place place, const uintptr_t *hidden,
                volatile uint32_t *ready, const volatile uint32_t *stop)
{
    switch (place) {
    case PLACE_REGISTER:
        spin_register(hidden, ready, stop);
        break;
    case PLACE_SCRATCH:
        spin_scratch(hidden, ready, stop);
        break;
    case PLACE_VECTOR_UP:
        if (__builtin_cpu_supports("avx")) {
            spin_vector_up(hidden, ready, stop);
            break;
        }
        /* fall through */
    case PLACE_VECTOR:
        spin_vector(hidden, ready, stop);
        break;
    default:
        spin_red_zone(hidden, ready, stop);
    }
}

#else

void hands_hold(const uintptr_t hidden[REGISTERS], void (*fn)(uintptr_t),
                uintptr_t arg)
{
    uintptr_t a = ~hidden[0], b = ~hidden[1], c = ~hidden[2], d = ~hidden[3],
              e = ~hidden[4];

    __asm__ volatile("" : "+r"(a), "+r"(b), "+r"(c), "+r"(d), "+r"(e));
    fn(arg);
    __asm__ volatile("" ::"r"(a), "r"(b), "r"(c), "r"(d), "r"(e));
}

void hands_spin(enum place place, const uintptr_t *hidden,
                volatile uint32_t *ready, const volatile uint32_t *stop)
{
    uintptr_t word = ~*hidden;

    (void)place;
    __asm__ volatile("" : "+r"(word));
    *ready = 1;
    while (!*stop)
        __asm__ volatile("" : "+r"(word));
}

void hands_wipe(void)
{
}

#endif

void hands_move(volatile uintptr_t *const *cell, int n, const uintptr_t *hidden,
                volatile uint32_t *ready, const volatile uint32_t *stop)
{
    uintptr_t word = ~*hidden;
    unsigned rounds = 0;

    __asm__ volatile("" : "+r"(word));
    *ready = 1;
    for (int i = 0; !*stop; i = i + 1 < n ? i + 1 : 0) {
        *cell[i] = word;
        word = 0; /* now it is there alone */
        __asm__ volatile("" : "+r"(word)::"memory");
        if (++rounds % 1000 == 0)
            sched_yield();
        word = *cell[i];
        *cell[i] = 0; /* and now here */
        __asm__ volatile("" : "+r"(word)::"memory");
    }
}

__attribute__((noinline)) void hands_wipe_below(void)
{
    volatile uintptr_t word[WIPED];

    for (int i = 0; i < WIPED; i++)
        word[i] = 0;
    __asm__ volatile("" ::"r"(word) : "memory");
    hands_wipe();
}
