/* procfs.c - processes by their numbers in /proc. */
#include "harness/procfs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int hn_procfs_self(void)
{
    char text[16] = "";

    return readlink("/proc/self", text, sizeof(text) - 1) > 0 ? atoi(text) : 0;
}

/* The last number in the line of that name; 0: there is none. */
static int last_number(const char *path, const char *name)
{
    FILE *f = fopen(path, "re");
    char *line = NULL;
    size_t room = 0;
    int number = 0;

    while (f && number == 0 && getline(&line, &room, f) > 0)
        if (strncmp(line, name, strlen(name)) == 0)
            number = atoi(strrchr(line, '\t') + 1);
    free(line);
    if (f)
        fclose(f);
    return number;
}

int hn_procfs_number(pid_t pid, int pidfd)
{
    char path[40];

    if (hn_procfs_self() == getpid())
        return pid;
    snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", pidfd);
    return last_number(path, "Pid:\t");
}

pid_t hn_procfs_pid(int number)
{
    char path[40];

    if (hn_procfs_self() == getpid())
        return number;
    snprintf(path, sizeof(path), "/proc/%d/status", number);
    return last_number(path, "NSpid:\t");
}
