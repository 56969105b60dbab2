/*
 * presence_test.c - what a snapshot believes of objects in memory that is not
 * what it was.
 */
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>

#include "runtime/base/peek.h"
#include "tests/shot.h"

static struct go_mutex mutex;

static void locker(void)
{
    go_mutex_lock(&mutex);
    go_mutex_unlock(&mutex);
}

static void three_wait(void)
{
    go_mutex_lock(&mutex);
    for (int i = 0; i < 3; i++)
        go(locker);
    let_all_park();
}

/* So that the next test finds the lock, and those who wait for it. */
static void put_back(const struct go_mutex *was)
{
    mon_snapshot_free(&shot);
    mutex = *was;
    go_mutex_unlock(&mutex);
}

INSIDE_TEST(presence, every_waiter_of_a_lock_that_is_there_waits_for_it)
{
    three_wait();
    take(false);
    for (uint64_t id = 2; id <= 4; id++)
        CHECK_EQ(waited(id)->kind, GO_KIND_MUTEX);
    CHECK_EQ(shot.in.nobject, 1);
    put_back(&mutex);
}

INSIDE_TEST(presence, what_was_overwritten_is_gone_and_not_written_to)
{
    struct go_mutex was, zero = {0};

    three_wait();
    was = mutex;
    mutex = zero;
    take(false);
    for (uint64_t id = 2; id <= 4; id++)
        CHECK_EQ(waited(id)->kind, GO_KIND_GONE);
    CHECK(memcmp(&mutex, &zero, sizeof(zero)) == 0);
    put_back(&was);
}

INSIDE_TEST(presence, another_kind_in_the_same_place_is_not_what_was_there)
{
    struct go_mutex was;

    three_wait();
    was = mutex;
    mutex.obj.kind = GO_KIND_BARRIER;
    take(false);
    CHECK_EQ(waited(2)->kind, GO_KIND_GONE);
    put_back(&was);
}

/* Whose waiter is in the middle has others on both sides, that say the same. */
INSIDE_TEST(presence,
            who_waits_for_what_was_there_before_waits_for_nothing_else)
{
    struct go_mutex was;

    three_wait();
    was = mutex;
    memset(&mutex, 0, sizeof(mutex));
    go_mutex_lock(&mutex);
    go(locker);
    let_all_park();
    take(false);
    for (uint64_t id = 2; id <= 4; id++)
        CHECK_EQ(waited(id)->kind, GO_KIND_GONE);
    CHECK_EQ(waited(5)->kind, GO_KIND_MUTEX);
    mon_snapshot_free(&shot);
    go_mutex_unlock(&mutex);
    let_all_park();
    put_back(&was);
}

INSIDE_TEST(presence, a_peek_says_what_can_not_be_read)
{
    size_t page = 4096;
    char word[8], *at = mmap(NULL, 2 * page, PROT_READ,
                             MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    CHECK(rt_peek(word, at + page, sizeof(word)));
    munmap(at + page, page);
    CHECK(!rt_peek(word, at + page, sizeof(word)));
    CHECK(!rt_peek(word, at + page - 4, sizeof(word)));
    CHECK(rt_peek(word, at + page - 8, sizeof(word)));
    munmap(at, page);
}

/* What the kernel leaves out in the middle is asked for by itself. */
INSIDE_TEST(presence, a_peek_at_many_says_which_can_not_be_read)
{
    size_t page = 4096;
    char *at = mmap(NULL, 3 * page, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    struct iovec from[5];
    char to[5 * 8];
    bool read[5];

    for (int i = 0; i < 5; i++) {
        from[i] = (struct iovec){at + (size_t)i * page / 2, 8};
        memset(from[i].iov_base, 'a' + i, 8);
    }
    munmap(at + page, page);
    rt_peek_many(to, from, 5, read);
    for (int i = 0; i < 5; i++) {
        CHECK_EQ(read[i], i < 2 || i == 4);
        if (read[i])
            CHECK_EQ(to[i * 8 + 7], 'a' + i);
    }
    munmap(at, page);
    munmap(at + 2 * page, page);
}
