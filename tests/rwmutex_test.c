/* rwmutex_test.c - readers and writers, and who is let in when. */
#include "runtime/sync/held.h"
#include "tests/parked.h"

static struct go_rwmutex rw;
static char order[64];
static int norder;

static void read_say(int who)
{
    go_rwmutex_rlock(&rw);
    order[norder++] = (char)who;
    go_rwmutex_runlock(&rw);
}

static void write_say(int who)
{
    go_rwmutex_lock(&rw);
    order[norder++] = (char)who;
    go_rwmutex_unlock(&rw);
}

static void zero_value(void)
{
    go_rwmutex_rlock(&rw);
    go_rwmutex_rlock(&rw);
    CHECK_EQ(rw.readers, 2);
    CHECK_EQ(rt_g()->nheld, 2);
    CHECK(!go_rwmutex_trylock(&rw));
    go_rwmutex_runlock(&rw);
    go_rwmutex_runlock(&rw);
    go_rwmutex_lock(&rw);
    CHECK(!go_rwmutex_tryrlock(&rw));
    CHECK(!go_rwmutex_trylock(&rw));
    CHECK(!rt_g()->held[0].shared);
    go_rwmutex_unlock(&rw);
    CHECK(go_rwmutex_tryrlock(&rw));
    go_rwmutex_runlock(&rw);
    CHECK(go_rwmutex_trylock(&rw));
    go_rwmutex_unlock(&rw);
    CHECK_EQ(rt_g()->nheld, 0);
    CHECK_EQ(rw.obj.kind, GO_KIND_RWMUTEX);
}
Test(rwmutex, many_readers_or_one_writer)
{
    INSIDE(zero_value);
}

static void writer_waits(void)
{
    go_rwmutex_rlock(&rw);
    go(write_say, 'w');
    until_parked(1, GO_WAIT_RWMUTEX_LOCK);
    CHECK(rw.writer && rw.readers == 1);
    CHECK(!go_rwmutex_tryrlock(&rw));
    go(read_say, 'r');
    until_parked(1, GO_WAIT_RWMUTEX_RLOCK);
    CHECK_EQ(norder, 0);
    go_rwmutex_runlock(&rw);
    CHECK_EQ(rw.runlocked.goroutine, 1);
    while (norder < 2)
        go_yield();
    CHECK(strcmp(order, "wr") == 0);
}
Test(rwmutex, a_pending_writer_blocks_new_readers)
{
    INSIDE(writer_waits);
}

/* The order is the waiter's: all three readers, then the second writer. */
static void batch(void)
{
    go_rwmutex_lock(&rw);
    go(write_say, 'w');
    until_parked(1, GO_WAIT_RWMUTEX_LOCK);
    for (int i = 0; i < 3; i++)
        go(read_say, 'r');
    until_parked(3, GO_WAIT_RWMUTEX_RLOCK);
    go_rwmutex_unlock(&rw);
    CHECK_EQ(rw.readers, 3);
    CHECK(rw.writer != 0);
    CHECK_EQ(parked(GO_WAIT_RWMUTEX_RLOCK), 0);
    while (norder < 4)
        go_yield();
    CHECK(strcmp(order, "rrrw") == 0);
    CHECK(!rw.writer && !rw.readers);
}
Test(rwmutex, unlock_lets_in_all_readers_that_queued)
{
    INSIDE(batch);
}

static void writers_fifo(void)
{
    go_rwmutex_lock(&rw);
    for (int i = 0; i < 4; i++) {
        go(write_say, 'a' + i);
        until_parked((size_t)i + 1, GO_WAIT_RWMUTEX_LOCK);
    }
    go_rwmutex_unlock(&rw);
    while (norder < 4)
        go_yield();
    CHECK(strcmp(order, "abcd") == 0);
}
Test(rwmutex, writers_are_served_in_order)
{
    INSIDE(writers_fifo);
}

static void hold(bool shared)
{
    if (shared)
        go_rwmutex_rlock(&rw);
    else
        go_rwmutex_lock(&rw);
    go_select();
}
static void misuse_free(void)
{
    CHECK_PANIC(go_try(go_rwmutex_unlock_at, &rw, NULL),
                "sync: Unlock of unlocked RWMutex");
    CHECK_PANIC(go_try(go_rwmutex_runlock_at, &rw, NULL),
                "sync: RUnlock of unlocked RWMutex");
    go_rwmutex_rlock(&rw);
    CHECK_PANIC(go_try(go_rwmutex_unlock_at, &rw, NULL),
                "sync: Unlock of unlocked RWMutex");
    go_rwmutex_runlock(&rw);
    CHECK(!rw.lock && !rw.readers && !rw.writer);
    go_rwmutex_rlock(&rw);
    rw = (struct go_rwmutex){0}; /* its memory is another lock's now */
    CHECK_PANIC(go_try(go_rwmutex_runlock_at, &rw, NULL),
                "sync: RUnlock of unlocked RWMutex");
}
/* As it looks, it is g's; but g has another one. */
static void misuse_copy(void)
{
    struct go_rwmutex copy;
    char *why;

    go_rwmutex_lock(&rw);
    copy = rw;
    why = go_try(go_rwmutex_unlock_at, &copy, NULL);
    CHECK(why && strstr(why, "sync: Unlock of RWMutex owned by") == why);
    free(why);
    go_rwmutex_unlock(&rw);
}
Test(rwmutex, unlock_of_a_copy_panics)
{
    INSIDE(misuse_copy);
}

Test(rwmutex, unlock_of_unlocked_panics_in_gos_words)
{
    INSIDE(misuse_free);
}

static void misuse_read(void)
{
    go(hold, true);
    until_parked(1, GO_WAIT_SELECT_EMPTY);
    CHECK_PANIC(go_try(go_rwmutex_runlock_at, &rw, NULL),
                "sync: RUnlock of RWMutex that goroutine 1 did not lock for "
                "reading");
    CHECK_EQ(rw.readers, 1);
}
static void misuse_written(void)
{
    go(hold, false);
    until_parked(1, GO_WAIT_SELECT_EMPTY);
    CHECK_PANIC(go_try(go_rwmutex_unlock_at, &rw, NULL),
                "sync: Unlock of RWMutex owned by goroutine 2");
    CHECK_PANIC(go_try(go_rwmutex_runlock_at, &rw, NULL),
                "sync: RUnlock of unlocked RWMutex");
}
Test(rwmutex, a_read_lock_is_owned)
{
    INSIDE(misuse_read);
}
Test(rwmutex, a_write_lock_is_owned)
{
    INSIDE(misuse_written);
}

static void tell_held(void)
{
    go_rwmutex_lock(&rw);
    go(hold, true);
    until_parked(1, GO_WAIT_RWMUTEX_RLOCK);
    go_rwmutex_unlock(&rw);
    CHECK_EQ(rt_g_find(2)->nheld, 1);
    CHECK(rt_g_find(2)->held[0].shared);
    CHECK_EQ(rw.readers, 1);
}
Test(rwmutex, the_waker_notes_what_the_woken_holds)
{
    INSIDE(tell_held);
}

static void read_write(void)
{
    go_rwmutex_rlock(&rw);
    go_rwmutex_lock(&rw);
}
Test(rwmutex, upgrading_is_a_deadlock)
{
    expect_deadlock(read_write);
}
