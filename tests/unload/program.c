/* program.c - closes libraries, one of which goroutines are left in. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <vigil/scenario.h>

enum {
    MANY = 150
};

static unsigned kept; /* asked for, to be never unloaded */

/* In the C library's place, also for vigil. */
void *dlopen(const char *name, int mode)
{
    void *(*next)(const char *, int) =
        (void *(*)(const char *, int))dlsym(RTLD_NEXT, "dlopen");

    kept += (mode & RTLD_NODELETE) != 0;
    return next(name, mode);
}

static void *opened(const char *name)
{
    void *library = dlopen(name, RTLD_NOW);

    if (!library)
        go_panic("%s", dlerror());
    return library;
}

static void *numbered(int i)
{
    char name[32];

    snprintf(name, sizeof(name), "./library%d.so", i);
    return opened(name);
}

static void leave_and_close(void *library)
{
    void (*leave)(void) = (void (*)(void))dlsym(library, "leave");

    leave();
    if (dlclose(library))
        go_panic("%s", dlerror());
    if (dlerror())
        go_panic("an error that is not the program's");
    go_sleep(GO_SECOND);
}

SCENARIO(closed, .about = "who is left in a library that was closed",
         .expect = EXPECT_LEAK(1))
{
    leave_and_close(opened("./library.so"));
}

SCENARIO(last_of_many, .about = "who is left in the last of many",
         .expect = EXPECT_LEAK(1))
{
    void *library = NULL;

    for (int i = 0; i < MANY; i++)
        library = numbered(i);
    leave_and_close(library);
}

SCENARIO(kept_once, .about = "who was kept is not kept again")
{
    for (int i = 0; i < MANY; i++)
        dlclose(numbered(i));
    if (kept < MANY || kept > 2 * MANY)
        go_panic("%u were kept", kept);
}
