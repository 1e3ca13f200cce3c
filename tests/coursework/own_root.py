"""Run a program where chosen folders lie at the root, such as /autograder.

In a mount namespace of its own: all else is there as it is, and the real root stays as it was.
"""

import os
import shutil
import subprocess
from pathlib import Path

# Not chroot: in a chroot the kernel allows no user namespace, and with it no bubblewrap.
SCRIPT = """set -e
root=$1; shift
mount -t tmpfs none "$root"
for path in /*; do
  if [ -L "$path" ]; then cp -P "$path" "$root$path"
  elif [ -d "$path" ]; then mkdir "$root$path"; mount --rbind "$path" "$root$path"
  fi
done
while [ "$1" != -- ]; do mkdir "$root$1"; mount --bind "$2" "$root$1"; shift 2; done
shift
cd "$root"
pivot_root . tmp
umount -l /tmp 2>/dev/null || true
exec "$@"
"""


def lacks():
    """Return why that can't be done here; "" if it can."""
    if os.geteuid() != 0 or not shutil.which("unshare"):
        return "only root can lay folders at the root of a mount namespace"
    return ""


def run_with(folders, command, root, directory, environment):
    """Run `command` where `folders` (place at the root -> folder here) hold.

    `root`: an empty folder. Nothing but `environment` is in its environment. Return the
    CompletedProcess, with its output as text.
    """
    places = [word for place, folder in folders.items() for word in (place, str(folder))]
    mounted = [
        "unshare",
        "--mount",
        "--propagation",
        "private",
        "sh",
        "-c",
        SCRIPT,
        "sh",
        str(root),
        *places,
        "--",
        "env",
        "-i",
        f"--chdir={directory}",
        *(f"{name}={value}" for name, value in environment.items()),
        *command,
    ]
    Path(root).mkdir(exist_ok=True)
    return subprocess.run(
        mounted, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=280
    )
