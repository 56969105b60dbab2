/*
 * program.c - calls what vigil stands in front of for the first time, while a
 * thread has the lock of the loader.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <vigil/scenario.h>

#include "tests/loading/library.h"

bool loading;

static void *load(void *unused)
{
    if (!dlopen("./library.so", RTLD_NOW))
        go_panic("%s", dlerror());
    return unused;
}

SCENARIO(loading, .about = "a first call while a library is being loaded")
{
    pthread_t t;
    sigset_t pending;

    pthread_create(&t, NULL, load, NULL);
    while (!__atomic_load_n(&loading, __ATOMIC_ACQUIRE))
        go_yield();
    sigpending(&pending);
    __atomic_store_n(&loading, false, __ATOMIC_RELEASE);
    pthread_join(t, NULL);
}
