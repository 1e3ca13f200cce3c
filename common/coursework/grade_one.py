"""Grade one submission of a class, in a process of its own: what an engine starts for each.

    python3 -m common.coursework.grade_one --lab DIR --submission PATH --name NAME --to FILE

Whatever happens, FILE is a valid record afterwards, and an earlier score in it outlives a grader
that breaks. Exit codes: 0 graded; 1 the grader broke; 128 + signal.
"""

import argparse
import os
import signal
import sys
import tempfile
import traceback
from dataclasses import replace
from pathlib import Path

from .record import Record, broken, digest_of, settle

_TRACE_BYTES = 8192


def main(arguments):
    """Do what the command line says; return the exit code."""
    parser = argparse.ArgumentParser(prog="python3 -m common.coursework.grade_one")
    for flag in ("--lab", "--submission", "--name", "--to"):
        parser.add_argument(flag, required=True)
    parser.add_argument("--unsandboxed", action="store_true")
    options = parser.parse_args(arguments)
    # As an exception, so that what is under way is cleaned up.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _frame: sys.exit(128 + number))
    with tempfile.TemporaryFile() as log:
        os.dup2(
            log.fileno(), sys.stderr.fileno()
        )  # what the grader says as it breaks goes to the record
        record = _graded(options)
        if not record.is_final and not record.trace:
            record = replace(record, trace=_tail(log))
    settle(options.to, record)
    return 0 if record.is_final else 1


def _tail(log):
    sys.stderr.flush()
    log.seek(max(0, log.seek(0, os.SEEK_END) - _TRACE_BYTES))
    return log.read().decode("utf-8", "replace")


def _graded(options):
    name, digest, title = options.name, "", options.name
    try:
        from .grade import grade
        from .lab import read_lab

        lab = read_lab(Path(options.lab))
        title = lab.title
        digest = digest_of(options.lab, options.submission)
        made = grade(lab, Path(options.submission), allow_unsandboxed=options.unsandboxed)
        return Record(digest, made)
    except Exception as error:  # whatever it is, this submission gets a result and the rest go on
        why = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        made = broken(Path(options.lab).name, title, name, why.splitlines()[0])
        return Record(digest, made, trace=traceback.format_exc())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
