/* SPDX-License-Identifier: Apache-2.0 */
/* The ROM of a bare PC that calls kernels for a JVM. They talk through the sectors of a disk: see EmulatedMachine. */

    .set ROM, 0xF0000
    .set PML4, 0x1000
    .set PDPT, 0x2000
    .set PD, 0x3000
    .set IDT, 0x4000
    .set GDT, 0x5000
    .set TSS, 0x6000
    .set SEQUENCE, 0x7000
    .set MASK, 0x7008
    .set MESSAGE, 0x10000
    .set EVENT, 0x10200
    .set LIST, 0x11000
    .set STACK, 0x90000
    .set FAULT_STACK, 0x88000
    .set MEND_STACK, 0x80000
    .set VECTORS, 0x12000
    .set SUMS, 0x13000
    .set ROWS, 0x13400
    .set WEIGHTS, 0x13800
    .set TABLES, 0x200000
    .set LIST_SECTOR, 8
    .set DATA_SECTOR, 16

    .code16
start16:
    cli
    cld
    xor %ax, %ax
    mov %ax, %ds
    mov %ax, %es
    mov %ax, %ss
    mov $0x800, %sp
    mov $PML4, %di
    mov $0x6800, %cx
    rep stosb
    movl $PDPT | 3, PML4
    movl $PD | 3, PDPT
    mov $PD, %di
    mov $0x83, %eax
    mov $64, %cx
1:  mov %eax, (%di)
    add $0x200000, %eax
    add $8, %di
    loop 1b
    mov $(gdt - start16), %si
    mov $GDT, %di
    mov $(gdt_end - gdt), %cx
2:  mov %cs:(%si), %al
    stosb
    inc %si
    loop 2b
    lgdtl %cs:(gdt_pointer - start16)
    mov $0x40620, %eax
    mov %eax, %cr4
    mov $PML4, %eax
    mov %eax, %cr3
    mov $0xC0000080, %ecx
    rdmsr
    or $0x100, %eax
    wrmsr
    mov $0x80010033, %eax
    mov %eax, %cr0
    ljmpl $8, $(ROM + start64 - start16)

    .align 8
gdt:
    .quad 0
    .quad 0x00AF9B000000FFFF
    .quad 0x00CF93000000FFFF
    .quad TSS << 16 | 0x0000890000000067
    .quad 0
gdt_end:
gdt_pointer:
    .word gdt_end - gdt - 1
    .long GDT

    .code64
start64:
    mov $16, %eax
    mov %eax, %ds
    mov %eax, %es
    mov %eax, %ss
    mov $STACK, %rsp
    movq $FAULT_STACK, TSS + 0x24
    movq $MEND_STACK, TSS + 0x2C
    movw $0x68, TSS + 0x66
    mov $24, %eax
    ltr %ax
    /* gates of the first 32 vectors, on a stack of their own: kernels may use what lies below theirs */
    mov $IDT, %edi
    mov $(ROM + stubs - start16), %eax
    mov $32, %ecx
1:  mov %ax, (%rdi)
    movw $8, 2(%rdi)
    movw $0x8E01, 4(%rdi)
    mov %eax, %edx
    shr $16, %edx
    mov %dx, 6(%rdi)
    movq $0, 8(%rdi)
    add $16, %eax
    add $16, %edi
    loop 1b
    mov $(ROM + undefined - start16), %eax
    mov %ax, IDT + 6 * 16
    movb $2, IDT + 6 * 16 + 4
    lidt (ROM + idt_pointer - start16)
    /* every state of XCR0 that the kernels use and this CPU has: 0, 1, 2, 5 to 7, 17 and 18 */
    mov $0xD, %eax
    xor %ecx, %ecx
    cpuid
    and $0x600E7, %eax
    xor %ecx, %ecx
    xor %edx, %edx
    mov %eax, MASK
    xsetbv
    jmp wait

