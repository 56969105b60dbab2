/*
 * library.c - a library that stays where it is being loaded, with the loader's
 * lock, until its program lets it go on.
 */
#include "tests/loading/library.h"

__attribute__((constructor)) static void stay(void)
{
    __atomic_store_n(&loading, true, __ATOMIC_RELEASE);
    while (__atomic_load_n(&loading, __ATOMIC_ACQUIRE))
        continue;
}
