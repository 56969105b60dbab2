/*
 * rwmutex_reader_twice_with_writer_between - a recursive read lock.
 *
 * Pattern: the second read lock queues behind a writer, which waits for the
 * first one. Expected: DEADLOCK, a ring of two. Origin: Go's documentation of
 * RWMutex forbids recursive read locking for this reason.
 */
#include <vigil/scenario.h>

static struct go_rwmutex table;

static void writer(void)
{
    go_rwmutex_lock(&table); /* pending: from here on new readers wait */
    go_rwmutex_unlock(&table);
}

static void lookup(void)
{
    go_rwmutex_rlock(&table);
    go_rwmutex_runlock(&table);
}

SCENARIO(rwmutex_reader_twice_with_writer_between,
         .about = "recursive read lock meets a pending writer",
         .expect = EXPECT_DEADLOCK)
{
    go_rwmutex_rlock(&table);
    go(writer);
    go_sleep(GO_MILLISECOND); /* until the writer is pending */
    lookup();
    go_rwmutex_runlock(&table);
}

SCENARIO(rwmutex_reader_twice_with_writer_between_unlucky,
         .about = "recursive read lock may meet a pending writer",
         .expect = EXPECT_DEADLOCK, .explore = true)
{
    go_rwmutex_rlock(&table);
    go(writer);
    lookup();
    go_rwmutex_runlock(&table);
}
