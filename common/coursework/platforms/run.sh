#!/bin/sh
# Grades one submission: run.sh PLATFORM LAB-FOLDER [--unsandboxed]. It always leaves a valid result: where the grader can't
# start, breaks or takes too long, an internal error, after which an earlier score stands.
cd "$(dirname "$0")" || exit 1
chmod -R go-rwx . 2>/dev/null # the tests and the solution are nobody's business
# What the grader says as it works can name a hidden test. Only Gradescope keeps it from students for sure.
[ "$1" = gradescope ] || exec 2>/dev/null

for python in python3 python3.14 python3.13 python3.12 python3.11; do
  "$python" -c 'import tomllib' 2>/dev/null && break
done
timeout --kill-after=10 "${GRADING_SECONDS:-540}" "$python" -B -m common.coursework.on_platform "$@" && exit 0
"$python" -B last_resort.py "$1" && exit 0

case $1 in # not even Python
gradescope) to=/autograder/results/results.json ;;
prairielearn) to=/grade/results/results.json ;;
autolab) to=/dev/stdout ;;
esac
mkdir -p "$(dirname "$to")"
cat "broken.$1" >"$to"
