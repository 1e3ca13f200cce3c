#!/bin/sh
# find_python.sh: the python3 that has numpy, scipy, pandas and matplotlib, wherever it is.
#
#   find_python.sh                 prints its path
#   find_python.sh ARGUMENT...     becomes it, with these arguments
#   find_python.sh --any ...       the same for any python3 from 3.9 on, with or without them
# Tried in this order: $PYTHON, /usr/bin/python3 (Debian's own), every python3 on PATH.
# Exit code 2, and one line on stderr, if there is none.
set -u

modules='"numpy", "scipy", "pandas", "matplotlib", "tomllib"'  # tomllib came with 3.11
wanted="python3 (3.11 or newer) with numpy, scipy, pandas and matplotlib"
if [ "${1:-}" = --any ]; then
    shift
    modules=
    wanted="python3 (3.9 or newer)"
fi

# Finds the modules without importing them: pandas alone would cost half a second.
suits() {
    "$1" -c "import sys, importlib.util
sys.exit(sys.version_info < (3, 9) or not all(map(importlib.util.find_spec, [$modules])))" \
        2>/dev/null
}

use() {
    if [ $# = 1 ]; then
        printf '%s\n' "$1"
        exit 0
    fi
    exec "$@"
}

if [ -n "${PYTHON:-}" ]; then
    if suits "$PYTHON"; then use "$PYTHON" "$@"; fi
    printf '%s\n' "find_python: PYTHON=$PYTHON is no $wanted; looking further" >&2
fi
if suits /usr/bin/python3; then use /usr/bin/python3 "$@"; fi
old_ifs=$IFS
IFS=:
for folder in $PATH; do
    IFS=$old_ifs
    if [ "${folder:-.}" = /usr/bin ]; then continue; fi
    if suits "${folder:-.}/python3"; then use "${folder:-.}/python3" "$@"; fi
done
printf '%s\n' "find_python: no $wanted found; run: make setup (or set PYTHON=/path/to/python3)" >&2
exit 2
