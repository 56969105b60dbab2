/* places.c - places that are no goroutine's. */
#include "tests/judge/places.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "tests/judge/real.h"

static volatile uintptr_t data[SLOTS] = {1, 1, 1, 1}, bss[SLOTS];
static __thread volatile uintptr_t local[SLOTS];
static volatile uintptr_t *mapped;
static volatile uintptr_t *filled; /* the local of whoever filled it */
static pthread_key_t keys[SLOTS];

static struct {
    pthread_t id;
    bool there;
    sem_t begin, ready, end;
} thread;

static void await(sem_t *s)
{
    while (sem_wait(s))
        ;
}

static bool needed(void)
{
    for (unsigned i = 0; i < real.w->nref; i++)
        if (real.w->ref[i].place == PLACE_THREAD ||
            real.w->ref[i].place == PLACE_SPECIFIC)
            return true;
    return false;
}

/* In a frame that is gone when the thread waits. */
static __attribute__((noinline)) void put_specific(void)
{
    volatile uintptr_t word[SLOTS] = {0};

    real_put_all(word, PLACE_SPECIFIC, 0);
    for (int i = 0; i < SLOTS; i++) {
        pthread_setspecific(keys[i], (void *)word[i]);
        word[i] = 0;
    }
    hands_wipe();
}

static void *thread_body(void *arg)
{
    volatile uintptr_t word[SLOTS] = {0};

    await(&thread.begin);
    put_specific();
    real_put_all(word, PLACE_THREAD, 0);
    sem_post(&thread.ready);
    await(&thread.end);
    __asm__ volatile("" ::"r"(word) : "memory");
    for (int i = 0; i < SLOTS; i++)
        word[i] = 0;
    return arg;
}

static void open_once(void)
{
    if (mapped)
        return;
    mapped = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
                  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (int i = 0; i < SLOTS; i++)
        if (mapped == MAP_FAILED || pthread_key_create(&keys[i], NULL))
            abort();
}

void places_open(void)
{
    open_once();
    thread.there = needed();
    if (!thread.there)
        return;
    sem_init(&thread.begin, 0, 0);
    sem_init(&thread.ready, 0, 0);
    sem_init(&thread.end, 0, 0);
    if (pthread_create(&thread.id, NULL, thread_body, NULL))
        abort();
}

__attribute__((noinline)) void places_fill(void)
{
    filled = local;
    real_put_all(data, PLACE_DATA, 0);
    real_put_all(bss, PLACE_BSS, 0);
    real_put_all(filled, PLACE_TLS, 0);
    real_put_all(mapped, PLACE_MAPPED, 0);
    if (thread.there)
        sem_post(&thread.begin);
}

void places_await(void)
{
    if (thread.there)
        await(&thread.ready);
}

void places_clear(void)
{
    for (int i = 0; i < SLOTS; i++)
        data[i] = bss[i] = filled[i] = mapped[i] = 0;
}

void places_close(void)
{
    if (!thread.there)
        return;
    sem_post(&thread.begin); /* if the run never came so far */
    sem_post(&thread.end);
    pthread_join(thread.id, NULL);
}
