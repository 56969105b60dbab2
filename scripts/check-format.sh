#!/bin/bash
# check-format.sh - is every source as clang-format 14 would write it?
#
# usage: check-format.sh [--fix] [FILE...]
#
# Other versions write other things, so only 14 (Debian 12's) judges; where it
# is not to be had, that is said, and nothing is checked. The programs of
# tests/tour are quotations, and stay as they are.
cd "$(dirname "$0")/.." || exit 2
fix=
[ "$1" = --fix ] && fix=1 && shift

for format in clang-format-14 clang-format; do
    "$format" --version 2>/dev/null | grep -q 'version 14\.' && break
    format=
done
if [ -z "$format" ]; then
    echo "format: not checked, clang-format 14 is not here"
    exit 0
fi

if [ $# -gt 0 ]; then
    files=("$@")
else
    mapfile -t files < <(git ls-files 'runtime/*.[ch]' 'harness/*.[ch]' \
        'scenarios/*.[ch]' 'tests/*.[ch]' | grep -v '^tests/tour/')
fi
if [ -n "$fix" ]; then
    "$format" -i "${files[@]}"
    exit
fi
bad=0
for file in "${files[@]}"; do
    [ -e "$file" ] || continue
    "$format" --dry-run -Werror "$file" 2>/dev/null || {
        echo "$file: not in the house format (scripts/check-format.sh --fix $file)"
        bad=1
    }
done
[ $bad = 0 ] && echo "format: ${#files[@]} files as they should be"
exit $bad
