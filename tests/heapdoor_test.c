/* heapdoor_test.c - the heap is found when malloc is really its. */
#include "runtime/monitor/heapdoor.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <vigil/scratch.h>

#include "runtime/heap/heap.h"
#include "runtime/heap/region.h"

static const struct rt_heap_door ours = {.version = RT_HEAP_VERSION,
                                         .blocks = &rt_heap_blocks,
                                         .busy = rt_heap_busy};

static void *inside(size_t n)
{
    return (char *)rt_heap_malloc(n + 16) + 8;
}

static void leave(void *p)
{
    (void)p;
}

Test(heapdoor, a_heap_that_serves_malloc_is_known)
{
    cr_assert(mon_heap_knows(&ours, rt_heap_malloc, rt_heap_free));
}

Test(heapdoor, one_that_does_not_is_not)
{
    struct rt_heap_door other = ours;

    cr_assert_not(mon_heap_knows(&ours, malloc, free));
    rt_heap_free(rt_heap_malloc(1)); /* open, but malloc is another's */
    cr_assert_not(mon_heap_knows(&ours, malloc, free));
    cr_assert_not(mon_heap_knows(&ours, inside, leave));
    cr_assert_not(mon_heap_knows(NULL, rt_heap_malloc, rt_heap_free));
    other.version++;
    cr_assert_not(mon_heap_knows(&other, rt_heap_malloc, rt_heap_free));
}

Test(heapdoor, without_the_library_there_is_no_scratch)
{
    char *p = malloc(100);

    cr_assert_not(go_scratch_begin(&ours, &ours + 1));
    cr_assert_not(go_scratch_misses(&p, sizeof(p)));
    free(p);
}

Test(heapdoor, is_closed_where_the_library_is_not_linked)
{
    mon_heap_open();
    cr_assert_null(mon_heap());
    cr_assert_not(mon_heap_busy());
    mon_heap_close();
}
