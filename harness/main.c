/*
 * main.c - the main of a scenario program, brought by the library. Weak: who
 * has a main of his own calls vigil_main from there.
 */
#include <vigil/harness.h>

GO_API int main(int argc, char **argv);

__attribute__((weak)) int main(int argc, char **argv)
{
    return vigil_main(argc, argv);
}
