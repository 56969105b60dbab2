/* defer_wrong_type.c - go_defer with a pointer to something else: must be diagnosed. */
#include "subjects.h"

void wrong(void);
void wrong(void)
{
    int n = 1;

    go_defer(go_mutex_unlock, &n); /* wrong */
}
