"""Grade a class: every submission in a folder, several at a time, each in a process of its own.

    python3 -m common.coursework grade-all LAB SUBMISSIONS [--to DIR] [--engine parallel|slurm]

DIR/results/NAME.json is one submission's record, DIR/grades.csv and DIR/grades.html are the table.
What has its record already, of the same submission and the same lab, is not graded again. Exit
codes: 0 all graded; 1 the grader broke on some; 2 bad input; 130 interrupted.
"""

import argparse
import fcntl
import os
import re
import shutil
import signal
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from .class_page import as_html
from .class_table import as_csv
from .engines import ENGINES
from .formats.shown import one_line, points
from .errors import CourseworkError
from .hand_ins import find_hand_ins
from .lab import find_lab
from .record import Record, broken, digest_of, read_record, settle, write_whole
from .sandbox import Sandbox

HOUSE = Path(__file__).resolve().parents[2]
_LOOK_S = 0.2
_SAID = 8192  # of what an engine said, so much goes to a record


def main(arguments):
    """Do what the command line says; return the exit code. Raises CourseworkError for bad input."""
    options = _parse(arguments)
    lab = find_lab(options.lab, HOUSE)
    to = Path(options.to or HOUSE / "build" / "grades" / lab.name)
    submissions, no_submissions = find_hand_ins(Path(options.submissions), to / "results")
    for name in no_submissions:
        _say(f"not graded: {name} (no folder, .tar or .zip)")
    ENGINES[options.engine].check()
    if options.engine == "parallel":
        Sandbox.find(options.unsandboxed)  # refused now, and not once for each of the class
    worker = ["env", f"PYTHONPATH={HOUSE}", sys.executable, "-B", "-m", f"{__package__}.grade_one"]
    worker += ["--lab", str(lab.folder)]
    worker += ["--unsandboxed"] if options.unsandboxed else []
    return grade_all(
        lab, submissions, to, ENGINES[options.engine], worker, options.jobs, options.timeout
    )


class _Parser(argparse.ArgumentParser):
    def error(self, message):
        raise CourseworkError(f"{message}; grade-all --help lists all options")


