/* once_wrong_type.c - go_once_do with a pointer where the function takes an int: must be diagnosed. */
#include "subjects.h"

void wrong(void);
void wrong(void)
{
    static struct go_once o;
    const char *s = "one";

    go_once_do(&o, takes_int, s); /* wrong */
}
