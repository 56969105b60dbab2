/*
 * elfmark.c - which files are scenario programs, told without running them.
 *
 * In:  a path. Out: whether its ELF section table has GO_SCENARIO_SECTION.
 *
 * A folder may hold anything; to run what is there and see whether it answers
 * like a scenario program would be a bad surprise. strip keeps the section
 * table, so a stripped program is still known.
 *
 * M1  Every offset that the file names is checked against the file's size: the
 *     file may be anything, also one that is being written.
 */
#include "harness/elfmark.h"

#include <elf.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vigil/scenario.h>

/* Whether [at, at + n) lies within size bytes. */
static bool inside(uint64_t at, uint64_t n, uint64_t size)
{
    return at <= size && n <= size - at;
}

static bool has_section(const unsigned char *map, uint64_t size)
{
    const Elf64_Ehdr *head = (const void *)map;
    const Elf64_Shdr *all, *names;
    const size_t length = sizeof(GO_SCENARIO_SECTION);

    if (!inside(0, sizeof(*head), size) ||
        memcmp(head->e_ident, ELFMAG, SELFMAG) != 0 ||
        head->e_ident[EI_CLASS] != ELFCLASS64 ||
        (head->e_type != ET_EXEC && head->e_type != ET_DYN) ||
        head->e_shentsize != sizeof(*all) || head->e_shoff % 8 != 0 ||
        head->e_shstrndx >= head->e_shnum ||
        !inside(head->e_shoff, (uint64_t)head->e_shnum * sizeof(*all), size))
        return false;
    all = (const void *)(map + head->e_shoff);
    names = &all[head->e_shstrndx];
    if (!inside(names->sh_offset, names->sh_size, size))
        return false;
    for (int i = 0; i < head->e_shnum; i++) {
        if (inside(all[i].sh_name, length, names->sh_size) &&
            memcmp(map + names->sh_offset + all[i].sh_name, GO_SCENARIO_SECTION,
                   length) == 0)
            return true;
    }
    return false;
}

int hn_elfmark(const char *path)
{
    struct stat st;
    void *map;
    int fd, marked = 0;

    fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return -errno;
    if (fstat(fd, &st) != 0) {
        marked = -errno;
    } else if (S_ISREG(st.st_mode) && (st.st_mode & 0111) && st.st_size > 0) {
        map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
        if (map == MAP_FAILED) {
            marked = -errno;
        } else {
            marked = has_section(map, (uint64_t)st.st_size);
            munmap(map, (size_t)st.st_size);
        }
    }
    close(fd);
    return marked;
}
