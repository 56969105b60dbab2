/* main_wrong_count.c - go_main with too few arguments: must be diagnosed. */
#include "subjects.h"

void wrong(void);
void wrong(void)
{
    go_main(takes_two, 1); /* wrong */
}
