/*
 * channel_known_only_to_the_heap - the other end is three blocks away.
 *
 * Looks stuck: no stack holds the channel. Is not: a sleeper holds a list
 * whose last block has it. Expected: CLEAN, and no early alarm.
 */
#include "scenarios/check.h"

struct node {
    struct node *next;
    chan(int) c;
};

static void waiter(chan(int) c, chan(bool) ended)
{
    CHECK_EQ(chan_recv(c), 3);
    chan_close(ended);
}

FORGETS static struct node *make_list(int n, chan(bool) ended)
{
    struct node *list = NULL;

    for (int i = 0; i < n; i++) {
        struct node *block = calloc(1, sizeof *block);

        CHECK(block);
        block->next = list;
        if (!list) {
            block->c = chan_make(int, 0);
            go(waiter, block->c, ended);
        }
        list = block;
    }
    return list;
}

static void wake(struct node *list)
{
    int hops = 1;

    for (struct node *next; list->next; list = next, hops++) {
        next = list->next;
        free(list);
    }
    chan_send(list->c, hops);
    free(list);
}

SCENARIO(channel_known_only_to_the_heap,
         .about = "only a block of the heap knows the channel")
{
    chan(bool) ended = chan_make(bool, 0);
    struct node *list = make_list(3, ended);

    look_in_vain();
    wake(list);
    chan_recv(ended);
}