idt_pointer:
    .word 32 * 16 - 1
    .quad IDT

    .align 16
stubs:
    .set vector, 0
    .rept 32
    .align 16
    .if vector == 8 || (vector >= 10 && vector <= 14) || vector == 17 || vector == 21
    .else
    push $0
    .endif
    push $vector
    jmp fault
    .set vector, vector + 1
    .endr

fault:
    push %rax
    push %rcx
    push %rdx
    push %rbx
    push %rbp
    push %rsi
    push %rdi
    push %r8
    push %r9
    push %r10
    push %r11
    push %r12
    push %r13
    push %r14
    push %r15
    cld
    mov 120(%rsp), %rax
    mov %rax, EVENT + 16
    mov 128(%rsp), %rax
    mov %rax, EVENT + 24
    mov 136(%rsp), %rax
    mov %rax, EVENT + 32
    mov %cr2, %rax
    mov %rax, EVENT + 40
    mov $2, %eax
    jmp send

/*
 * Bochs 3.0 takes both operands of tdpbusd for unsigned, and the stack pointer for the distance of the rows that
 * tileloadd without an index loads. So the JVM puts ud2 in place of these, with numbers behind it, and here is what
 * Intel's manual says they do.
 */
undefined:
    push %rax
    push %rcx
    push %rdx
    push %rbx
    push %rsp
    push %rbp
    push %rsi
    push %rdi
    push %r8
    push %r9
    push %r10
    push %r11
    push %r12
    push %r13
    push %r14
    push %r15
    mov 128(%rsp), %r12
    cmpw $0x0B0F, (%r12)
    jne 9f
    cld
    movzbl 2(%r12), %eax
    test $0x80, %al
    jnz load_row
    vmovdqu64 %zmm0, VECTORS
    vmovdqu64 %zmm1, VECTORS + 64
    movzbl 3(%r12), %ebx
    movzbl 4(%r12), %ebp
    mov %eax, %r13d
    mov $SUMS, %edi
    mov $3 * 128, %ecx
    xor %eax, %eax
    rep stosq
    mov $64, %esi
    mov $SUMS, %edi
    lea stores(,%r13,8), %eax
    lea ROM(%rax), %eax
    call *%rax
    mov $ROWS, %edi
    lea stores(,%rbx,8), %eax
    lea ROM(%rax), %eax
    call *%rax
    mov $WEIGHTS, %edi
    lea stores(,%rbp,8), %eax
    lea ROM(%rax), %eax
    call *%rax
    /* the emulator's own, for its checks */
    lea (%rbx,%r13,8), %eax
    lea (%rbp,%rax,8), %eax
    lea products(,%rax,8), %eax
    lea ROM(%rax), %eax
    call *%rax
    mov $16, %ecx
    mov $SUMS, %edi
    mov $ROWS, %edx
1:  vmovdqu64 (%rdi), %zmm0
    mov $WEIGHTS, %ebx
    mov $16, %eax
2:  vpbroadcastd (%rdx), %zmm1
    vpdpbusd (%rbx), %zmm1, %zmm0
    add $4, %edx
    add $64, %ebx
    dec %eax
    jnz 2b
    vmovdqu64 %zmm0, (%rdi)
    add $64, %edi
    dec %ecx
    jnz 1b
    mov $SUMS, %edi
    lea loads(,%r13,8), %eax
    lea ROM(%rax), %eax
    call *%rax
    vmovdqu64 VECTORS, %zmm0
    vmovdqu64 VECTORS + 64, %zmm1
    addq $5, 128(%rsp)
    jmp mended

load_row:
    mov %eax, %r13d
    movzbl 3(%r12), %ebx
    xor $15, %ebx
    mov (%rsp,%rbx,8), %rdi
    movsbq 4(%r12), %rcx
    add %rcx, %rdi
    xor %esi, %esi
    and $7, %eax
    lea loads(,%rax,8), %eax
    lea ROM(%rax), %eax
    call *%rax
    shr $6, %r13d
    and $1, %r13d
    add $6, %r13d
    add %r13, 128(%rsp)
