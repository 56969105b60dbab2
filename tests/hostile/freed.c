/* freed.c - blocks that are freed while somebody has them yet, or not. */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <vigil/scenario.h>

enum {
    SMALL = 8 * sizeof(int), /* a block that is cut from a chunk */
    BIG = 200000             /* of chunks */
};

typedef void use(char *);

static void beside(use *one, char *with, use *other, char *with_other)
{
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, one, with);
    go_waitgroup_go(&wg, other, with_other);
    go_waitgroup_wait(&wg);
}

/* The compiler knows what free is, and leaves out what comes after it. */
static char *volatile same;

static char *same_as(char *p)
{
    same = p;
    return same;
}

static void drop(char *p)
{
    free(p);
}

static void look(char *p)
{
    same_as(p + *p);
}

static void change(char *p)
{
    *p = 0;
}

SCENARIO(freed, .about = "one frees what the other reads")
{
    char *p = calloc(1, SMALL);

    beside(drop, p, look, p + 20);
}

SCENARIO(freed_big, .about = "the same of many chunks")
{
    char *p = calloc(1, BIG);

    beside(look, p + BIG / 2, drop, p);
}

static void drop_by_size(char *p)
{
    same_as(realloc(p, 0));
}

/* Where it lies. */
static void resize(char *p)
{
    same_as(realloc(p, SMALL - 1));
}

SCENARIO(moved, .about = "one resizes what the other writes")
{
    char *p = calloc(1, SMALL);

    beside(change, p + 20, drop_by_size, p);
    p = calloc(1, SMALL);
    beside(resize, p, change, p + 20);
}

static struct go_mutex mu;

static void drop_locked(char *p)
{
    go_mutex_lock(&mu);
    free(*(char **)p);
    *(char **)p = NULL;
    go_mutex_unlock(&mu);
}

static void look_locked(char *p)
{
    go_mutex_lock(&mu);
    if (*(char **)p)
        look(*(char **)p + 20);
    go_mutex_unlock(&mu);
}

SCENARIO(dropped_locked, .about = "with a lock, and looked for",
         .explore = true)
{
    static char *p;

    p = calloc(1, SMALL);
    beside(drop_locked, (char *)&p, look_locked, (char *)&p);
}

static void send_blocks(chan(char *) to)
{
    for (int i = 0; i < 3; i++) {
        char *p = malloc(SMALL);

        p[20] = 0;
        chan_send(to, p);
    }
    chan_close(to);
}

static void drop_blocks(chan(char *) from)
{
    chan_range(p, from) {
        look(p + 20);
        free(p);
    }
}

SCENARIO(handed_over, .about = "by who it is sent to", .explore = true)
{
    chan(char *) c = chan_make(char *, 1);
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, send_blocks, c);
    go_waitgroup_go(&wg, drop_blocks, c);
    go_waitgroup_wait(&wg);
}

static void use_and_drop(char *unused)
{
    (void)unused;
    for (size_t n = SMALL; n <= BIG; n += BIG - SMALL) {
        char *p = malloc(n);

        p[0] = p[n - 1] = 0;
        go_yield();
        p = realloc(p, 2 * n);
        p[0] = p[2 * n - 1] = 0;
        free(p);
    }
}

SCENARIO(given_anew, .about = "what one has freed the other gets",
         .explore = true)
{
    beside(use_and_drop, NULL, use_and_drop, NULL);
    use_and_drop(NULL);
}

/* By the old pointer, when somebody may have that memory who did not come after
   the first. */
static _Atomic(char *) new_one;

static void take(char *unused)
{
    (void)unused;
    atomic_store(&new_one, malloc(SMALL));
}

static void look_behind(char *p)
{
    if (atomic_load(&new_one))
        look(p + 20);
}

SCENARIO(old_pointer, .about = "who comes late has an old pointer")
{
    struct go_waitgroup wg = {0};
    char *p = calloc(1, SMALL);

    go_waitgroup_go(&wg, drop, p);
    go_waitgroup_go(&wg, take, NULL);
    go_waitgroup_go(&wg, look_behind, p);
    go_waitgroup_wait(&wg);
}

static void drop_and_use(use *fn, size_t size)
{
    char *p = same_as(calloc(1, size)), *old = same;

    free(p);
    fn(old + size / 2);
}

SCENARIO(read_late, .about = "reads what it has freed")
{
    drop_and_use(look, SMALL);
}

SCENARIO(written_late, .about = "writes to what it has freed, of many chunks")
{
    drop_and_use(change, BIG);
}

static volatile size_t some = 4; /* else it is no call */

static void copy(char *p)
{
    static char to[8];

    memcpy(to, p, some);
}

SCENARIO(copied_late, .about = "copies what it has freed")
{
    drop_and_use(copy, SMALL);
}

SCENARIO(moved_late, .about = "reads what was elsewhere before it grew")
{
    char *p = same_as(calloc(1, SMALL)), *old = same;

    p = realloc(p, BIG);
    look(old + 20);
    free(p);
}

SCENARIO(joined_late, .about = "writes to what another one has freed")
{
    struct go_waitgroup wg = {0};
    char *p = calloc(1, SMALL);

    go_waitgroup_go(&wg, drop, p);
    go_waitgroup_wait(&wg);
    change(p + 20);
}

/* Gets the memory again, which is zeroed. */
static void drop_and_take(char *p)
{
    free(p);
    same_as(malloc(SMALL));
}

static void look_twice(char *p)
{
    if (*p == 7 && *(volatile char *)p != 7)
        go_panic("gone");
}

SCENARIO(gone_between, .about = "freed and taken between two looks",
         .explore = true, .expect = EXPECT_PANIC("gone"))
{
    char *p = malloc(SMALL);

    *p = 7;
    beside(drop_and_take, p, look_twice, p);
}

SCENARIO(freed_twice, .about = "by two, nothing between them")
{
    char *p = calloc(1, SMALL);

    beside(drop, p, drop, p);
}
