#!/bin/bash
# check-size.sh - long files (over 500 lines) and functions (over 60); a report.
#
# Taste shows in the tail, so this lists the tail. It never fails anything.
# A function is counted from the line of its opening brace in the first column
# to that of the closing one, as our format writes them.
cd "$(dirname "$0")/.." || exit 2

mapfile -t files < <(find runtime harness scenarios tests -name '*.[ch]' | sort)
wc -l "${files[@]}" | awk '$2 != "total" && $1 > 500 { print $2 ": " $1 " lines" }'
awk '
    FNR == 1 { start = 0 }
    /^[a-z].*\(/ { name = $0 }
    /^{/ { start = FNR }
    /^}/ && start {
        n = FNR - start - 1
        count[n > 60 ? "over" : n > 35 ? "long" : "short"]++
        if (n > 60)
            printf "%s:%d: %d lines: %s\n", FILENAME, start, n, name
        start = 0
    }
    END {
        all = count["over"] + count["long"] + count["short"]
        printf "size: %d functions, %d over 35 lines, %d over 60\n", all,
               count["long"] + count["over"], count["over"]
    }' "${files[@]}"

# Comment lines and assertions of the runtime, by room.
for room in runtime/base runtime/sched runtime/sync runtime/monitor harness; do
    find "$room" -name '*.[ch]' -not -path '*/include/*' -print0 2>/dev/null | xargs -0r cat |
        awk -v room="$room" '
        /^[ \t]*$/ { next }
        { lines++ }
        /\/\*|^[ \t]*\*/ { comments++ }
        /rt_(check|assert|assert_held)\(/ { asserts++ }
        END {
            if (lines)
                printf "size: %-16s %5d lines, %2d %% comments, %.1f assertions per 100\n",
                       room, lines, 100 * comments / lines, 100 * asserts / lines
        }'
done
exit 0
