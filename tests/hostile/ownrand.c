/* ownrand.c - a program that has a rand and a time of its own. */
#include <stdlib.h>
#include <time.h>
#include <vigil/scenario.h>

int rand(void)
{
    return 4;
}

time_t time(time_t *to)
{
    if (to)
        *to = 7;
    return 7;
}

SCENARIO(ownrand, .about = "they are its own in all runs", .explore = true)
{
    if (rand() != 4 || time(NULL) != 7)
        go_panic("somebody else's");
}
