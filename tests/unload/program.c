/* program.c - closes a library that goroutines are left in. */
#include <dlfcn.h>
#include <vigil/scenario.h>

SCENARIO(closed, .about = "who is left in a library that was closed",
         .expect = EXPECT_LEAK(1))
{
    void *library = dlopen("./library.so", RTLD_NOW);
    void (*leave)(void) = (void (*)(void))dlsym(library, "leave");

    leave();
    if (dlclose(library))
        go_panic("%s", dlerror());
    if (dlerror())
        go_panic("an error that is not the program's");
    go_sleep(GO_SECOND);
}
