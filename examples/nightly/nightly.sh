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
day=${3:-$(date -d yesterday +%F)}
reports=$2/$day
mkdir -p "$reports"

# Violations are what a report is for, no failure: only status 2 is. What --output names gets its name when it is whole: a run that
# is killed, or that fills the disk, leaves the files that were there before.
exec phrase-lint check "$chats/$day" --strict --fail-on never --format scorecard \
    -o "$reports/findings.jsonl" -o "$reports/chats.xlsx" -o "$reports/chats.html"
