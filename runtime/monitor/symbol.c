/*
 * symbol.c - asks libdwfl what stands at an address.
 *
 * Method: one session over /proc/self/maps, begun at the first question, and
 * anew when an address is in no module that it knows (dlopen). Answers are
 * cached by pc, for the life of the process.
 *
 * Inline frames: the innermost scope's line comes from the line table; each
 * function around it was at the line where it called, which the scope of the
 * inlined one tells (DW_AT_call_line).
 */
#include "runtime/monitor/symbol.h"

#include <dlfcn.h>
#include <dwarf.h>
#include <elfutils/libdwfl.h>
#include <fcntl.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "runtime/base/arena.h"
#include "runtime/base/throw.h"
#include "runtime/sched/switch.h"

enum {
    CACHE = 4096,
    INLINE_MAX = 16,
    STACK_LEAST = 256 << 10
};

struct answer {
    struct answer *next;
    uintptr_t pc;
    size_t n;
    struct mon_frame frames[];
};

static struct {
    Dwfl *dwfl;
    bool failed; /* it cannot be begun: there is no use in trying again */
    struct answer *cache[CACHE];
} session;

/* libdw keeps lines by the thousand in its frames. Where the limit of a stack
   (ulimit -s) is too small for that, modules and offsets are told. */
static bool has_stack(void)
{
    struct rlimit limit;

    return getrlimit(RLIMIT_STACK, &limit) || limit.rlim_cur >= STACK_LEAST;
}

static bool session_begin(void)
{
    static char *debug_path;
    static const Dwfl_Callbacks callbacks = {
        .find_elf = dwfl_linux_proc_find_elf,
        .find_debuginfo = dwfl_standard_find_debuginfo,
        .debuginfo_path = &debug_path,
    };

    if (session.dwfl)
        dwfl_end(session.dwfl);
    session.dwfl = dwfl_begin(&callbacks);
    session.failed =
        !has_stack() || !session.dwfl ||
        dwfl_linux_proc_report(session.dwfl, (pid_t)syscall(SYS_gettid)) ||
        dwfl_report_end(session.dwfl, NULL, NULL);
    return !session.failed;
}

static Dwfl_Module *module_of(uintptr_t pc)
{
    Dwfl_Module *m;

    if (session.failed || (!session.dwfl && !session_begin()))
        return NULL;
    m = dwfl_addrmodule(session.dwfl, pc);
    if (m || !session_begin()) /* loaded meanwhile? strings of the cache are
                                  copies, so the old session may go */
        return m;
    return dwfl_addrmodule(session.dwfl, pc);
}

/* The function that a scope is, with what its abstract origin says. */
static const char *scope_name(Dwarf_Die *scope)
{
    Dwarf_Attribute attr;
    const char *name = dwarf_formstring(
        dwarf_attr_integrate(scope, DW_AT_linkage_name, &attr));

    return name ? name
                : dwarf_formstring(
                      dwarf_attr_integrate(scope, DW_AT_name, &attr));
}

static bool is_function(Dwarf_Die *scope)
{
    int tag = dwarf_tag(scope);

    return tag == DW_TAG_subprogram || tag == DW_TAG_inlined_subroutine;
}

/* Where an inlined scope was called from: into the frame around it. */
static void called_from(Dwarf_Die *unit, Dwarf_Die *inlined,
                        struct mon_frame *outer)
{
    Dwarf_Attribute attr;
    Dwarf_Word line, file;
    Dwarf_Files *files;
    size_t nfiles;

    outer->file = NULL;
    outer->line = 0;
    if (!dwarf_formudata(dwarf_attr(inlined, DW_AT_call_line, &attr), &line))
        outer->line = (int)line;
    if (!dwarf_formudata(dwarf_attr(inlined, DW_AT_call_file, &attr), &file) &&
        !dwarf_getsrcfiles(unit, &files, &nfiles) && file < nfiles)
        outer->file = dwarf_filesrc(files, file, NULL, NULL);
}

/*
 * The compilation unit of an address; its own addresses are less by *bias.
 * libdwfl goes by .debug_aranges, which clang does not write: where that does
 * not know, each unit is asked.
 */
