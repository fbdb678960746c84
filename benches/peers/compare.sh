#!/usr/bin/env bash
# phrase-lint beside other programs over the same chats: whole processes, in turn, medians, as a Markdown table.
#
#   MEGABYTES=1000 RUNS=5 benches/peers/compare.sh
#
# Needs cargo, rg (ripgrep), GNU time and a Python with pyahocorasick; a row whose program is missing is left out, and said.
# PHRASE_LINT and PYTHON name other programs than target/release/phrase-lint and python3. Work files stay in target/peers.
set -euo pipefail
cd "$(dirname "$0")/../.."

megabytes=${MEGABYTES:-1000}
runs=${RUNS:-5}
python=${PYTHON:-python3}
work=target/peers
chats=$work/chats-$megabytes
mkdir -p "$work"

say() { echo "compare: $*" >&2; }

timer=$(type -P gtime || type -P time) || { say "GNU time is missing (Debian: time; Homebrew: gnu-time)"; exit 2; }
if [[ -z ${PHRASE_LINT:-} ]]; then
    cargo build --release --quiet
    PHRASE_LINT=target/release/phrase-lint
fi
if [[ ! -x $work/corpus || examples/corpus.rs -nt $work/corpus ]]; then
    rustc -O --edition 2024 examples/corpus.rs -o "$work/corpus"
fi

# Complete or not there: a corpus cut short by an interrupt would pass for a small one.
generate() { # format ending
    [[ -s $chats.$2 && $chats.$2 -nt $work/corpus ]] && return
    say "generating $chats.$2"
    "$work/corpus" --format "$1" --megabytes "$megabytes" --seed 1 > "$chats.part"
    mv "$chats.part" "$chats.$2"
}
generate jsonl jsonl
generate csv csv
generate text txt
"$python" benches/peers/phrases.py > "$work/phrases.txt"
"$python" benches/peers/phrases.py --pack > "$work/phrases.csv"
head -c 20000 "$chats.jsonl" | sed '$d' > "$work/small.jsonl"

names=() files=() commands=()
add() { # name, input, command
    names+=("$1") files+=("$2") commands+=("$3")
}

check="$PHRASE_LINT check --quiet --fail-on never --format jsonl"
# The row that all others are compared with comes first.
if type -P rg > /dev/null; then
    add '`rg -F -c -f` (2,000 phrases)' "$chats.jsonl" "rg -F -c -f $work/phrases.txt $chats.jsonl"
else
    say "no rg: the ratios are to wc -l"
fi
add '`wc -l`' "$chats.jsonl" "wc -l $chats.jsonl"
if "$python" -c 'import ahocorasick' 2> /dev/null; then
    add 'Python, json + pyahocorasick (2,000 phrases)' "$chats.jsonl" "$python benches/peers/search.py $work/phrases.txt $chats.jsonl"
else
    say "this Python has no pyahocorasick: that row is left out"
fi
if "$PHRASE_LINT" check --help | grep -qE '^ +-j\b'; then
    add 'phrase-lint, JSONL, one thread' "$chats.jsonl" "$check -j 1 $chats.jsonl"
    add 'phrase-lint, JSONL, two threads' "$chats.jsonl" "$check -j 2 $chats.jsonl"
fi
add 'phrase-lint, JSONL' "$chats.jsonl" "$check $chats.jsonl"
add 'phrase-lint, CSV' "$chats.csv" "$check $chats.csv"
add 'phrase-lint, plain text' "$chats.txt" "$check $chats.txt"
add 'phrase-lint, JSONL, 2,000 phrases more' "$chats.jsonl" "$check --rules $work/phrases.csv $chats.jsonl"

# Seconds and peak KiB of one run, appended to the row's own file. What a command prints is written to a file, as in use.
once() { # row
    local begin end
    begin=$EPOCHREALTIME
    # shellcheck disable=SC2086 # a command is a list of words
    "$timer" -q -o "$work/memory" -f %M ${commands[$1]} > "$work/output" 2> "$work/errors" ||
        { say "failed: ${commands[$1]}"; cat "$work/errors" >&2; exit 1; }
    end=$EPOCHREALTIME
    echo "$begin $end $(tail -1 "$work/memory")" | awk '{ printf "%.4f %d\n", $2 - $1, $3 }' >> "$work/row-$1"
}

rm -f "$work"/row-*
for file in "$chats".{jsonl,csv,txt}; do cat "$file" > /dev/null; done # into the page cache, where it fits
for ((run = 1; run <= runs; run++)); do
    say "run $run of $runs"
    for row in "${!commands[@]}"; do once "$row"; done
done

median() { # row, column
    sort -n -k "$2,$2" "$work/row-$1" | awk -v column="$2" '{ all[NR] = $column } END { print all[int((NR + 1) / 2)] }'
}

size() { wc -c < "$1"; }
base=$(awk -v bytes="$(size "${files[0]}")" -v seconds="$(median 0 1)" 'BEGIN { print bytes / seconds }')
echo "| what | seconds | MB/s | ratio | peak memory, MiB |"
echo "|---|--:|--:|--:|--:|"
for row in "${!names[@]}"; do
    awk -v name="${names[$row]}" -v bytes="$(size "${files[$row]}")" -v seconds="$(median "$row" 1)" \
        -v memory="$(median "$row" 2)" -v base="$base" 'BEGIN {
            printf "| %s | %.2f | %.0f | %.2f | %.0f |\n", name, seconds, bytes / seconds / 1e6, bytes / seconds / base, memory / 1024
        }'
done

# One small file: what a person waits for, of which nearly all is start-up.
begin=$EPOCHREALTIME
for ((run = 0; run < 20; run++)); do
    # shellcheck disable=SC2086
    $check "$work/small.jsonl" > "$work/output"
done
echo "$begin $EPOCHREALTIME $(size "$work/small.jsonl")" |
    awk '{ printf "\nOne file of %d kB, whole process: %.1f ms.\n", $3 / 1000, ($2 - $1) * 1000 / 20 }'
echo; echo "$megabytes MB of each format, $runs runs of each program in turn, medians. $(uname -sm), $(getconf _NPROCESSORS_ONLN) processors."
