/*
 * noisy.c - a scenario program whose constructor prints, on both descriptors.
 */
#include <vigil/scenario.h>
#include <stdio.h>

__attribute__((constructor)) static void shout(void)
{
    puts("{\"not\": \"a scenario\"}\nnoise");
    fputs("{ more noise\n", stderr);
    fputs("and no end of a line", stdout);
}

SCENARIO(noisy, .about = "its program prints before main")
{
}
