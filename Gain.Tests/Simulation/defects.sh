#!/usr/bin/env bash
#
# Puts defects into a copy of the engine by hand, one at a time, and finds the first seed of the simulation
# that notices each. Prints the rows of the table in README.md.
#
#     Gain.Tests/Simulation/defects.sh [first words of patches, as in 03 17]
#
# A defect is a patch in defects/, whose first line says what it does. A seed that kills the process, or
# that does not end, has found it too.

set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
readonly here
readonly repository="$here/../.."
readonly seeds=100000
readonly patience_seconds=180
copy="$(mktemp -d)"
readonly copy
trap 'rm -rf "$copy"' EXIT

build() {
    dotnet build "$copy/Gain.Bench" -c Release -m:1 -nodeReuse:false -v quiet -p:RunAnalyzers=false "$@" \
        > "$copy/build.log" 2>&1 \
        || { grep -E 'error' "$copy/build.log" | sort -u >&2; return 1; }
}

# What the run says of the first seed that fails: its number, and the rule.
run() {
    local code=0
    timeout "$patience_seconds" "$copy/Gain.Bench/bin/Release/net10.0/Gain.Bench" \
        simulate --count "$seeds" --verbose "$@" > "$copy/out" 2> "$copy/err" || code=$?
    local last
    last=$(grep -E '^seed [0-9]+$' "$copy/out" | tail -n 1 | cut -d ' ' -f 2)
    case $code in
        0) printf 'none | not found in %d seeds' "$seeds" ;;
        1) printf '%s | %s' "$last" "$(sed -n 's/^Seed [0-9]*: //p' "$copy/err" | head -n 1 | cut -c 1-120)" ;;
        124) printf '%s | it does not end' "$last" ;;
        *) printf '%s | it kills the process' "$last" ;;
    esac
}

(cd "$repository" && git ls-files -z | xargs -0 cp --parents -t "$copy")
build
printf '| defect | first seed | what is noticed |\n| --- | --- | --- |\n'
for patch in "$here"/defects/*.patch; do
    name=$(basename "$patch" .patch)
    wanted=$((${#@} == 0))
    for word in "$@"; do
        [[ $name == "$word"* ]] && wanted=1
    done

    ((wanted)) || continue
    if ! patch -d "$copy" -p1 --quiet < "$patch" > "$copy/patch.log" 2>&1; then
        printf '| %s | | the patch does not apply anymore |\n' "$name"
        exit 1
    fi

    if build --no-restore; then
        # Those of layers, of what is dialled again or kept, of pipes, and of dialled sockets for datagrams have
        # what runs them alone.
        with=()
        ((10#${name%%-*} >= 57 && 10#${name%%-*} <= 69)) && with=(--layers)
        ((10#${name%%-*} >= 70 && 10#${name%%-*} <= 74)) && with=(--outgoing)
        ((10#${name%%-*} >= 75 && 10#${name%%-*} <= 77)) && with=(--splices)
        ((10#${name%%-*} == 79)) && with=(--outgoing)
        ((10#${name%%-*} >= 80)) && with=(--datagrams)
        printf '| %s: %s | %s |\n' "$name" "$(head -n 1 "$patch")" "$(run "${with[@]}")"
    else
        printf '| %s | | it does not compile |\n' "$name"
    fi

    patch -d "$copy" -p1 --quiet -R < "$patch"
done
