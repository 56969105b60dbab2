/*
 * rwmutex_reader_twice_with_writer_between - the twin: one read lock.
 *
 * Pattern: who holds the read lock calls the unlocked lookup. Expected: CLEAN.
 */
#include "scenarios/check.h"

static struct go_rwmutex table;
static int entries;

static void writer(void)
{
    go_rwmutex_lock(&table);
    entries = 1;
    go_rwmutex_unlock(&table);
}

static int lookup_locked(void)
{
    return entries;
}

SCENARIO(rwmutex_reader_twice_with_writer_between,
         .about = "one read lock, then the writer")
{
    go_rwmutex_rlock(&table);
    go(writer);
    go_sleep(GO_MILLISECOND);
    CHECK_EQ(lookup_locked(), 0);
    go_rwmutex_runlock(&table);
}

SCENARIO(rwmutex_reader_twice_with_writer_between_unlucky,
         .about = "one read lock, whenever the writer comes", .explore = true)
{
    go_rwmutex_rlock(&table);
    go(writer);
    CHECK_EQ(lookup_locked(), 0);
    go_rwmutex_runlock(&table);
}
