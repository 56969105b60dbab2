/*
 * elsewhere.c - loops that look as if nothing changed in them, and go by what
 * lies in no variable and on no heap: memory that was mapped or shared before
 * main, what the C library keeps for a thread or has allocated, clocks that
 * libraries read, the processor. None of them is a livelock.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>
#include <vigil/scenario.h>

#include "tests/hostile/rounds.h"

/* ---- memory of the program's own, from before main -----------------------*/

static int *mapped, *shared;
static const int *file;
static pthread_key_t key;

static __attribute__((constructor)) void map_early(void)
{
    int fd = memfd_create("elsewhere", MFD_CLOEXEC);

    mapped = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
                  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
                  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (ftruncate(fd, 4096) == 0)
        file = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, fd, 0);
    close(fd);
    pthread_key_create(&key, NULL);
}

SCENARIO(in_an_old_mapping, .about = "a counter that main finds mapped",
         .explore = true)
{
    both(counts, mapped);
}

SCENARIO(in_shared_memory, .about = "a counter that others could change",
         .explore = true)
{
    both(counts, shared);
}

static bool is_zero(void *arg)
{
    return *(const volatile int *)arg == 0;
}

SCENARIO(by_shared_memory, .about = "until another process says so",
         .explore = true)
{
    both(is_zero, shared);
}

SCENARIO(by_a_mapped_file, .about = "until somebody writes to the file",
         .explore = true)
{
    both(is_zero, (void *)(uintptr_t)file);
}

static bool counts_letters(void *arg)
{
    return ++*(char *)arg != 0;
}

SCENARIO(in_the_environment, .about = "a counter in a variable's value",
         .explore = true)
{
    both(counts_letters, environ[0]);
}

/* ---- what the C library has ----------------------------------------------*/

SCENARIO(in_a_librarys_block, .about = "a counter that it has allocated",
         .explore = true)
{
    int *n = NULL;

    if (asprintf((char **)&n, "1234567") >= (int)sizeof(*n))
        both(counts, n);
    free(n);
}

static bool reads(void *arg)
{
    return fgetc(arg) == 'a';
}

SCENARIO(in_a_stream, .about = "letters of a text, one by one", .explore = true)
{
    static char text[ROUNDS];
    FILE *f;

    for (int i = 0; i < ROUNDS; i++)
        text[i] = 'a';
    f = fmemopen(text, sizeof(text), "r");
    both(reads, f);
    fclose(f);
}

static bool counts_specific(void *arg)
{
    uintptr_t n = (uintptr_t)pthread_getspecific(key) + 1;

    (void)arg;
    pthread_setspecific(key, (void *)n);
    return n % ROUNDS != 0;
}

SCENARIO(in_the_threads_own, .about = "a counter as a thread's own value",
         .explore = true)
{
    both(counts_specific, NULL);
}

/* ---- the processor's -----------------------------------------------------*/

#if defined(__x86_64__)
enum {
    FLAGS = 0x3f /* in the processor's word of what has happened */
};

static bool counts_flags(void *arg)
{
    unsigned word = __builtin_ia32_stmxcsr(), n = (word & FLAGS) + 1;

    (void)arg;
    __builtin_ia32_ldmxcsr((word & ~(unsigned)FLAGS) | (n & FLAGS));
    return n <= FLAGS;
}

SCENARIO(in_flags, .about = "a counter in what the processor notes",
         .explore = true)
{
    both(counts_flags, NULL);
}
#endif

/* The C library's own, as other libraries call it: vigil has another one for
   the program. */
static void *of_the_library(const char *name)
{
    static void *library;

    if (!library)
        library = dlopen("libc.so.6", RTLD_LAZY | RTLD_NOLOAD);
    return library ? dlsym(library, name) : NULL;
}

static time_t (*real_time)(time_t *);
static int (*real_gettime)(clockid_t, struct timespec *);

static __attribute__((constructor)) void find_early(void)
{
    real_time = (time_t(*)(time_t *))of_the_library("time");
    real_gettime =
        (int (*)(clockid_t, struct timespec *))of_the_library("clock_gettime");
}

static bool is_this_century(void *arg)
{
    (void)arg;
    return real_time(NULL) < 4102444800;
}

SCENARIO(by_seconds, .about = "until a library says that it is late",
         .explore = true)
{
    both(is_this_century, NULL);
}

static bool is_early_coarsely(void *arg)
{
    struct timespec t;

    (void)arg;
    real_gettime(CLOCK_REALTIME_COARSE, &t);
    return t.tv_sec < 4102444800;
}

SCENARIO(by_a_coarse_clock, .about = "the same of one that is not exact",
         .explore = true)
{
    both(is_early_coarsely, NULL);
}

static bool is_somewhere(void *arg)
{
    (void)arg;
    return sched_getcpu() >= 0;
}

SCENARIO(by_the_processor, .about = "until it runs on no processor",
         .explore = true)
{
    both(is_somewhere, NULL);
}

/* The same loop, with nothing that could end it. */
SCENARIO(for_ever, .about = "nothing ends it", .expect = EXPECT_LIVELOCK,
         .explore = true)
{
    both(always, NULL);
}
