/* raced.c - data races, in code that tells its loads and stores. */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <vigil/scenario.h>

static int shared;

static void add(int *to)
{
    ++*to;
}

static void both(void (*fn)(int *), int *arg)
{
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, fn, arg);
    go_waitgroup_go(&wg, fn, arg);
    go_waitgroup_wait(&wg);
}

SCENARIO(harmless, .about = "races, and nothing comes of it", .explore = true)
{
    both(add, &shared);
}

SCENARIO(on_stack, .about = "the same on a stack", .explore = true)
{
    int here = 0;

    both(add, &here);
}

SCENARIO(on_heap, .about = "the same on the heap", .explore = true)
{
    int *there = calloc(1, sizeof(*there));

    both(add, there);
    free(there);
}

static struct go_mutex mu;

static void add_locked(int *to)
{
    go_mutex_lock(&mu);
    ++*to;
    go_mutex_unlock(&mu);
}

SCENARIO(locked, .about = "no race", .explore = true)
{
    both(add_locked, &shared);
}

static void make_and_free(int *unused)
{
    int *block = malloc(64);

    (void)unused;
    memset(block, 0, 64);
    block[3] = 1;
    free(block);
}

/* The second gets the block of the first. */
SCENARIO(reused, .about = "memory that is somebody else's now", .explore = true)
{
    both(make_and_free, NULL);
}

static void once_more(int *unused)
{
    static _Thread_local int own;

    (void)unused;
    own++;
}

SCENARIO(of_thread, .about = "a variable of the thread", .explore = true)
{
    both(once_more, NULL);
}

static void fail_once(int *unused)
{
    (void)unused;
    errno = 7;
    if (errno != 7)
        go_panic("somebody else's");
}

SCENARIO(of_errno, .about = "a number that each has", .explore = true)
{
    both(fail_once, NULL);
}

struct pair {
    long one, other;
};

static struct pair here, there;
static volatile size_t all = sizeof(struct pair); /* else it is no call */

static void copy(int *unused)
{
    (void)unused;
    memcpy(&there, &here, all);
}

static void write_one(int *unused)
{
    (void)unused;
    here.other = 1;
}

static void beside(void (*fn)(int *), void (*other)(int *))
{
    static int arg;
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, fn, &arg);
    go_waitgroup_go(&wg, other, &arg);
    go_waitgroup_wait(&wg);
}

SCENARIO(copied, .about = "one copies what the other writes", .explore = true)
{
    beside(copy, write_one);
}

static void read_one(int *to)
{
    *to = (int)there.one;
}

SCENARIO(copied_to, .about = "one copies to where the other reads")
{
    beside(read_one, copy);
}

/* As a fortified program has it. */
extern void *__memcpy_chk(void *to, const void *from, size_t n, size_t room);

static void copy_checked(int *unused)
{
    (void)unused;
    __memcpy_chk(&there, &here, all, sizeof(there));
}

SCENARIO(copied_checked, .about = "one copies, and is checked")
{
    beside(copy_checked, write_one);
}

static void move(int *unused)
{
    (void)unused;
    memmove(&here.one, &here.other, all / 2);
}

static void fill(int *unused)
{
    (void)unused;
    memset(&here, 7, all);
}

SCENARIO(moved, .about = "one moves what the other writes")
{
    beside(move, write_one);
}

SCENARIO(filled, .about = "one fills what the other writes")
{
    beside(fill, write_one);
}

static char text[16], word[16] = "word";

static void copy_text(int *unused)
{
    (void)unused;
    strcpy(text, word);
}

static void read_text(int *to)
{
    *to = text[2];
}

static void write_and_fill(int *unused)
{
    write_one(unused);
    fill(unused);
}

SCENARIO(copied_over,
         .about = "what one copies the other has filled, and before"
                  " that written")
{
    beside(copy, write_and_fill);
}

SCENARIO(two_copies, .about = "two copy to one place, and nobody else")
{
    beside(copy, copy);
}

SCENARIO(copied_text, .about = "one copies a text that the other reads")
{
    beside(copy_text, read_text);
}

static void copy_locked(int *unused)
{
    (void)unused;
    go_mutex_lock(&mu);
    memcpy(&there, &here, all);
    here.one++;
    there.other++;
    go_mutex_unlock(&mu);
}

SCENARIO(copied_locked, .about = "the same with a lock", .explore = true)
{
    both(copy_locked, NULL);
}

/* Each byte is for one of them. */
static void copy_half(int *to)
{
    memcpy((char *)&there + *to, &here, all / 2);
    ((char *)&there)[*to] = 1;
}

SCENARIO(copied_beside, .about = "two copy to the halves of one place",
         .explore = true)
{
    static int low, high = sizeof(long);
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, copy_half, &low);
    go_waitgroup_go(&wg, copy_half, &high);
    go_waitgroup_wait(&wg);
}

/* What a copy has read, the other has not half written: no order does that. */
static void write_both(int *unused)
{
    (void)unused;
    here.one = 1;
    here.other = 1;
}

SCENARIO(torn, .about = "a copy of what is half written", .explore = true,
         .expect = EXPECT_PANIC("torn"))
{
    beside(copy, write_both);
    if (there.one != there.other)
        go_panic("torn");
}

static void many(int n)
{
    struct go_waitgroup wg = {0};

    for (int i = 0; i < n; i++)
        go_waitgroup_go(&wg, add_locked, &shared);
    go_waitgroup_wait(&wg);
}

SCENARIO(thousands, .about = "no race of 3,000")
{
    many(3000);
}

SCENARIO(too_many, .about = "more than can be told apart, and no race")
{
    many(12000);
}

static int raised;

static void raise_at_once(void)
{
    raised = 1;
}

static void raise_it(void)
{
    go_yield();
    raise_at_once();
}

SCENARIO(flag, .about = "is waited for by yields", .explore = true)
{
    raised = 0;
    go(raise_it);
    while (!*(volatile int *)&raised)
        go_yield();
}

SCENARIO(not_yet, .about = "read when nobody else is left, or before",
         .explore = true, .expect = EXPECT_PANIC("not yet"))
{
    raised = 0;
    go(raise_it);
    for (int i = 0; i < 2; i++)
        go_yield();
    if (!*(volatile int *)&raised)
        go_panic("not yet");
}

static int *made;

static void use_made(int *room)
{
    if (!made) {
        made = room;
        *room = 80;
    }
    if (*made != 80)
        go_panic("not made");
}

SCENARIO(published, .about = "before it is made: two races", .explore = true,
         .expect = EXPECT_PANIC("not made"))
{
    int room = 0;

    made = NULL;
    both(use_made, &room);
}

SCENARIO(endless, .about = "more races than can be looked at", .explore = true)
{
    raised = 0;
    both(add, &shared);
    go(raise_at_once);
    while (!*(volatile int *)&raised)
        ;
}
