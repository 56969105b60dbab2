/*
 * wrong.c - one line on standard error, in the words that glibc uses, and
 * SIGABRT. Nothing is allocated or locked: the caller may be anywhere.
 */
#include "runtime/heap/wrong.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "runtime/heap/region.h"

struct line {
    char text[160];
    size_t n;
};

static void add(struct line *to, const char *text)
{
    size_t n = strlen(text), room = sizeof(to->text) - to->n;

    if (n > room)
        n = room;
    memcpy(to->text + to->n, text, n);
    to->n += n;
}

static void add_number(struct line *to, uint64_t value, unsigned base)
{
    char digits[24];
    size_t at = sizeof(digits) - 1;

    digits[at] = 0;
    do {
        digits[--at] = "0123456789abcdef"[value % base];
        value /= base;
    } while (value);
    add(to, digits + at);
}

/* A block that is not allocated begins there: it has been, most likely. */
static bool begins_free_block(uintptr_t at)
{
    uint64_t word = rt_load(rt_heap_blocks.chunk[at >> RT_CHUNK_SHIFT]);
    uint32_t size = (uint32_t)word, offset = at & (RT_CHUNK - 1);

    return size ? offset % size == 0 : offset == 0;
}

static void add_what(struct line *to, uintptr_t p)
{
    struct rt_block block;

    if (p - rt_heap_blocks.base >= rt_load(rt_heap_blocks.high)) {
        add(to, ", which is not from this heap");
    } else if (rt_block_find(&rt_heap_blocks, p, &block)) {
        add(to, ", ");
        add_number(to, p - block.low, 10);
        add(to, " bytes inside a block of ");
        add_number(to, block.size, 10);
    } else {
        add(to, ", which is not allocated");
    }
}

void rt_heap_wrong(const char *call, const void *p)
{
    struct line line = {.n = 0};
    uintptr_t address = (uintptr_t)p, at = address - rt_heap_blocks.base;
    struct rt_block block;
    bool twice = at < rt_load(rt_heap_blocks.high) &&
                 !rt_block_find(&rt_heap_blocks, address, &block) &&
                 begins_free_block(at);

    add(&line, call);
    add(&line, twice ? ": double free detected: 0x" : ": invalid pointer: 0x");
    add_number(&line, address, 16);
    add_what(&line, address);
    add(&line, "\n");
    if (write(2, line.text, line.n) < 0)
        _exit(RT_EXIT_INTERNAL); /* nowhere left to say it */
    abort();
}
