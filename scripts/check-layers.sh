#!/bin/bash
# check-layers.sh - who may include whom; fails on an include that points up, and
# on a file that the README of its room does not name.
#
# The rule (an include points down or into its own room):
#   runtime/base     <vigil/...>, runtime/base
#   runtime/sched    the above, runtime/sched
#   runtime/sync     the above, runtime/sync
#   runtime/monitor  the above, runtime/monitor
#   runtime/heap     runtime/base, runtime/heap: a library of its own
#   harness          <vigil/...>, harness
#   scenarios        <vigil/...>, scenarios (what they share)
#   public headers   <vigil/...> only
#   tests            anything
# Quoted includes are written from the root; vigil/... is included with <>.
cd "$(dirname "$0")/.." || exit 2
bad=0

complain()
{
    echo "$1:$2: must not include $3: $4"
    bad=1
}

# $1: the room; the rest: the folders that its quoted includes may name.
room()
{
    local files=$1
    shift
    while IFS=: read -r file line text; do
        local what=${text#*\"}
        what=${what%%\"*}
        local allowed=
        for folder; do
            [[ $what == "$folder"/* && ${what#"$folder"/} != */* ]] && allowed=1
        done
        if [ -z "$allowed" ]; then
            complain "$file" "$line" "\"$what\"" "this room may use: ${*:-<vigil/...>}"
        elif [ ! -e "$what" ]; then
            complain "$file" "$line" "\"$what\"" "no such file from the root"
        fi
    done < <(find $files -name '*.[chS]' -print0 2>/dev/null |
        xargs -0r grep -Hn '^[ \t]*#[ \t]*include[ \t]*"')
}

base=runtime/base
sched="$base runtime/sched"
sync="$sched runtime/sync"
monitor="$sync runtime/monitor"
room runtime/base $base
room runtime/heap $base runtime/heap
room runtime/sched $sched
room runtime/sync $sync
room runtime/monitor $monitor
room "harness/*.c harness/*.h harness/formats harness/explore" \
    harness harness/formats harness/explore
room scenarios scenarios
room "runtime/include harness/include"

# With angle brackets only vigil's public headers and those of the system.
while IFS=: read -r file line text; do
    what=${text#*<}
    what=${what%%>*}
    case $what in
    vigil/*)
        [ -e "runtime/include/$what" ] || [ -e "harness/include/$what" ] ||
            complain "$file" "$line" "<$what>" "no such public header"
        case $file:$what in
        runtime/*:vigil/scenario.h | runtime/*:vigil/harness.h)
            complain "$file" "$line" "<$what>" "the runtime does not know the harness"
            ;;
        esac
        ;;
    runtime/* | harness/* | scenarios/* | tests/*)
        complain "$file" "$line" "<$what>" "quoted, from the root"
        ;;
    esac
done < <(find runtime harness scenarios -name '*.[chS]' -print0 |
    xargs -0r grep -Hn '^[ \t]*#[ \t]*include[ \t]*<')

# The harness sees the runtime only through what users see.
while IFS= read -r header; do
    printf '#include "%s"\n' "$header" |
        ${CC:-gcc} -x c -std=gnu11 -D_GNU_SOURCE= -I. -Iruntime/include -Iharness/include \
            -Wall -Wextra -fsyntax-only - || {
        echo "$header: does not compile alone"
        bad=1
    }
done < <(find runtime harness -name '*.h' -not -path '*/include/*' | sort)

# A stranger finds every file by its room's README, which names none that is not
# there. A source and its header are one.
stems()
{
    sed 's/\.[chS]$//' | sort -u
}
for room in runtime harness; do
    named=$(grep -oE '\b[a-z][a-z0-9_]*\.[chS]\b' "$room/README.md" | stems)
    while read -r what; do
        echo "$room/README.md: does not say what $what is"
        bad=1
    done < <(comm -23 <(find "$room" -name '*.[chS]' -printf '%f\n' | stems) - <<<"$named")
    while read -r what; do
        echo "$room/README.md: there is no $what"
        bad=1
    done < <(comm -13 <(find runtime harness -name '*.[chS]' -printf '%f\n' | stems) - <<<"$named")
done

[ $bad = 0 ] && echo "layers: every include points down, and every file is told of"
exit $bad
