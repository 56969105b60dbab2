/*
 * elfmark.c - which files are scenario programs, told without running them.
 *
 * In:  a path. Out: whether it is an ELF program, and its section table has
 * GO_SCENARIO_SECTION.
 *
 * A folder may hold anything; to run what is there and see whether it answers
 * like a scenario program would be a bad surprise. strip keeps the section
 * table, so a stripped program is still known. A library with scenarios, which
 * may well have the mark of a program (x), has nothing that could be run; a file
 * of debug information has the names of its program's sections, without bytes.
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

static bool is_elf(const unsigned char *map, uint64_t size)
{
    const Elf64_Ehdr *head = (const void *)map;

    return inside(0, sizeof(*head), size) &&
           memcmp(head->e_ident, ELFMAG, SELFMAG) == 0 &&
           head->e_ident[EI_CLASS] == ELFCLASS64;
}

/* Whether a dynamic section says that it is a program's. */
static bool says_program(const unsigned char *map, uint64_t size,
                         const Elf64_Phdr *at)
{
    const Elf64_Dyn *d;

    if (at->p_offset % 8 != 0 || !inside(at->p_offset, at->p_filesz, size))
        return false;
    d = (const void *)(map + at->p_offset);
    for (uint64_t i = 0; i < at->p_filesz / sizeof(*d); i++) {
        if (d[i].d_tag == DT_FLAGS_1)
            return d[i].d_un.d_val & DF_1_PIE;
    }
    return false;
}

/* One that is for no fixed address is of a library's kind: it names a loader,
   or, linked statically, says that it is a program. */
static bool is_program(const unsigned char *map, uint64_t size)
{
    const Elf64_Ehdr *head = (const void *)map;
    const Elf64_Phdr *all;

    if (head->e_type != ET_DYN)
        return head->e_type == ET_EXEC;
    if (head->e_phentsize != sizeof(*all) || head->e_phoff % 8 != 0 ||
        !inside(head->e_phoff, (uint64_t)head->e_phnum * sizeof(*all), size))
        return false;
    all = (const void *)(map + head->e_phoff);
    for (int i = 0; i < head->e_phnum; i++) {
        if (all[i].p_type == PT_INTERP ||
            (all[i].p_type == PT_DYNAMIC && says_program(map, size, &all[i])))
            return true;
    }
    return false;
}

static bool has_section(const unsigned char *map, uint64_t size)
{
    const Elf64_Ehdr *head = (const void *)map;
    const Elf64_Shdr *all, *names;
    const size_t length = sizeof(GO_SCENARIO_SECTION);

    if (head->e_shentsize != sizeof(*all) || head->e_shoff % 8 != 0 ||
        head->e_shstrndx >= head->e_shnum ||
        !inside(head->e_shoff, (uint64_t)head->e_shnum * sizeof(*all), size))
        return false;
    all = (const void *)(map + head->e_shoff);
    names = &all[head->e_shstrndx];
    if (!inside(names->sh_offset, names->sh_size, size))
        return false;
    for (int i = 0; i < head->e_shnum; i++) {
        if (all[i].sh_type == SHT_PROGBITS &&
            inside(all[i].sh_name, length, names->sh_size) &&
            memcmp(map + names->sh_offset + all[i].sh_name, GO_SCENARIO_SECTION,
                   length) == 0)
            return true;
    }
    return false;
}

int hn_elfmark(const char *path)
{
    const unsigned char *map;
    struct stat st;
    int fd, marked = 0;

    fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return -errno;
    if (fstat(fd, &st) != 0) {
        marked = -errno;
    } else if (S_ISREG(st.st_mode) && st.st_size > 0) {
        uint64_t size = (uint64_t)st.st_size;
        map = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
        if (map == MAP_FAILED) {
            marked = -errno;
        } else {
            if (is_elf(map, size) && is_program(map, size) &&
                has_section(map, size))
                marked = st.st_mode & 0111 ? 1 : -ENOEXEC;
            munmap((void *)map, size);
        }
    }
    close(fd);
    return marked;
}
