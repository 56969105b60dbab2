/* classes.c - the table of sizes, and the way from a size to its class. */
#include "runtime/heap/classes.h"

enum {
    CACHED_BYTES = 64 << 10, /* of a class in one thread's cache */
    CACHED_MIN = 4
};

static const uint16_t sizes[RT_CLASSES] = {
    16,   32,   48,   64,    80,    96,    112,   128,  160,  192,
    224,  256,  320,  384,   448,   512,   640,   768,  896,  1024,
    1280, 1536, 1792, 2048,  2560,  3072,  3584,  4096, 5120, 6144,
    7168, 8192, 9344, 10880, 13056, 16384, 21824, 32768};

struct rt_class rt_classes[RT_CLASSES];
uint8_t rt_class_table[RT_SMALL_MAX / RT_GRANULE + 1];

static uint32_t capacity(uint32_t size)
{
    uint32_t n = CACHED_BYTES / size;

    if (n > RT_CACHED_MAX)
        n = RT_CACHED_MAX;
    return n < CACHED_MIN ? CACHED_MIN : n;
}

void rt_classes_open(void)
{
    unsigned class = 0;

    for (unsigned i = 0; i < RT_CLASSES; i++)
        rt_classes[i] = (struct rt_class){.size = sizes[i],
                                          .factor = RT_CHUNK_FACTOR(sizes[i]),
                                          .nblock = RT_CHUNK / sizes[i],
                                          .capacity = capacity(sizes[i])};
    for (size_t size = RT_GRANULE; size <= RT_SMALL_MAX; size += RT_GRANULE) {
        if (size > sizes[class])
            class ++;
        rt_class_table[size / RT_GRANULE] = (uint8_t) class;
    }
    rt_check(class == RT_CLASSES - 1, "heap: sizes and classes do not agree");
}

unsigned rt_class_aligned(size_t size, size_t align)
{
    unsigned class;

    rt_assert(align && !(align & (align - 1)), "classes: no power of two");
    if (size > RT_SMALL_MAX || align > RT_SMALL_MAX)
        return RT_CLASSES;
    class = rt_class_of(size);
    while (class < RT_CLASSES && rt_classes[class].size & (align - 1))
        class ++;
    return class;
}
