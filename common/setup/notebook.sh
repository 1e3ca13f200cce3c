#!/bin/sh
# notebook.sh: opens the notebooks in Jupyter, which it installs if it is missing.
#
#   notebook.sh          opens notebooks/ in a browser, or says where to look
#   notebook.sh --html   runs them all and writes build/notebooks/*.html, which need no network
# Exit codes: those of setup.sh and of Jupyter.
set -u

here=$(cd "$(dirname "$0")" && pwd)
root=$here/../..
python=$("$here/find_python.sh") || exit $?
export PYDEVD_DISABLE_FILE_VALIDATION=1 # a warning about frozen modules that concerns nobody here

has() { "$python" -c "import sys, importlib.util
sys.exit(importlib.util.find_spec('$1') is None)"; }

if [ "${1:-}" = --html ]; then
    exec "$python" -m nbconvert --to html --execute --HTMLExporter.require_js_url= \
        --HTMLExporter.mathjax_url= --output-dir "$root/build/notebooks" "$root"/notebooks/*.ipynb
fi
if ! has notebook; then
    "$here/setup.sh" "$here/packages_notebook.txt" || exit $?
fi
if ! has notebook; then
    printf '%s\n' "notebook: $python has no Jupyter notebook; try PYTHON=/usr/bin/python3" >&2
    exit 2
fi
as_root=
if [ "$(id -u)" = 0 ]; then as_root=--allow-root; fi
# shellcheck disable=SC2086  # nothing, where it is empty
exec "$python" -m notebook $as_root "$root/notebooks"
