/*
 * thread.c - asks the loader and the C library for a thread's memory.
 *
 * Method: the loader tells where the variables of each object are. What the C
 * library notes begins where pthread_self points, and how long it is it says
 * to debuggers. In there the kernel notes the processor (rseq, Linux 4.18):
 * that changes whenever it likes, and is left out.
 */
#define _GNU_SOURCE
#include "harness/explore/thread.h"

#include <dlfcn.h>
#include <link.h>
#include <pthread.h>
#include <stdint.h>
#include <sys/auxv.h>

extern const ptrdiff_t __rseq_offset __attribute__((weak));
extern const unsigned __rseq_size __attribute__((weak));
extern void *__libc_stack_end; /* where main's caller's frame begins */

enum {
    RSEQ =
        32 /* bytes; a later kernel's are said to be fewer, and are so many */
};

struct asked {
    void (*each)(void *arg, const void *low, size_t size);
    void *arg;
    char *low; /* of all */
};

static int tell_object(struct dl_phdr_info *info, size_t size, void *arg)
{
    struct asked *a = arg;
    char *low = info->dlpi_tls_data;

    (void)size;
    if (!low)
        return 0;
    if (low < a->low)
        a->low = low;
    if (!a->each || hn_loaded_is_ours(info->dlpi_name))
        return 0;
    for (size_t i = 0; i < info->dlpi_phnum; i++)
        if (info->dlpi_phdr[i].p_type == PT_TLS)
            a->each(a->arg, low, info->dlpi_phdr[i].p_memsz);
    return 0;
}

/* What the C library notes of a thread; 0: not known. */
static size_t noted_size(void)
{
    static const uint32_t *size;

    if (!size)
        size = dlsym(RTLD_DEFAULT, "_thread_db_sizeof_pthread");
    return size ? *size : 0;
}

struct hn_range hn_thread_processor(void)
{
    char *self = (char *)__builtin_thread_pointer();

    if (!&__rseq_size || !__rseq_size)
        return (struct hn_range){NULL, 0};
    return (struct hn_range){self + __rseq_offset,
                             __rseq_size > RSEQ ? __rseq_size : RSEQ};
}

static void tell_noted(struct asked *a, size_t size)
{
    struct hn_range ranges[2] = {{(char *)pthread_self(), size}};
    struct hn_range processor = hn_thread_processor();
    size_t n = 1;

    hn_range_cut(ranges, &n, processor.low, processor.size);
    for (size_t i = 0; i < n; i++)
        a->each(a->arg, ranges[i].low, ranges[i].size);
}

/* From the frame that the process began with up: the words that it was given,
   and behind them the texts, the last of which is its file's name. */
static void tell_beginning(struct asked *a)
{
    const char *low = __libc_stack_end;
    const char *name = (const char *)getauxval(AT_EXECFN);

    if (name > low)
        a->each(a->arg, low, (size_t)(name - low));
}

bool hn_thread_memory(void (*each)(void *arg, const void *low, size_t size),
                      void *arg)
{
    struct asked a = {each, arg, (char *)pthread_self()};
    size_t size = noted_size();

    if (!size)
        return false;
    dl_iterate_phdr(tell_object, &a);
    tell_noted(&a, size);
    tell_beginning(&a);
    return true;
}

struct hn_range hn_thread_range(void)
{
    struct asked a = {NULL, NULL, (char *)pthread_self()};
    size_t size = noted_size();

    dl_iterate_phdr(tell_object, &a);
    if (!size)
        return (struct hn_range){NULL, 0};
    return (struct hn_range){a.low,
                             (size_t)((char *)pthread_self() - a.low) + size};
}
