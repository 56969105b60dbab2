/* poor.c - scenarios that leave themselves too little of what it takes. */
#include <vigil/scenario.h>
#include <sys/resource.h>

static void keep(int what, rlim_t most)
{
    const struct rlimit limit = {most, most};

    setrlimit(what, &limit);
}

static void wait_for_ever(void)
{
    go_select();
}

SCENARIO(no_memory, .about = "many are left, and no memory to look at them")
{
    keep(RLIMIT_AS, 1 << 20);
    for (int i = 0; i < 100000; i++)
        go(wait_for_ever);
}

SCENARIO(no_word, .about = "a panic, and no memory to report it")
{
    keep(RLIMIT_AS, 1 << 20);
    for (int i = 0; i < 100000; i++)
        go(wait_for_ever);
    go_panic("the last word");
}
