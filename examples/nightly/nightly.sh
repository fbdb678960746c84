#!/usr/bin/env bash
# One day's chats checked, for cron or a systemd timer:
#
#   nightly.sh CHATS REPORTS [DAY]
#
# reads the folder or file CHATS/DAY (yesterday, as 2024-05-08) and leaves in REPORTS/DAY: findings.jsonl, to be merged
# later; chats.xlsx and chats.html, to be read. Prints the scorecard, which cron mails. Ends with status 2 where something
# could not be read, be it one row or a file of a kind that nobody knows but with Chinese text in it (--strict); what was
# read is reported all the same.
set -euo pipefail

chats=$1
reports=$2
day=${3:-$(date -d yesterday +%F)}
findings=$reports/$day/findings.jsonl
mkdir -p "$reports/$day"

# Violations are what a report is for, no failure: only status 2 is.
status=0
phrase-lint check "$chats/$day" --strict --fail-on never --format jsonl > "$findings.part" || status=$?
# Under its name it is complete: a run that was killed leaves no findings that look whole.
mv "$findings.part" "$findings"

phrase-lint report "$findings" --format scorecard -o "$reports/$day/chats.xlsx" -o "$reports/$day/chats.html"
exit "$status"
