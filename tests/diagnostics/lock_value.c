/* lock_value.c - a mutex given by value: must be diagnosed. */
#include "subjects.h"

void wrong(void);
void wrong(void)
{
    struct go_mutex m = {0};

    go_mutex_lock(m); /* wrong */
}
