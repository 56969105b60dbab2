/* try_wrong_type.c - go_try with a pointer where the function takes an int: must be diagnosed. */
#include "subjects.h"

void wrong(void);
void wrong(void)
{
    const char *s = "one";

    puts_it(go_try(takes_int, s)); /* wrong */
}
