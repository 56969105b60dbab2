/* lock_wrong_type.c - a wait group locked: must be diagnosed. */
#include "subjects.h"

void wrong(void);
void wrong(void)
{
    struct go_waitgroup wg = {0};

    go_mutex_lock(&wg); /* wrong */
}
