/*
 * shipped.c - where the project keeps what it has built.
 *
 * In:  the place of this very executable. Out: paths near it.
 */
#include "harness/shipped.h"

#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

char *hn_shipped_beside(const char *what)
{
    char exe[4096], cwd[4096], *path = NULL;
    ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
    size_t skip = 0;

    if (n <= 0)
        return NULL;
    exe[n] = '\0';
    if (asprintf(&path, "%s/%s", dirname(exe), what) < 0)
        return NULL;
    /* shorter to read and to copy when we stand above it */
    if (getcwd(cwd, sizeof(cwd)) && strncmp(path, cwd, strlen(cwd)) == 0 &&
        path[strlen(cwd)] == '/')
        skip = strlen(cwd) + 1;
    memmove(path, path + skip, strlen(path + skip) + 1);
    return path;
}

char *hn_shipped_built_from(const char *path)
{
    size_t n = strlen(path);
    char *plain =
        strndup(path, n > 2 && !strcmp(path + n - 2, ".c") ? n - 2 : n);
    char *built = hn_shipped_beside(plain);
    struct stat st;

    free(plain);
    if (built && stat(built, &st) == 0)
        return built;
    free(built);
    return NULL;
}
