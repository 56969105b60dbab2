/* drawn.c - a loop that ends by a number of the processor's: by chance. */
#include <vigil/scenario.h>

#if defined(__x86_64__)
static __attribute__((target("rdrnd"))) unsigned draw(void)
{
    unsigned drawn = 0;

    __builtin_ia32_rdrand32_step(&drawn);
    return drawn;
}

static void wait_for_luck(void)
{
    while (draw() % 1000 != 0)
        go_yield();
}

SCENARIO(drawn, .about = "until the processor draws a certain number",
         .explore = true)
{
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, wait_for_luck);
    go_waitgroup_go(&wg, wait_for_luck);
    go_waitgroup_wait(&wg);
}
#endif
