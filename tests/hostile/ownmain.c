/* ownmain.c - a main of its own, that knows nothing of the harness and says
   what the environment has for it. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <vigil/scenario.h>

SCENARIO(never_told, .expect = EXPECT_PANIC("x"))
{
    go_panic("x");
}

int main(void)
{
    const char *words = getenv("SAYS");

    if (!words)
        raise(SIGKILL);
    puts(words);
    return 0;
}