mended:
    pop %r15
    pop %r14
    pop %r13
    pop %r12
    pop %r11
    pop %r10
    pop %r9
    pop %r8
    pop %rdi
    pop %rsi
    pop %rbp
    add $8, %rsp
    pop %rbx
    pop %rdx
    pop %rcx
    pop %rax
    iretq
9:  add $128, %rsp
    push $0
    push $6
    jmp fault

    .macro each_tile
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7
    one_tile \n
    .endr
    .endm

    .align 8
    .set stores, . - start16
    .macro one_tile n
    .align 8
    tilestored %tmm\n, (%rdi,%rsi)
    ret
    .endm
    each_tile
    .align 8
    .set loads, . - start16
    .purgem one_tile
    .macro one_tile n
    .align 8
    tileloadd (%rdi,%rsi), %tmm\n
    ret
    .endm
    each_tile
    .align 8
    .set products, . - start16
    .irp d, 0, 1, 2, 3, 4, 5, 6, 7
    .irp a, 0, 1, 2, 3, 4, 5, 6, 7
    .irp b, 0, 1, 2, 3, 4, 5, 6, 7
    .align 8
    .if \d != \a && \d != \b && \a != \b
    tdpbusd %tmm\b, %tmm\a, %tmm\d
    .else
    ud2
    .endif
    ret
    .endr
    .endr
    .endr

/* tells what happened: eax */
send:
    mov %rax, EVENT + 8
    mov SEQUENCE, %rax
    mov %rax, EVENT
    mov $EVENT, %edi
    mov $2, %r8d
    mov $1, %r9d
    call write_sectors
    mov $EVENT, %edi
    mov $3, %r8d
    mov $1, %r9d
    call write_sectors
/* waits for the next message */
wait:
    mov $MESSAGE, %edi
    xor %r8d, %r8d
    mov $1, %r9d
    call read_sectors
    mov MESSAGE, %rax
    cmp SEQUENCE, %rax
    je wait
    mov %rax, SEQUENCE
    mov $MESSAGE, %edi
    mov $1, %r8d
    mov $1, %r9d
    call read_sectors
    mov MESSAGE + 16, %r14
    test %r14, %r14
    jz 9f
    mov $LIST, %edi
    mov $LIST_SECTOR, %r8d
    mov $8, %r9d
    call read_sectors
    mov $LIST, %r13d
    mov $DATA_SECTOR, %r15d
1:  mov (%r13), %rdi
    mov %edi, %eax
    and $7, %eax
    and $-8, %rdi
    cmp $1, %eax
    je 2f
    cmp $2, %eax
    je 3f
    cmp $3, %eax
    je 4f
    /* 0: a page from the disk */
    mov %r15d, %r8d
    mov $8, %r9d
    add %r9d, %r15d
    call read_sectors
    jmp 5f
    /* 1: a page of zeros */
2:  mov $512, %ecx
    xor %eax, %eax
    rep stosq
    jmp 5f
    /* 2: eight bytes */
3:  mov 8(%r13), %rax
    mov %rax, (%rdi)
    jmp 5f
    /* 3: a page to the disk */
4:  mov %r15d, %r8d
    mov $8, %r9d
    add %r9d, %r15d
    call write_sectors
5:  add $16, %r13
    dec %r14
    jnz 1b
9:  mov %cr3, %rax
    mov %rax, %cr3
    mov MESSAGE + 8, %rax
    cmp $1, %eax
    je run
    cmp $2, %eax
    je resume
    xor %eax, %eax
    jmp send

resume:
    pop %r15
    pop %r14
    pop %r13
    pop %r12
    pop %r11
    pop %r10
    pop %r9
    pop %r8
    pop %rdi
    pop %rsi
    pop %rbp
    pop %rbx
    pop %rdx
    pop %rcx
    pop %rax
    add $16, %rsp
    iretq

