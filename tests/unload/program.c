/* program.c - closes a library that goroutines are left in. */
#include <dlfcn.h>
#include <stdio.h>
#include <vigil/scenario.h>

static void *opened(const char *name)
{
    void *library = dlopen(name, RTLD_NOW);

    if (!library)
        go_panic("%s", dlerror());
    return library;
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
    char name[32];

    for (int i = 0; i < 150; i++) {
        snprintf(name, sizeof(name), "./library%d.so", i);
        library = opened(name);
    }
    leave_and_close(library);
}
