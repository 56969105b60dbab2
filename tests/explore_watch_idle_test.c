/* explore_watch_idle_test.c - which steps count as bringing nothing. */
#include <criterion/criterion.h>

#include "harness/explore/watch.h"

static void took(struct hn_watch *w, enum go_op op)
{
    const struct go_point p = {.op = (uint16_t)op};
    const struct go_step s = {&p, -1, GO_NOWHERE, -1};

    hn_watch_took(w, &s, 1, 0);
}

Test(watch, what_is_in_memory_neither_counts_nor_makes_it_forget)
{
    static const enum go_op ops[] = {GO_OP_LOCK, GO_OP_WLOCK, GO_OP_ONCE,
                                     GO_OP_STORE};
    struct hn_watch *w = hn_watch_new(NULL);

    hn_watch_begin(w, HN_WATCH_COUNT);
    took(w, GO_OP_YIELD);
    for (size_t i = 0; i < sizeof(ops) / sizeof(*ops); i++) {
        took(w, ops[i]);
        cr_assert_eq(hn_watch_idle(w), 1, "%s", go_op_text(ops[i]));
    }
    took(w, GO_OP_SEND);
    cr_assert_eq(hn_watch_idle(w), 0);
    hn_watch_free(w);
}

Test(watch, what_was_drawn_counts_as_if_it_had_been_seen)
{
    struct hn_watch *w = hn_watch_new(NULL);

    hn_watch_begin(w, HN_WATCH_COUNT);
    took(w, GO_OP_YIELD);
    hn_watch_drew(w, 5, false);
    cr_assert_eq(hn_watch_idle(w), 1);
    cr_assert_eq(hn_watch_head(w)->at, 6);
    hn_watch_drew(w, 1, true);
    cr_assert_eq(hn_watch_idle(w), 0);
    cr_assert_eq(hn_watch_head(w)->at, 7);
    hn_watch_free(w);
}
