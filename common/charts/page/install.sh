#!/bin/sh
# install.sh: puts what package-lock.json names into build/page: the report's charts need it.
#
# The report does without: where npm or the network is missing, build/page/why_not says so, and the
# page has still pictures in their place. Exit code 0 in either case.
set -u

here=$(cd "$(dirname "$0")" && pwd)
place=${1:-$here/../../../build/page}
mkdir -p "$place" || exit 0

give_up() {
    printf '%s\n' "$1" >"$place/why_not"
    printf 'page: %s; the report will have still pictures\n' "$1" >&2
    exit 0
}

rm -f "$place/.installed"
command -v npm >/dev/null || give_up 'npm is not installed (apt-get install npm)'
cp "$here/package.json" "$here/package-lock.json" "$place/"
# No package's scripts are run; one attempt, so that a machine without a network need not wait.
if ! (cd "$place" && timeout 120 npm ci --ignore-scripts --no-audit --no-fund --omit=dev \
    --fetch-retries=0 --fetch-timeout=20000 --loglevel=error >npm.log 2>&1 </dev/null); then
    give_up "npm could not install it ($(grep -v '^npm warn' "$place/npm.log" | head -n 1))"
fi
rm -f "$place/why_not" "$place/npm.log"
cp "$here/package-lock.json" "$place/.installed"
