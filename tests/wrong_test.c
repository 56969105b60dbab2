/* wrong_test.c - what is no allocated block is told, by name, and aborts. */
#include "runtime/heap/wrong.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "runtime/heap/heap.h"
#include "tests/died.h"

static void frees(void *p)
{
    rt_heap_free(p);
}

static void frees_twice(void *p)
{
    rt_heap_free(p);
    rt_heap_free(p);
}

static void resizes(void *p)
{
    if (!rt_heap_realloc(p, 1000))
        _exit(1);
}

static void resizes_freed(void *p)
{
    rt_heap_free(p);
    resizes(p);
}

static void tells(void (*does)(void *), void *p, const char *head,
                  const char *tail)
{
    char line[256];

    snprintf(line, sizeof(line), "%s: %p%s\n", head, p, tail);
    cr_assert_str_eq(died_saying(does, p), line);
}

Test(wrong, an_address_from_elsewhere)
{
    static char elsewhere[64];
    void *p = rt_heap_malloc(1);

    tells(frees, elsewhere, "free(): invalid pointer",
          ", which is not from this heap");
    tells(resizes, elsewhere, "realloc(): invalid pointer",
          ", which is not from this heap");
    rt_heap_free(p);
}

Test(wrong, before_the_first_allocation)
{
    static char elsewhere[64];

    tells(frees, elsewhere, "free(): invalid pointer",
          ", which is not from this heap");
}

Test(wrong, inside_a_block)
{
    char *p = rt_heap_malloc(200), *q = rt_heap_malloc(200000);

    tells(frees, p + 8, "free(): invalid pointer",
          ", 8 bytes inside a block of 224");
    tells(resizes, p + 16, "realloc(): invalid pointer",
          ", 16 bytes inside a block of 224");
    tells(frees, q + 65536, "free(): invalid pointer",
          ", 65536 bytes inside a block of 262144");
}

Test(wrong, twice)
{
    tells(frees_twice, rt_heap_malloc(100), "free(): double free detected",
          ", which is not allocated");
    tells(frees_twice, rt_heap_malloc(100000), "free(): double free detected",
          ", which is not allocated");
    tells(resizes_freed, rt_heap_malloc(100), "realloc(): double free detected",
          ", which is not allocated");
}

Test(wrong, inside_what_is_free)
{
    char *p = rt_heap_malloc(100);

    rt_heap_free(p);
    tells(frees, p + 24, "free(): invalid pointer", ", which is not allocated");
}
