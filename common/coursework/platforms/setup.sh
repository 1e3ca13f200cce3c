#!/bin/sh
# Gradescope runs this once, as root, as it builds the image: installs what grading needs and the image lacks.
# --dry-run only says what that is.
set -eu
lab_packages='@PACKAGES@'

is_new() { # is_new PROGRAM LEAST: whether PROGRAM is there, of at least that version
  version=$("$1" --version 2>/dev/null | grep -o '[0-9][0-9]*\.[0-9][0-9.]*' | head -1) || return 1
  [ -n "$version" ] && [ "$(printf '%s\n%s\n' "$2" "$version" | sort -V | head -1)" = "$2" ]
}

missing=
is_new g++ 12 || missing="$missing g++"
is_new python3 3.11 || is_new python3.11 3.11 || missing="$missing python3"
command -v bwrap >/dev/null || missing="$missing bubblewrap"
command -v prlimit >/dev/null || missing="$missing util-linux"
for package in $lab_packages; do
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
done
if [ "${1:-}" = --dry-run ] || [ -z "$missing" ]; then
  echo "to install:${missing:- nothing}"
  exit 0
fi

export DEBIAN_FRONTEND=noninteractive
apt-get update
apt-get install -y --no-install-recommends $missing
# An older release has the newer ones under names of their own.
is_new g++ 12 || { apt-get install -y --no-install-recommends g++-12 && ln -sf /usr/bin/g++-12 /usr/local/bin/g++; }
is_new python3 3.11 || is_new python3.11 3.11 || apt-get install -y --no-install-recommends python3.11
