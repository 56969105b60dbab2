/*
 * vigil_main.c - the vigil command: the harness, without scenarios of its own.
 */
#include <vigil/harness.h>

int main(int argc, char **argv)
{
    return vigil_command(argc, argv);
}