static Dwarf_Die *unit_of(Dwfl_Module *m, uintptr_t pc, Dwarf_Addr *bias)
{
    Dwarf_Die *unit = dwfl_module_addrdie(m, pc, bias);

    if (unit)
        return unit;
    while ((unit = dwfl_module_nextcu(m, unit, bias)))
        if (dwarf_haspc(unit, pc - *bias) > 0)
            return unit;
    return NULL;
}

/*
 * All functions around an address of the unit, from the innermost: the scopes
 * as they are nested in the code, not in the source.
 */
static size_t inline_frames(Dwarf_Die *unit, Dwarf_Addr pc,
                            struct mon_frame *frames, size_t max)
{
    Dwarf_Die *at = NULL, *scopes = NULL, inner;
    size_t n = 0;
    int nscopes;

    if (dwarf_getscopes(unit, pc, &at) <= 0)
        return 0;
    inner = at[0];
    free(at);
    nscopes = dwarf_getscopes_die(&inner, &scopes);
    for (int i = 0; i < nscopes && n < max; i++) {
        if (!is_function(&scopes[i]))
            continue;
        frames[n].func = scope_name(&scopes[i]);
        frames[n].inlined = dwarf_tag(&scopes[i]) == DW_TAG_inlined_subroutine;
        if (!frames[n++].inlined)
            break;
        if (n < max) {
            frames[n] = frames[0];
            called_from(unit, &scopes[i], &frames[n]);
        }
    }
    free(scopes);
    return n;
}

static void line_of(Dwarf_Die *unit, Dwarf_Addr pc, struct mon_frame *frame)
{
    Dwarf_Line *line = dwarf_getsrc_die(unit, pc);

    if (!line || dwarf_lineno(line, &frame->line))
        return;
    frame->file = dwarf_linesrc(line, NULL, NULL);
}

/* Into frames[0..max), zeroed; how many. pc: as it was found on the stack. */
static size_t look_up(uintptr_t pc, bool called, struct mon_frame *frames,
                      size_t max)
{
    uintptr_t at = pc - called;
    Dwfl_Module *m = module_of(at);
    Dwarf_Addr low = 0, bias = 0;
    GElf_Off offset = 0;
    GElf_Sym symbol;
    Dwarf_Die *unit;
    const char *name;
    size_t n = 0;

    if (!m)
        return 1;
    frames[0].module =
        dwfl_module_info(m, NULL, &low, NULL, NULL, NULL, NULL, NULL);
    frames[0].offset = pc - low;
    name = dwfl_module_addrinfo(m, at, &offset, &symbol, NULL, NULL, NULL);
    frames[0].func_offset = name ? offset + called : 0;
    unit = unit_of(m, at, &bias);
    if (unit) {
        line_of(unit, at - bias, &frames[0]);
        n = inline_frames(unit, at - bias, frames, max);
    }
    if (n == 0)
        n = 1;
    if (!frames[n - 1].func)
        frames[n - 1].func = name;
    return n;
}

/* The session's strings go with it: the cache has its own. */
static const char *keep(const char *text)
{
    return text ? strdup(text) : NULL;
}

static struct answer *answer_make(uintptr_t pc, bool called)
{
    struct mon_frame frames[INLINE_MAX];
    struct answer *a;
    size_t n;

    memset(frames, 0, sizeof(frames));
    n = look_up(pc, called, frames, INLINE_MAX);
    a = malloc(sizeof(*a) + n * sizeof(*frames));
    if (!a)
        return NULL;
    for (size_t i = 0; i < n; i++) {
        a->frames[i] = frames[i];
        a->frames[i].func = keep(frames[i].func);
        a->frames[i].file = keep(frames[i].file);
        a->frames[i].module = keep(frames[i].module);
    }
    a->pc = pc;
    a->n = n;
    return a;
}

size_t mon_symbol_frames(const void *pc, bool called, struct mon_frame *frames,
                         size_t max)
{
    uintptr_t at = (uintptr_t)pc;
    struct answer **bucket = &session.cache[(at >> 1) % CACHE], *a = *bucket;
    size_t n;

    rt_check(pc, "symbol: of no address");
    while (a && a->pc != at)
        a = a->next;
    if (!a) {
        a = answer_make(at, called);
        if (!a)
            return 0;
        a->next = *bucket;
        *bucket = a;
    }
    n = a->n < max ? a->n : max;
    memcpy(frames, a->frames, n * sizeof(*frames));
    return n;
}

