/*
 * elfmark_test.c - scenario programs are known without running them. This very
 * test program is one, for it holds a scenario.
 */
#include "harness/elfmark.h"

#include <criterion/criterion.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vigil/scenario.h>

SCENARIO(marks_this_program)
{
}

/* A file with the first n bytes of this program; its path is static. */
static const char *copy_of_self(size_t n, mode_t mode)
{
    static char path[] = "/tmp/elfmark_XXXXXX";
    FILE *from = fopen("/proc/self/exe", "r");
    char *bytes = malloc(n);
    int fd;

    memcpy(path + sizeof(path) - 7, "XXXXXX", 6);
    fd = mkstemp(path);
    n = fread(bytes, 1, n, from);
    cr_assert_eq(write(fd, bytes, n), (ssize_t)n);
    fchmod(fd, mode);
    close(fd);
    fclose(from);
    free(bytes);
    return path;
}

Test(elfmark, a_program_with_a_scenario_is_known)
{
    cr_assert_eq(hn_elfmark("/proc/self/exe"), 1);
}

Test(elfmark, other_programs_and_files_are_not)
{
    cr_assert_eq(hn_elfmark("/bin/sh"), 0);
    cr_assert_eq(hn_elfmark("/etc/passwd"), 0);
    cr_assert_eq(hn_elfmark("/tmp"), 0);
    cr_assert_eq(hn_elfmark("/dev/null"), 0);
}

Test(elfmark, one_that_may_not_be_executed_is_told)
{
    const char *path = copy_of_self((size_t)1 << 26, 0600);

    cr_assert_eq(hn_elfmark(path), -ENOEXEC);
    unlink(path);
}

/* A copy of this program, of which one field of a header is another. */
static void with_header(long at, const void *field, size_t n, int marked)
{
    const char *path = copy_of_self((size_t)1 << 26, 0700);
    int fd = open(path, O_WRONLY);

    cr_assert_eq(pwrite(fd, field, n, at), (ssize_t)n);
    close(fd);
    cr_assert_eq(hn_elfmark(path), marked);
    unlink(path);
}

Test(elfmark, a_library_is_not_a_program)
{
    const uint16_t fixed = ET_EXEC, library = ET_DYN, none = 0;
    long segments = offsetof(Elf64_Ehdr, e_phnum);

    with_header(segments, &none, sizeof(none), 0);
    with_header(offsetof(Elf64_Ehdr, e_type), &fixed, sizeof(fixed), 1);
    with_header(offsetof(Elf64_Ehdr, e_type), &library, sizeof(library), 1);
}

Test(elfmark, a_missing_file_is_an_error)
{
    cr_assert_eq(hn_elfmark("/nowhere/at/all"), -ENOENT);
}

/* M1: no length and no broken offset reads beyond the file. */
Test(elfmark, a_file_that_is_cut_or_broken_is_not)
{
    for (size_t n = 1; n < 5000; n += n < 80 ? 1 : 997) {
        const char *path = copy_of_self(n, 0700);
        cr_assert_eq(hn_elfmark(path), 0, "%zu bytes", n);
        unlink(path);
    }
    for (long at = 16; at < 64; at++) { /* each byte of the header */
        const char *path = copy_of_self((size_t)1 << 26, 0700);
        FILE *f = fopen(path, "r+");
        fseek(f, at, SEEK_SET);
        fputc(0xff, f);
        fclose(f);
        cr_assert_geq(hn_elfmark(path), 0);
        unlink(path);
    }
}
