/* explore_memory_test.c - memory that forks share. */
#include <criterion/criterion.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/explore/memory.h"

static void both_ways(void)
{
    char *p = hn_memory_take(100), *q;

    cr_assert(p && p[0] == 0 && p[99] == 0);
    memset(p, 7, 100);
    q = hn_memory_grow(p, 5000);
    cr_assert(q && q[0] == 7 && q[99] == 7);
    hn_memory_give(q);
    p = hn_memory_take(5000);
    for (int i = 0; i < 5000; i++)
        cr_assert_eq(p[i], 0, "byte %d is not zeroed", i);
    p = hn_memory_grow(p, 10);
    hn_memory_give(p);
    hn_memory_give(NULL);
    hn_memory_give(hn_memory_grow(NULL, 1));
}

Test(memory_of_searches, is_like_malloc_s)
{
    both_ways();
}

Test(memory_of_searches, is_the_same_when_it_is_shared)
{
    cr_assert(hn_memory_share());
    both_ways();
}

Test(memory_of_searches, what_was_taken_before_it_was_shared_is_still_good)
{
    char *p = hn_memory_take(10);

    p[9] = 3;
    cr_assert(hn_memory_share());
    p = hn_memory_grow(p, 10000);
    cr_assert_eq(p[9], 3);
    hn_memory_give(p);
}

Test(memory_of_searches, what_one_process_writes_and_takes_others_have)
{
    char **p;
    int status;
    pid_t pid;

    cr_assert(hn_memory_share());
    p = hn_memory_take(sizeof(*p));
    pid = fork();
    if (pid == 0) {
        *p = hn_memory_take(1 << 20);
        strcpy(*p, "from afar");
        _exit(0);
    }
    cr_assert_eq(waitpid(pid, &status, 0), pid);
    cr_assert_str_eq(*p, "from afar");
    cr_assert_neq(hn_memory_take(1 << 20), *p);
    hn_memory_give(*p);
    cr_assert_eq(hn_memory_take(1 << 20), *p, "it was not given back");
}
