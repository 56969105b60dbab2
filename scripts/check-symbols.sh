#!/bin/bash
# check-symbols.sh - what the libraries export: go_*, chan_*, vigil_* only.
#
# usage: check-symbols.sh [BUILD_FOLDER]      (build/release)
#
# A program has its own names; ours must not collide with them. Exceptions,
# each with its reason, are listed here and nowhere else.
cd "$(dirname "$0")/.." || exit 2
b=${1:-build/release}
bad=0

# Scenario programs bring no main: the harness's is theirs.
harness='main'
# What stands in front of the C library, for controlled runs: its own names.
answers=$(nm -g --defined-only -f posix "$b"/obj/harness/explore/interpose*.o 2>/dev/null |
    awk 'NF >= 3 { print $1 }' | paste -sd'|')
# Sanitizers ask the program for its defaults by these names.
runtime='__asan_default_options|__ubsan_default_options|__tsan_default_options'
runtime+='|__lsan_default_options|__lsan_is_turned_off'
# What code calls that was compiled with -fsanitize=thread (sched/tsan.c).
runtime+='|__tsan_(unaligned_)?(volatile_)?(read|write|read_write)(_range|[0-9]+)'
runtime+='|__tsan_atomic[0-9]*_[a-z_]+|__tsan_vptr_(read|update)'
runtime+='|__tsan_mem(cpy|move|set)|__tsan_init|__tsan_func_(entry|exit)'
runtime+='|__tsan_ignore_thread_(begin|end)'
# Libraries that use vigil stay loaded (sched/unload.c).
runtime+='|dlclose'

# The heap takes the C library's place.
heap='malloc|free|calloc|realloc|reallocarray|posix_memalign|aligned_alloc'
heap+='|memalign|valloc|pvalloc|malloc_usable_size|strdup|strndup'

exported()
{
    case $1 in
    *.so) nm -D --defined-only -f posix "$1" ;;
    *.a) nm -g --defined-only -f posix "$1" ;;
    esac | awk 'NF >= 2 && $2 != "a" && $2 != "A" { sub(/@.*/, "", $1); print $1 }'
}

check()
{
    local library=$b/$1 except=$2 names
    if [ ! -e "$library" ]; then
        echo "$library: not built"
        bad=1
        return
    fi
    names=$(exported "$library" | grep -Ev "^(go_|chan_|vigil_)|^($except)\$")
    # A sanitizer's linker adds marks of its own to a shared library.
    names=$(grep -Ev '^(__start_|__stop_|__odr_asan|_init$|_fini$|__bss_start$|_edata$|_end$|$)' \
        <<<"$names")
    if [ -n "$names" ]; then
        sed "s|^|$1 exports |" <<<"$names"
        bad=1
    fi
    [ "$(exported "$library" | grep -Ec '^(go_|vigil_)')" -gt 0 ] || {
        echo "$1 exports nothing of ours"
        bad=1
    }
}

check libvigil.a "$runtime"
check libvigil.so "$runtime"
[ "$(basename "$b")" = asan ] || [ "$(basename "$b")" = tsan ] || {
    check libvigil-heap.a "$heap"
    check libvigil-heap.so "$heap"
}
check libvigil-harness.a "$harness"
check libvigil-harness.so "$harness|$answers"

# Inside, names tell the room: rt_ runtime, mon_ monitor, hn_ harness.
for room in base heap sched sync monitor; do
    folder=$b/obj/runtime/$room
    [ -d "$folder" ] || continue
    prefix='go_|chan_|vigil_|rt_'
    [ "$room" = monitor ] && prefix+='|mon_'
    [ "$room" = heap ] && prefix+="|($heap)\$"
    strange=$(find "$folder" -name '*.o' -print0 |
        xargs -0 nm -g --defined-only -f posix 2>/dev/null |
        awk 'NF >= 3 { print $1 }' | sort -u |
        grep -Ev "^($prefix)|^($runtime)\$|^__odr_asan" )
    if [ -n "$strange" ]; then
        sed "s|^|runtime/$room defines |" <<<"$strange"
        bad=1
    fi
done
strange=$(find "$b/obj/harness" -name '*.o' -print0 2>/dev/null |
    xargs -0r nm -g --defined-only -f posix 2>/dev/null |
    awk 'NF >= 3 { print $1 }' | sort -u |
    grep -Ev "^(go_|vigil_|hn_)|^($harness|$answers)\$|^__odr_asan")
if [ -n "$strange" ]; then
    sed "s|^|harness defines |" <<<"$strange"
    bad=1
fi
[ $bad = 0 ] && echo "symbols: only go_*, chan_*, vigil_* leave the libraries"
exit $bad