run:
    mov $STACK, %rsp
    /* a kernel that faulted may have left tiles */
    testl $0x20000, MASK
    jz 1f
    tilerelease
1:
    pushq MESSAGE + 80
    pushq MESSAGE + 72
    mov MESSAGE + 24, %rdi
    mov MESSAGE + 32, %rsi
    mov MESSAGE + 40, %rdx
    mov MESSAGE + 48, %rcx
    mov MESSAGE + 56, %r8
    mov MESSAGE + 64, %r9
    mov $0x5A5A5A5A5A5A5A01, %rbx
    mov $0x5A5A5A5A5A5A5A02, %rbp
    mov $0x5A5A5A5A5A5A5A03, %r12
    mov $0x5A5A5A5A5A5A5A04, %r13
    mov $0x5A5A5A5A5A5A5A05, %r14
    mov $0x5A5A5A5A5A5A5A06, %r15
    mov $-1, %rax
    mov $-1, %r10
    mov $-1, %r11
    call *MESSAGE + 24
    mov %rax, EVENT + 16
    mov %rbx, EVENT + 24
    mov %rbp, EVENT + 32
    mov %r12, EVENT + 40
    mov %r13, EVENT + 48
    mov %r14, EVENT + 56
    mov %r15, EVENT + 64
    mov %rsp, EVENT + 72
    pushf
    pop %rax
    mov %rax, EVENT + 80
    cld
    movq $0, EVENT + 88
    stmxcsr EVENT + 88
    /* what is not in its initial state, where xgetbv tells */
    mov $0xD, %eax
    mov $1, %ecx
    cpuid
    and $4, %eax
    jz 1f
    mov $1, %ecx
    xgetbv
1:  mov %eax, %eax
    mov %rax, EVENT + 96
    mov MASK, %rax
    mov %rax, EVENT + 104
    mov $STACK, %rsp
    /* the tables, which say what was written */
    mov MESSAGE + 88, %r13
    mov $TABLES, %r14d
    mov $DATA_SECTOR, %r15d
3:  test %r13, %r13
    jz 4f
    mov %r14, %rdi
    mov %r15d, %r8d
    mov $8, %r9d
    call write_sectors
    add $4096, %r14
    add $8, %r15d
    dec %r13
    jmp 3b
4:  mov $1, %eax
    jmp send

/* r9d sectors from r8d on, at most 255, to rdi */
read_sectors:
    mov $0x20, %r10d
    call command
1:  call ready
    mov $256, %ecx
    mov $0x1F0, %edx
    rep insw
    dec %r9d
    jnz 1b
    ret

/* and from rdi */
write_sectors:
    mov $0x30, %r10d
    call command
    mov %rdi, %rsi
1:  call ready
    mov $256, %ecx
    mov $0x1F0, %edx
    rep outsw
    dec %r9d
    jnz 1b
    mov $0x1F7, %edx
2:  in %dx, %al
    test $0x80, %al
    jnz 2b
    ret

command:
    mov $0x1F7, %edx
1:  in %dx, %al
    test $0x80, %al
    jnz 1b
    mov $0x1F6, %edx
    mov %r8d, %eax
    shr $24, %eax
    or $0xE0, %al
    out %al, %dx
    mov $0x1F2, %edx
    mov %r9d, %eax
    out %al, %dx
    inc %edx
    mov %r8d, %eax
    out %al, %dx
    inc %edx
    shr $8, %eax
    out %al, %dx
    inc %edx
    shr $8, %eax
    out %al, %dx
    mov $0x1F7, %edx
    mov %r10d, %eax
    out %al, %dx
    ret

ready:
    mov $0x1F7, %edx
1:  in %dx, %al
    test $0x80, %al
    jnz 1b
    test $8, %al
    jz 1b
    ret

    .org 0xFFF0
    .code16
    ljmp $0xF000, $0
    .org 0x10000
