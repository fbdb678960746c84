#!/bin/sh
# Checks canned replies in any CI, or by hand: check-replies.sh [PATH …]
#
# What the baseline knows is not reported; what is new fails (status 1), and so does a suppression that hides nothing.
# Leaves a page for people (phrase-lint.html) and JUnit for the CI (phrase-lint.xml).
set -eu

[ $# -gt 0 ] || set -- replies
baseline=.phrase-lint-baseline
if [ -f "$baseline" ]; then
    set -- --baseline "$baseline" "$@"
fi
exec phrase-lint check --format concise --unused-suppressions fail \
    --output phrase-lint.html --output junit:phrase-lint.xml "$@"
