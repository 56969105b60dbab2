/* waitgroup_go_wrong_group.c - go_waitgroup_go on something else: must be diagnosed. */
#include "subjects.h"

void wrong(void);
void wrong(void)
{
    struct go_mutex m = {0};

    go_waitgroup_go(&m, takes_none); /* wrong */
}
