/*
 * switch_arm64.S - register switches and first frames on arm64.
 *
 * In:  switch.h has the contracts. Out: nothing but registers.
 *
 * Method: a saved context is a stack pointer, at which lie x29, x30, x19 to
 * x28 and d8 to d15, 160 bytes. The switch ends in a br, not a ret: the return
 * predictor would send it where this stack's caller was.
 */
    .text
    .globl rt_switch_begin, rt_switch_end
    .hidden rt_switch_begin, rt_switch_end
rt_switch_begin:

    .macro SAVE
    stp x29, x30, [sp, #-160]!
    .cfi_def_cfa_offset 160
    .cfi_offset x29, -160
    .cfi_offset x30, -152
    stp x19, x20, [sp, #16]
    .cfi_offset x19, -144
    .cfi_offset x20, -136
    stp x21, x22, [sp, #32]
    .cfi_offset x21, -128
    .cfi_offset x22, -120
    stp x23, x24, [sp, #48]
    .cfi_offset x23, -112
    .cfi_offset x24, -104
    stp x25, x26, [sp, #64]
    .cfi_offset x25, -96
    .cfi_offset x26, -88
    stp x27, x28, [sp, #80]
    .cfi_offset x27, -80
    .cfi_offset x28, -72
    stp d8, d9, [sp, #96]
    stp d10, d11, [sp, #112]
    stp d12, d13, [sp, #128]
    stp d14, d15, [sp, #144]
    .endm

    .macro RESTORE link
    ldp x19, x20, [sp, #16]
    ldp x21, x22, [sp, #32]
    ldp x23, x24, [sp, #48]
    ldp x25, x26, [sp, #64]
    ldp x27, x28, [sp, #80]
    ldp d8, d9, [sp, #96]
    ldp d10, d11, [sp, #112]
    ldp d12, d13, [sp, #128]
    ldp d14, d15, [sp, #144]
    ldp x29, \link, [sp], #160
    .endm

    .globl rt_switch_call
    .hidden rt_switch_call
    .type rt_switch_call, %function
    .p2align 4
rt_switch_call:
    .cfi_startproc
    SAVE
    mov x9, sp
    str x9, [x0]
    mov sp, x1
    .globl rt_switch_parked
    .hidden rt_switch_parked
rt_switch_parked:
    RESTORE x30
    mov x9, x30
    br x9
    .cfi_endproc
    .size rt_switch_call, . - rt_switch_call

/* sp points to: fn, arg[0..5], pad. Nobody called us: no return address. */
    .globl rt_switch_entry, rt_switch_entry_back
    .hidden rt_switch_entry, rt_switch_entry_back
    .type rt_switch_entry, %function
    .p2align 4
rt_switch_entry:
    .cfi_startproc
    .cfi_undefined x30
    .cfi_def_cfa sp, 64
    mov x29, xzr
    bl rt_spawn_enter
    ldr x9, [sp]
    ldp x0, x1, [sp, #8]
    ldp x2, x3, [sp, #24]
    ldp x4, x5, [sp, #40]
    /* The words are the callee's now: none may stay behind for the scan. */
    stp xzr, xzr, [sp, #8]
    stp xzr, xzr, [sp, #24]
    stp xzr, xzr, [sp, #40]
    blr x9
rt_switch_entry_back:
    bl rt_spawn_exit
    brk #1
    .cfi_endproc
    .size rt_switch_entry, . - rt_switch_entry

/* fn in x0, arg in x1: x0 = fn(arg[0..5]). */
    .macro CALL_WORDS
    mov x9, x0
    mov x10, x1
    ldp x0, x1, [x10]
    ldp x2, x3, [x10, #16]
    ldp x4, x5, [x10, #32]
    blr x9
    .endm

/* A function that does that; what it calls returns to name_back. */
    .macro CALLER name
    .globl \name, \name\()_back
    .hidden \name, \name\()_back
    .type \name, %function
    .p2align 4
\name:
    .cfi_startproc
    stp x29, x30, [sp, #-16]!
    .cfi_def_cfa_offset 16
    .cfi_offset x29, -16
    .cfi_offset x30, -8
    mov x29, sp
    CALL_WORDS
\name\()_back:
    ldp x29, x30, [sp], #16
    .cfi_def_cfa_offset 0
    ret
    .cfi_endproc
    .size \name, . - \name
    .endm

    CALLER rt_call
    CALLER rt_call_deferred

/* Above the saved registers lie 16 bytes with the address of left. */
    .globl rt_call_try, rt_call_try_back
    .hidden rt_call_try, rt_call_try_back
    .type rt_call_try, %function
    .p2align 4
rt_call_try:
    .cfi_startproc
    SAVE
    mov x29, sp
    str x3, [sp, #-16]!
    .cfi_def_cfa_offset 176
    mov x9, sp
    str x9, [x2]
    CALL_WORDS
rt_call_try_back:
    add sp, sp, #16
    .cfi_def_cfa_offset 160
    RESTORE x30
    ret
    .cfi_endproc
    .size rt_call_try, . - rt_call_try

    .globl rt_call_leave
    .hidden rt_call_leave
    .type rt_call_leave, %function
    .p2align 4
rt_call_leave:
    mov sp, x0
    ldr x9, [sp], #16
    mov w10, #1
    str w10, [x9]
    RESTORE x30
    mov x0, xzr
    ret
    .size rt_call_leave, . - rt_call_leave

    .globl rt_call_on
    .hidden rt_call_on
    .type rt_call_on, %function
    .p2align 4
rt_call_on:
    .cfi_startproc
    stp x29, x30, [sp, #-16]!
    .cfi_def_cfa_offset 16
    .cfi_offset x29, -16
    .cfi_offset x30, -8
    mov x29, sp
    .cfi_def_cfa_register x29
    mov sp, x0
    mov x0, x2
    blr x1
    mov sp, x29
    ldp x29, x30, [sp], #16
    .cfi_def_cfa sp, 0
    ret
    .cfi_endproc
    .size rt_call_on, . - rt_call_on

rt_switch_end:
    .section .note.GNU-stack, "", %progbits
