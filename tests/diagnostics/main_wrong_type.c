/* main_wrong_type.c - go_main with a pointer where the function takes an int: must be diagnosed. */
#include "subjects.h"

void wrong(void);
void wrong(void)
{
    const char *s = "one";

    go_main(takes_int, s); /* wrong */
}
