/* coroutine.c - one stack a thread, switched by hand where that is known, else by ucontext, which
 * costs two system calls a switch. */
#include "engine.h"

enum { STACK_BYTES = 1 << 16 };
static _Alignas(64) unsigned char stacks[ALL_THREADS][STACK_BYTES];

#if defined(__x86_64__) && defined(__ELF__)

static void *pointers[ALL_THREADS];

void model__co_asm(void **save, void *load);
__asm__(".text\n"
        ".globl model__co_asm\n"
        ".type model__co_asm,@function\n"
        "model__co_asm:\n"
        "    pushq %rbp\n"
        "    pushq %rbx\n"
        "    pushq %r12\n"
        "    pushq %r13\n"
        "    pushq %r14\n"
        "    pushq %r15\n"
        "    movq %rsp, (%rdi)\n"
        "    movq %rsi, %rsp\n"
        "    popq %r15\n"
        "    popq %r14\n"
        "    popq %r13\n"
        "    popq %r12\n"
        "    popq %rbx\n"
        "    popq %rbp\n"
        "    ret\n"
        ".size model__co_asm,.-model__co_asm\n");

void model__co_start(unsigned index, void (*fn)(void))
{
    void **top = (void **)(void *)(stacks[index] + STACK_BYTES);
    *--top = NULL; /* as if fn had been called: its stack pointer is 8 short of a multiple of 16 */
    *(void (**)(void))(void *)--top = fn;
    pointers[index] = top - 6; /* the six registers: whatever is there */
}

void model__co_switch(unsigned from, unsigned to)
{
    model__co_asm(&pointers[from], pointers[to]);
}

#else

#    include <ucontext.h>

static ucontext_t contexts[ALL_THREADS];

void model__co_start(unsigned index, void (*fn)(void))
{
    getcontext(&contexts[index]);
    contexts[index].uc_stack.ss_sp = stacks[index];
    contexts[index].uc_stack.ss_size = STACK_BYTES;
    contexts[index].uc_link = NULL;
    makecontext(&contexts[index], fn, 0);
}

void model__co_switch(unsigned from, unsigned to)
{
    swapcontext(&contexts[from], &contexts[to]);
}

#endif
