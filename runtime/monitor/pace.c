/* pace.c - how often looks may be taken. */
#include "runtime/monitor/pace.h"

enum {
    STOP = 100, /* a look of 1 ms: the next one 100 ms later */
    COPY = 50,  /* by one processor; by n, so much by n */
    COPY_LEAST = 8,
};

int64_t mon_pace_after_stop(int64_t took)
{
    return STOP * took;
}

int64_t mon_pace_after_copy(int64_t took, int processors)
{
    int64_t times = COPY / processors;

    return took * (times > COPY_LEAST ? times : COPY_LEAST);
}
