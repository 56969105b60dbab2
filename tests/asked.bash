# asked.bash - what tests of the command line share: load asked.
#
# In: VIGIL_BIN, the command.

vigil()
{
    timeout -k 5 900 "$VIGIL_BIN" "$@"
}

# one_line STATUS PART: the command failed so, with one line that has PART.
one_line()
{
    echo "status $status: $output"
    [ "$status" -eq "$1" ]
    [ "${#lines[@]}" -eq 1 ]
    [[ "${lines[0]}" == "vigil: "* ]]
    [[ "${lines[0]}" == *"$2"* ]]
}

has()
{
    echo "$output"
    [[ "$output" == *"$1"* ]]
}

# jq 1.6 says 0 to -e when there was nothing to read: here that fails.
jq()
{
    local out status=0
    out=$(command jq "$@") || status=$?
    printf '%s\n' "$out"
    [ -n "$out" ] && return $status
    return $((status ? status : 4))
}

# The last line of what was run is like that pattern.
last()
{
    echo "$output"
    [[ "${lines[-1]}" == $1 ]]
}