def _parse(arguments):
    parser = _Parser(
        prog="python3 -m common.coursework grade-all",
        allow_abbrev=False,
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("lab", metavar="LAB", help="a lab's name")
    add(
        "submissions",
        metavar="SUBMISSIONS",
        help="a folder: each folder, .tar and .zip in it is a submission",
    )
    add("--to", metavar="DIR", help="default: build/grades/LAB")
    add("--engine", choices=sorted(ENGINES), default="parallel", help="default: %(default)s")
    add(
        "--jobs",
        type=_positive,
        metavar="N",
        help="so many at once (default: a submission for every two cores)",
    )
    add(
        "--timeout",
        type=_positive,
        default=900,
        metavar="SECONDS",
        help="for one submission (%(default)s)",
    )
    add("--unsandboxed", action="store_true", help="grade although this machine has no sandbox")
    return parser.parse_args(arguments)


def _positive(text):
    if not re.fullmatch("[1-9][0-9]{0,6}", text):
        raise argparse.ArgumentTypeError(f"'{text}' is not a number from 1 on")
    return int(text)


def grade_all(lab, submissions, to, engine_type, worker, jobs=None, timeout_s=900):
    """Grade those that need it, then write the table; return the exit code.

    `worker`: the command that grades one (grade_one.py), without what is about the one.
    """
    digests = {one: digest_of(lab.folder, one.path) for one in submissions}
    to_grade = [one for one in submissions if not _is_graded(one, digests[one])]
    if len(to_grade) < len(submissions):
        _say(f"{len(submissions) - len(to_grade)} of {len(submissions)} are graded already")
    (to / "results").mkdir(parents=True, exist_ok=True)
    received = _watch_signals()
    with _only_one_at(to):
        if to_grade:
            engine = engine_type(jobs, timeout_s)
            _grade_these(lab, to_grade, to, engine, worker, digests, received)
        return _conclude(lab, submissions, to, received)


@contextmanager
def _only_one_at(to):
    """Hold the folder, so that no second one grades into it; clear what a killed one left there."""
    folder = os.open(to, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        for left in (*to.glob(".engine-*"), *to.glob("**/.*.part")):
            shutil.rmtree(left) if left.is_dir() else left.unlink()
        yield
    except BlockingIOError:
        why = f"{to}: another grade-all is at work there; wait, or choose another TO"
        raise CourseworkError(why) from None
    finally:
        os.close(folder)


def _grade_these(lab, to_grade, to, engine, worker, digests, received):
    with tempfile.TemporaryDirectory(prefix=".engine-", dir=to) as place:
        folder = Path(place)
        _run(engine, folder, worker, to_grade, received)
        if not received:
            _settle_missing(lab, _missing(to_grade, digests), digests, folder)


def _is_graded(one, digest):
    record = read_record(one.result)
    return bool(record and record.is_final and record.digest == digest)


def _watch_signals():
    received = []
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # What was ignored from the start stays so: nohup.
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, lambda number, _frame: received.append(number))
    return received


def _run(engine, folder, worker, to_grade, received):
    before = {one: _stamp(one.result) for one in to_grade}
    waiting = list(to_grade)
    _say(f"grading {len(to_grade)} of a class, {engine.how}")
    engine.start([_task(worker, one) for one in to_grade], folder)
    while True:
        running = engine.is_running() and not received
        for one in [one for one in waiting if _stamp(one.result) != before[one]]:
            waiting.remove(one)
            done = f"[{len(to_grade) - len(waiting)}/{len(to_grade)}]"
            _say(f"{done} {one.name}: {_in_words(read_record(one.result))}")
        if not running or not waiting:
            break
        time.sleep(_LOOK_S)
    engine.stop()


def _task(worker, one):
    places = f"--submission={one.path.resolve()}", f"--to={one.result.resolve()}"
    return [*worker, f"--name={one.name}", *places]


def _stamp(path):
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns


def _in_words(record):
    grade = record.grade
    words = record.trouble or grade.problem
    if record.trouble and not grade.problem:
        words += f"; the earlier score stands, {points(grade.score)}"
    score = f"{points(grade.score)}/{points(grade.max_score)}  ({grade.seconds:.0f} s)"
    return _start_of(one_line(words)) if words else score


def _start_of(words, most=100):
    return words if len(words) <= most else f"{words[:most]}..."


def _missing(to_grade, digests):
    records = {one: read_record(one.result) for one in to_grade}
    return [
        one
        for one, record in records.items()
        if record is None
        or (not record.trouble and record.digest != digests[one] and record.is_final)
    ]


def _settle_missing(lab, missing, digests, folder):
    """Give a result to those whose process ended without one: killed, or out of time."""
    for one in missing:
        why = "its grading ended without a result: killed, out of memory or out of time"
        said = "".join(path.read_text(errors="replace") for path in sorted(folder.glob("*.log")))
        made = broken(lab.name, lab.title, one.name, why)
        settle(one.result, Record(digests[one], made, trace=said[-_SAID:]))
        _say(f"{one.name}: internal error: {why}")


def _conclude(lab, submissions, to, received):
    records = {one.name: read_record(one.result) for one in submissions}
    write_whole(to / "grades.csv", as_csv(records))
    write_whole(to / "grades.html", as_html(lab.title, records))
    graded = sum(map(bool, records.values()))
    _say(f"{to / 'grades.csv'} and grades.html: {graded} of {len(records)} submissions")
    if received:
        name = signal.Signals(received[0]).name
        _say(f"interrupted by {name}: what is finished is kept, and not graded again")
        return 128 + received[0]
    troubled = [name for name, record in records.items() if record is None or not record.is_final]
    if troubled:
        names = ", ".join(troubled[:5]) + (" ..." if troubled[5:] else "")
        _say(f"the grader broke on {names}: their records say where")
    return int(bool(troubled))


def _say(text):
    try:
        print(text, file=sys.stderr, flush=True)
    except OSError:  # nobody reads it any more: that must not cost anyone a grade
        sys.stderr = open(os.devnull, "w", encoding="utf-8")
