#!/usr/bin/env bash
# The step of action.yml: annotations on the lines, a summary of the step, and the findings as SARIF. Ends with the
# status of phrase-lint: 0 nothing found, 1 violations, 2 something could not be read.
set -euo pipefail

arguments=(--format github --fail-on "$INPUT_FAIL_ON" --unused-suppressions "$INPUT_UNUSED_SUPPRESSIONS")
sarif="$RUNNER_TEMP/phrase-lint.sarif"
summary="$RUNNER_TEMP/phrase-lint.md"
arguments+=(--output "sarif:$sarif" --output "markdown:$summary")
if [[ -n "$INPUT_BASELINE" && -f "$INPUT_BASELINE" ]]; then
    arguments+=(--baseline "$INPUT_BASELINE")
fi
if [[ -n "$INPUT_CHANGED_SINCE" ]]; then
    arguments+=("--changed-since=$INPUT_CHANGED_SINCE")
    if [[ "$INPUT_CHANGED_LINES" == true ]]; then
        arguments+=(--changed-lines)
    fi
fi
while IFS= read -r line; do
    if [[ -n "$line" ]]; then arguments+=("$line"); fi
done <<<"$INPUT_ARGUMENTS"
arguments+=(--)
while IFS= read -r line; do
    if [[ -n "$line" ]]; then arguments+=("$line"); fi
done <<<"$INPUT_PATHS"

status=0
phrase-lint check "${arguments[@]}" || status=$?
if [[ -f "$summary" ]]; then cat "$summary" >>"$GITHUB_STEP_SUMMARY"; fi
if [[ -f "$sarif" ]]; then echo "sarif=$sarif" >>"$GITHUB_OUTPUT"; fi
exit "$status"
