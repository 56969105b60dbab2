/* replayed.c - a scenario in which all is decided that a schedule decides. */
#include <vigil/scenario.h>

#include "tests/replayed.h"

/* What is allocated lies where the numbers before have put it. */
SCENARIO(everything, .about = "a select, timers, numbers and addresses",
         .expect = EXPECT_DEADLOCK, .explore = true)
{
    replayed(malloc((size_t)(1 + go_choose(5)) * 100));
}
