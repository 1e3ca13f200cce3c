"""Starts a program without a sandbox, in the user's place, and lets nothing of it live on.

python3 bare.py STATUS USER FOLDER COMMAND...: writes to descriptor STATUS what bubblewrap writes
to its --json-status-fd, ends as COMMAND did, and ends it all on SIGTERM. Stays outside the reach of
COMMAND if it is started by root: it alone keeps its user.
"""

import ctypes
import json
import os
import signal
import sys

_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36


def main() -> int:
    """Run it; return its exit code as a shell says it."""
    status, user, folder, *command = sys.argv[1:]
    prctl = ctypes.CDLL(None).prctl
    prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    signal.signal(signal.SIGTERM, lambda *_: _kill_all())
    program = os.fork()
    if program == 0:
        _become(int(status), int(user), folder, command)
    _tell(int(status), "child-pid", os.getpid())
    code = 128 + signal.SIGKILL
    while True:
        try:
            pid, how = os.waitpid(-1, 0)
        except ChildProcessError:
            break
        if pid == program:
            code = os.waitstatus_to_exitcode(how)
            code = code if code >= 0 else 128 - code
            _tell(int(status), "exit-code", code)
            _kill_all()
    return code


def _become(status: int, user: int, folder: str, command: list[str]) -> None:
    try:
        os.close(status)
        os.setsid()
        for number in (signal.SIGPIPE, signal.SIGXFSZ, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        if os.geteuid() == 0:
            os.setgroups([])
            os.setresgid(user, user, user)
            os.setresuid(user, user, user)
        os.chdir(folder)
        os.execv(command[0], command)
    except OSError as error:
        print(f"{command[0]}: {error.strerror}", file=sys.stderr, flush=True)
    os._exit(127)


def _tell(status: int, name: str, value: int) -> None:
    os.write(status, json.dumps({name: value}).encode() + b"\n")


def _kill_all() -> None:
    """Kill all below this process; who is orphaned by it comes here, and is killed in the next round."""
    while below := _below(os.getpid()):
        for pid in below:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return


def _below(root: int) -> list[int]:
    parents = {}
    for name in os.listdir("/proc"):
        try:
            with open(f"/proc/{name}/stat", encoding="utf-8", errors="replace") as file:
                parents[int(name)] = int(file.read().rpartition(")")[2].split()[1])
        except (OSError, ValueError):
            pass
    found = [root]
    for pid in found:
        found += [child for child, parent in parents.items() if parent == pid]
    return found[1:]


if __name__ == "__main__":
    sys.exit(main())
