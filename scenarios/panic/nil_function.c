/*
 * nil_function - go with a function pointer that was never set.
 *
 * Expected: PANIC "go of nil func value".
 */
#include <vigil/scenario.h>

struct handler {
    void (*serve)(int);
};

SCENARIO(nil_function, .about = "go with a null function pointer",
         .expect = EXPECT_PANIC("go of nil func value"))
{
    struct handler h = {0};

    go(h.serve, 1);
}
