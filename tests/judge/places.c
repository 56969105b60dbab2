/* places.c - places that are no goroutine's. */
#define _GNU_SOURCE
#include "tests/judge/places.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "tests/judge/real.h"

typedef volatile uintptr_t slots[SLOTS];

static slots data[WORLDS] = {{1}}, bss[WORLDS];
static __thread slots local[WORLDS];
static slots *mapped;
static slots *filled[WORLDS]; /* the local of whoever filled it */
static pthread_key_t keys[WORLDS][SLOTS];

static struct {
    pthread_t id;
    bool there;
    sem_t begin, ready, end;
    struct rt_span all; /* its stack, and what libc keeps for it there */
} thread;

static void await(sem_t *s)
{
    while (sem_wait(s))
        ;
}

static bool needed_by(const struct world *w)
{
    for (unsigned i = 0; i < w->nref; i++)
        if (w->ref[i].place == PLACE_THREAD ||
            w->ref[i].place == PLACE_SPECIFIC)
            return true;
    return false;
}

static bool needed(void)
{
    for (unsigned i = 0; i < WORLDS; i++)
        if (needed_by(reals[i].w))
            return true;
    return false;
}

/* In a frame that is gone when the thread waits. */
static __attribute__((noinline)) void put_specific(void)
{
    slots word[WORLDS] = {{0}};

    for (unsigned i = 0; i < WORLDS; i++)
        real_put_all(&reals[i], word[i], PLACE_SPECIFIC, 0);
    for (unsigned i = 0; i < WORLDS * SLOTS; i++) {
        pthread_setspecific((&keys[0][0])[i], (void *)(&word[0][0])[i]);
        (&word[0][0])[i] = 0;
    }
    hands_wipe();
}

static struct rt_span own_span(void)
{
    pthread_attr_t attr;
    void *low;
    size_t size;

    if (pthread_getattr_np(pthread_self(), &attr))
        abort();
    pthread_attr_getstack(&attr, &low, &size);
    pthread_attr_destroy(&attr);
    return (struct rt_span){(uintptr_t)low, (uintptr_t)low + size};
}

static void *thread_body(void *arg)
{
    slots word[WORLDS] = {{0}};

    thread.all = own_span();
    await(&thread.begin);
    put_specific();
    for (unsigned i = 0; i < WORLDS; i++)
        real_put_all(&reals[i], word[i], PLACE_THREAD, 0);
    sem_post(&thread.ready);
    await(&thread.end);
    __asm__ volatile("" ::"r"(word) : "memory");
    for (unsigned i = 0; i < WORLDS * SLOTS; i++)
        (&word[0][0])[i] = 0;
    return arg;
}

static void open_once(void)
{
    if (mapped)
        return;
    mapped = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
                  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (unsigned i = 0; i < WORLDS * SLOTS; i++)
        if (mapped == MAP_FAILED || pthread_key_create(&(&keys[0][0])[i], NULL))
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

__attribute__((noinline)) void places_fill(struct real *real)
{
    long i = real - reals;

    filled[i] = &local[i];
    real_put_all(real, data[i], PLACE_DATA, 0);
    real_put_all(real, bss[i], PLACE_BSS, 0);
    real_put_all(real, *filled[i], PLACE_TLS, 0);
    real_put_all(real, mapped[i], PLACE_MAPPED, 0);
}

void places_filled(void)
{
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
    for (unsigned i = 0; i < WORLDS; i++)
        for (int k = 0; k < SLOTS; k++)
            data[i][k] = bss[i][k] = (*filled[i])[k] = mapped[i][k] = 0;
}

void places_close(void)
{
    if (!thread.there)
        return;
    sem_post(&thread.begin); /* if the run never came so far */
    sem_post(&thread.end);
    pthread_join(thread.id, NULL);
}

struct rt_span places_span(enum place place)
{
    uintptr_t low = place == PLACE_TLS ? (uintptr_t)*filled : (uintptr_t)mapped;

    if (place == PLACE_THREAD)
        return thread.there ? thread.all : (struct rt_span){0, 0};
    return (struct rt_span){low, low + sizeof(slots[WORLDS])};
}
