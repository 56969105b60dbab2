/*
 * switch_amd64.S - register switches and first frames on x86-64.
 *
 * In:  switch.h has the contracts. Out: nothing but registers.
 *
 * Method: the compiler saves callee-saved registers, for a switch says that it
 * changes them all; but for rbp, which is every frame's. So a saved context is a
 * stack pointer, above which lie rbp and where to go on. The first half of a
 * switch is in line (switch.h), the second is here, one for all. It ends in an
 * indirect jump: a ret would be predicted to go where this stack's caller was,
 * and miss (2.2 against 7.6 ns). x87 and mxcsr control words are the thread's.
 */
    .text
    .globl rt_switch_begin, rt_switch_end
    .hidden rt_switch_begin, rt_switch_end
rt_switch_begin:

    .globl rt_switch_parked
    .hidden rt_switch_parked
    .type rt_switch_parked, @function
    .p2align 4
rt_switch_parked:
    .cfi_startproc
    .cfi_def_cfa rsp, 16
    .cfi_offset rip, -8
    .cfi_offset rbp, -16
    /* The rest of our own are nowhere: a debugger would show another's. */
    .cfi_undefined rbx
    .cfi_undefined r12
    .cfi_undefined r13
    .cfi_undefined r14
    .cfi_undefined r15
    popq %rbp
    .cfi_adjust_cfa_offset -8
    .cfi_same_value rbp
    popq %rcx
    .cfi_adjust_cfa_offset -8
    .cfi_register rip, rcx
    /* What the one before us had there is not ours: a call that is given too
       few words, or that saves what it found, would leave it on this stack. */
    xorl %eax, %eax
    xorl %edx, %edx
    xorl %ebx, %ebx
    xorl %esi, %esi
    xorl %edi, %edi
    xorl %r8d, %r8d
    xorl %r9d, %r9d
    xorl %r10d, %r10d
    xorl %r11d, %r11d
    xorl %r12d, %r12d
    xorl %r13d, %r13d
    xorl %r14d, %r14d
    xorl %r15d, %r15d
    jmp *%rcx
    .cfi_endproc
    .size rt_switch_parked, . - rt_switch_parked

/*
 * Where a prepared stack begins. rsp points to: fn, arg[0..5], pad; it is 16-byte
 * aligned. Nobody called us: the unwinder stops at an undefined rip.
 */
    .globl rt_switch_entry, rt_switch_entry_back
    .hidden rt_switch_entry, rt_switch_entry_back
    .type rt_switch_entry, @function
    .p2align 4
rt_switch_entry:
    .cfi_startproc
    .cfi_undefined rip
    .cfi_def_cfa rsp, 64
    xorl %ebp, %ebp
    call rt_spawn_enter
    movq (%rsp), %rax
    movq 8(%rsp), %rdi
    movq 16(%rsp), %rsi
    movq 24(%rsp), %rdx
    movq 32(%rsp), %rcx
    movq 40(%rsp), %r8
    movq 48(%rsp), %r9
    /* The words are the callee's now: none may stay behind for the scan. */
    movq $0, 8(%rsp)
    movq $0, 16(%rsp)
    movq $0, 24(%rsp)
    movq $0, 32(%rsp)
    movq $0, 40(%rsp)
    movq $0, 48(%rsp)
    call *%rax
rt_switch_entry_back:
    movq %rax, %rdi
    /* A call, but for the processor's prediction of returns: who goes on now
       returns to where that has it. */
    leaq 1f(%rip), %rax
    pushq %rax
    jmp rt_spawn_exit
1:  ud2
    .cfi_endproc
    .size rt_switch_entry, . - rt_switch_entry

/* rax = fn(arg[0..5]), fn in rdi, arg in rsi. */
    .macro CALL_WORDS
    movq %rdi, %rax
    movq %rsi, %r10
    movq (%r10), %rdi
    movq 8(%r10), %rsi
    movq 16(%r10), %rdx
    movq 24(%r10), %rcx
    movq 32(%r10), %r8
    movq 40(%r10), %r9
    call *%rax
    .endm

/* A function that does that; what it calls returns to name_back. */
    .macro CALLER name
    .globl \name, \name\()_back
    .hidden \name, \name\()_back
    .type \name, @function
    .p2align 4
\name:
    .cfi_startproc
    pushq %rbp
    .cfi_def_cfa_offset 16
    .cfi_offset rbp, -16
    movq %rsp, %rbp
    .cfi_def_cfa_register rbp
    CALL_WORDS
\name\()_back:
    popq %rbp
    .cfi_def_cfa rsp, 8
    ret
    .cfi_endproc
    .size \name, . - \name
    .endm

    CALLER rt_call
    CALLER rt_call_deferred

/* As rt_call; the callee-saved registers lie where *sp says, and left above. */
    .globl rt_call_try, rt_call_try_back
    .hidden rt_call_try, rt_call_try_back
    .type rt_call_try, @function
    .p2align 4
rt_call_try:
    .cfi_startproc
    pushq %rbp
    .cfi_def_cfa_offset 16
    .cfi_offset rbp, -16
    movq %rsp, %rbp
    .cfi_def_cfa_register rbp
    pushq %rbx
    .cfi_offset rbx, -24
    pushq %r12
    .cfi_offset r12, -32
    pushq %r13
    .cfi_offset r13, -40
    pushq %r14
    .cfi_offset r14, -48
    pushq %r15
    .cfi_offset r15, -56
    pushq %rcx
    movq %rsp, (%rdx)
    CALL_WORDS
rt_call_try_back:
    addq $8, %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    .cfi_remember_state
    .cfi_def_cfa rsp, 8
    ret
    .cfi_restore_state
    .size rt_call_try, . - rt_call_try

    .globl rt_call_leave
    .hidden rt_call_leave
    .type rt_call_leave, @function
    .p2align 4
rt_call_leave:
    movq %rdi, %rsp
    popq %rcx
    movl $1, (%rcx)
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    .cfi_def_cfa rsp, 8
    xorl %eax, %eax
    ret
    .cfi_endproc
    .size rt_call_leave, . - rt_call_leave

    .globl rt_call_on
    .hidden rt_call_on
    .type rt_call_on, @function
    .p2align 4
rt_call_on:
    .cfi_startproc
    pushq %rbp
    .cfi_def_cfa_offset 16
    .cfi_offset rbp, -16
    movq %rsp, %rbp
    .cfi_def_cfa_register rbp
    movq %rdi, %rsp
    movq %rdx, %rdi
    call *%rsi
    movq %rbp, %rsp
    popq %rbp
    .cfi_def_cfa rsp, 8
    ret
    .cfi_endproc
    .size rt_call_on, . - rt_call_on

rt_switch_end:
    .section .note.GNU-stack, "", @progbits
