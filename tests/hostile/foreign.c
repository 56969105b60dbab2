/* foreign.c - scenarios whose words are not UTF-8, as a source in Latin-1 has
   them: the lines below claim to be of such a file. */
#include <vigil/scenario.h>
#line 5 "M\374ller.c"

SCENARIO(words, .about = "M\xfcller", .origin = "\xfc", .class = "\xfc",
         .expect = EXPECT_PANIC("\xfc"))
{
    go_name("n\xfc");
    go_panic("p\xfc");
}

SCENARIO(other_words, .expect = EXPECT_PANIC("\xfd"))
{
    go_panic("p\xfc");
}

static void take(struct go_mutex *first, struct go_mutex *second)
{
    go_name("g\xfc");
    go_mutex_lock(first);
    go_mutex_lock(second);
    go_mutex_unlock(second);
    go_mutex_unlock(first);
}

SCENARIO(abba, .expect = EXPECT_DEADLOCK, .explore = true)
{
    struct go_mutex a = {0}, b = {0};
    struct go_waitgroup wg = {0};

    go_label(&a, "a\xfc");
    go_waitgroup_go(&wg, take, &a, &b);
    go_waitgroup_go(&wg, take, &b, &a);
    go_waitgroup_wait(&wg);
}