/* Of static variables in functions the compiler numbers the names: "n.3". */
static int length_of(const char *name)
{
    const char *dot = strrchr(name, '.');

    return dot && dot != name && dot[1] &&
                   strspn(dot + 1, "0123456789") == strlen(dot + 1)
               ? (int)(dot - name)
               : (int)strlen(name);
}

bool mon_symbol_variable(const void *at, char *to, size_t n)
{
    Dl_info loaded; /* the heap and stacks are not: no maps are read for them */
    Dwfl_Module *m = dladdr(at, &loaded) ? module_of((uintptr_t)at) : NULL;
    GElf_Off offset = 0;
    GElf_Sym symbol;
    const char *name = m ? dwfl_module_addrinfo(m, (uintptr_t)at, &offset,
                                                &symbol, NULL, NULL, NULL)
                         : NULL;
    int len;

    if (!name || GELF_ST_TYPE(symbol.st_info) != STT_OBJECT ||
        offset >= symbol.st_size)
        return false;
    len = snprintf(to, n, "%.*s", length_of(name), name);
    if (offset && len > 0 && (size_t)len < n)
        snprintf(to + len, n - (size_t)len, "+%llu",
                 (unsigned long long)offset);
    return true;
}

/* One line of the maps: low-high perms offset dev inode path. */
static bool map_line(const char *line, uintptr_t pc, uintptr_t *base,
                     const char **path)
{
    char *end;
    uintptr_t low = strtoul(line, &end, 16);
    uintptr_t high = *end == '-' ? strtoul(end + 1, &end, 16) : 0;
    uintptr_t offset = *end == ' ' ? strtoul(end + 6, &end, 16) : 0;

    if (pc < low || pc >= high)
        return false;
    *base = low - offset;
    *path = strchr(line, '/');
    return true;
}

/* Reads the maps in pieces, line by line, without stdio. */
void mon_symbol_bare(const void *pc, struct mon_frame *frame)
{
    static char text[8192], module[512];
    int fd = open("/proc/thread-self/maps", O_RDONLY | O_CLOEXEC);
    size_t used = 0;
    ssize_t n;

    memset(frame, 0, sizeof(*frame));
    while (fd >= 0 &&
           (n = read(fd, text + used, sizeof(text) - 1 - used)) > 0) {
        char *line = text, *end;

        used += (size_t)n;
        text[used] = 0;
        while ((end = strchr(line, '\n'))) {
            uintptr_t base;
            const char *path;

            *end = 0;
            if (map_line(line, (uintptr_t)pc, &base, &path)) {
                strncpy(module, path ? path : "?", sizeof(module) - 1);
                frame->module = module;
                frame->offset = (uintptr_t)pc - base;
            }
            line = end + 1;
        }
        used -= (size_t)(line - text);
        memmove(text, line, used);
    }
    if (fd >= 0)
        close(fd);
}

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

/*
 * Stripped programs: the runtime is linked as one piece, in the order of the
 * rooms, from the arena to the assembly. When it is not, nothing is hidden.
 */
static bool is_between(uintptr_t pc)
{
    enum {
        LAST = 64
    }; /* bytes, not less, of the last function */

    return pc >= (uintptr_t)&rt_arena_alloc &&
           pc < (uintptr_t)&rt_call_on + LAST;
}

/* By its file when there is debug information, else by library, name, place.
   What stands in front of the C library is the runtime's as well. */
bool mon_symbol_is_runtime(const void *pc, const struct mon_frame *frame)
{
    static const char *const rooms[] = {"runtime/sched/", "runtime/sync/",
                                        "runtime/base/", "runtime/monitor/",
                                        "harness/explore/interpose_"};
    const char *name;

    if (frame->file)
        for (size_t i = 0; i < sizeof(rooms) / sizeof(rooms[0]); i++) {
            const char *at = strstr(frame->file, rooms[i]);

            if (at && (at == frame->file || at[-1] == '/'))
                return true;
        }
    name = frame->module ? strrchr(frame->module, '/') : NULL;
    if (name &&
        (begins(name, "/libvigil.so") || begins(name, "/libvigil-harness.so")))
        return true;
    if (frame->file)
        return false;
    return frame->func ? begins(frame->func, "rt_") : is_between((uintptr_t)pc);
}
