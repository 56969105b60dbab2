/*
 * stillborn.c - a scenario program that dies before main.
 */
#include <vigil/scenario.h>
#include <stdio.h>
#include <stdlib.h>

__attribute__((constructor)) static void die(void)
{
    fputs("no memory\n", stderr);
    _Exit(9);
}

SCENARIO(stillborn, .about = "never runs")
{
}
