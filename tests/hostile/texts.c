/* texts.c - what the C library reads and writes for a program that tells its
   loads and stores. */
#include <stdlib.h>
#include <string.h>
#include <vigil/scenario.h>

static char text[64], other[64];
static volatile size_t some = 6; /* else it is no call */
static char *volatile found;
static volatile int result;
static struct go_mutex mu;

static void begin(void)
{
    static const char first[] = "abcdefgh";

    memcpy(text, first, sizeof(first));
    memcpy(other, first, sizeof(first));
}

static void change(void)
{
    text[4] = 'x';
}

static void lock(void (*fn)(void))
{
    go_mutex_lock(&mu);
    fn();
    go_mutex_unlock(&mu);
}

static void beside(void (*one)(void))
{
    struct go_waitgroup wg = {0};

    begin();
    go_waitgroup_go(&wg, one);
    go_waitgroup_go(&wg, change);
    go_waitgroup_wait(&wg);
}

static void locked(void (*one)(void))
{
    struct go_waitgroup wg = {0};

    begin();
    go_waitgroup_go(&wg, lock, one);
    go_waitgroup_go(&wg, lock, change);
    go_waitgroup_wait(&wg);
}

/* One that has the fifth byte of text, and is kept apart or not. */
#define OF(name, call)                                                         \
    static void use_##name(void)                                               \
    {                                                                          \
        call;                                                                  \
    }                                                                          \
    SCENARIO(races_##name, .about = #call)                                     \
    {                                                                          \
        beside(use_##name);                                                    \
    }                                                                          \
    SCENARIO(locked_##name, .about = #call)                                    \
    {                                                                          \
        locked(use_##name);                                                    \
    }
OF(stpcpy, found = stpcpy(other, text))
OF(strncpy, strncpy(other, text, some))
OF(strcat, strcat(text, other))
OF(strlen, result = (int)strlen(text))
OF(strnlen, result = (int)strnlen(text, some))
OF(memcmp, result = memcmp(text, other, some))
OF(strcmp, result = strcmp(text, other))
OF(strncmp, result = strncmp(text, other, some))
OF(memchr, found = memchr(text, 'f', some))
OF(strchr, found = strchr(text, 'f'))
OF(strrchr, found = strrchr(text, 'a'))

/* Where the answer is known before, nothing behind it is read. */
static void use_beginnings(void)
{
    static char short_one[64] = "ab";

    found = strchr(text, 'b');
    found = memchr(text, 'b', some);
    result = strcmp(text, short_one);
    result = strncmp(text, other, some / 2);
    result = (int)strnlen(text, some / 2);
    strncpy(other, text, some / 2);
}

SCENARIO(beginnings, .about = "what is before the byte that is written")
{
    beside(use_beginnings);
}

static void want(bool right, const char *what)
{
    if (!right)
        go_panic("%s", what);
}
#define WANT(what) want(what, #what)

SCENARIO(results, .about = "they do what they do elsewhere")
{
    static char to[16];

    begin();
    WANT(strlen(text) == 8 && strlen(text + some) == 2);
    WANT(strnlen(text, some) == 6 && strnlen(text, 2 * some) == 8);
    WANT(stpcpy(to, text) == to + 8 && strcmp(to, text) == 0);
    WANT(strcmp(text + 1, text) > 0 && strncmp(text, "abcX", some / 2) == 0);
    WANT(strncmp(text, other, 2 * some) == 0);
    WANT(strncpy(to + 1, text + 6, some) == to + 1);
    WANT(memcmp(to, "aghf", some / 2) == 0 && memcmp(to + 3, "\0\0\0", 3) == 0);
    WANT(to[7] == 'h' && strcat(to, text + some) == to);
    WANT(memcmp(to, "aghgh", some) == 0);
    WANT(memchr(text, 'c', some) == text + 2 && !memchr(text, 'h', some));
    WANT(strchr(text, 'h') == text + 7 && !strchr(text, 'z'));
    WANT(strchr(text, 0) == text + 8 && strrchr(text, 'c') == text + 2);
    WANT(strcpy(to, text) == to && to[some] == 'g');
}
