"""A small program that speaks the experiments' contract, well or badly.

It does what the line for its trial says in <program>.behaviour ("good" where there is none), and
notes its command line in <program>.calls.
"""

import json
import os
import signal
import sys
import time

ME = sys.argv[0]


def main():
    with open(f"{ME}.calls", "a") as file:
        file.write(" ".join(sys.argv[1:]) + "\n")
    out = next(word for word in sys.argv if word.startswith("--benchmark_out=")).partition("=")[2]
    trial = int(os.path.basename(out).partition(".")[0].removeprefix("trial_"))
    try:
        with open(f"{ME}.behaviour") as file:
            behaviours = file.read().split("\n")
    except FileNotFoundError:
        behaviours = ["good"]
    BEHAVIOURS[behaviours[min(trial, len(behaviours) - 1)]](out)


def good(out, rows=({"name": "a/b", "real_time": 1.0},)):
    context = {"experiment": "x", "cpu_model": "A Processor", "cores": "2", "compiler": "GNU 12",
               "build_type": "release", "num_cpus": 2, "load_at_start": "0.1"}  # fmt: skip
    with open(out, "w") as file:
        json.dump({"context": context, "benchmarks": list(rows)}, file)


def failed(out):
    rows = [{"name": "a/b", "real_time": 1.0}]
    rows += [{"name": "a/c", "error_occurred": True, "error_message": "wrong answer 41"}]
    good(out, rows)
    sys.exit(1)


def skipped(out):
    rows = [{"name": "a/b", "error_occurred": True, "error_message": "skipped: no liburing"}]
    rows += [{"name": "a/c", "skipped": True, "skip_message": "no liburing"}]
    good(out, rows)


def skipped_as_a_whole(_out):
    print("skipped: this kernel is too old", file=sys.stderr)
    sys.exit(77)


def matches_nothing(_out):
    print("no series of x matches the filter 'y'", file=sys.stderr)
    sys.exit(2)


def crashes(out):
    good(out)
    print("about to fall", file=sys.stderr, flush=True)
    os.kill(os.getpid(), signal.SIGSEGV)


def hangs(out):
    with open(out, "w") as file:
        file.write('{"context": ')
    note_pid()
    time.sleep(60)


def ignores_sigterm(out):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    hangs(out)


def leaves_children(out):
    """One child in the same group, one in a session of its own; then a good end."""
    for own_session in (False, True):
        if os.fork() == 0:
            if own_session:
                os.setsid()
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            note_pid()
            time.sleep(60)
    while not os.path.exists(f"{ME}.pids") or len(open(f"{ME}.pids").read().split()) < 2:
        time.sleep(0.005)
    good(out)


def note_pid():
    with open(f"{ME}.pids", "a") as file:
        file.write(f"{os.getpid()}\n")


def writes_broken_json(out):
    with open(out, "w") as file:
        file.write('{"context": {}, "benchmarks": [')


def writes_foreign_json(out):
    with open(out, "w") as file:
        file.write("[1, 2]")


def writes_no_json(_out):
    print("boom", file=sys.stderr)


def talks_a_lot(out):
    sys.stderr.write("x" * 1_000_000)
    good(out)


def fills_the_disk(out):
    """As a C++ stream does: the writes fail, and nobody looks."""
    try:
        with open(out, "w") as file:
            file.write("x" * 10_000_000)
    except OSError:
        pass


BEHAVIOURS = {name: value for name, value in globals().items() if callable(value)}

if __name__ == "__main__":
    main()
