/* atomic.c - 64-bit atomics, sequentially consistent. */
#include <vigil/sync.h>

int64_t go_atomic_load(const struct go_atomic *a)
{
    return __atomic_load_n(&a->value, __ATOMIC_SEQ_CST);
}

void go_atomic_store(struct go_atomic *a, int64_t v)
{
    __atomic_store_n(&a->value, v, __ATOMIC_SEQ_CST);
}

int64_t go_atomic_swap(struct go_atomic *a, int64_t v)
{
    return __atomic_exchange_n(&a->value, v, __ATOMIC_SEQ_CST);
}

int64_t go_atomic_add(struct go_atomic *a, int64_t delta)
{
    return __atomic_add_fetch(&a->value, delta, __ATOMIC_SEQ_CST);
}

bool go_atomic_cas(struct go_atomic *a, int64_t old, int64_t new_value)
{
    return __atomic_compare_exchange_n(&a->value, &old, new_value, false,
                                       __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}
