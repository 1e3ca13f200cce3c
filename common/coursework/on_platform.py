"""What an uploaded autograder starts: grade one submission there and write the platform's result.

    python3 -m common.coursework.on_platform gradescope|prairielearn|autolab LAB [--unsandboxed]

Whatever happens, the result is valid; an internal error lets an earlier score stand. Exit code 0
if a result was written.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
import traceback
from pathlib import Path

from .formats import FORMATS
from .formats.gradescope import gradescope
from .formats.shown import is_internal
from .record import broken, write_whole

# Where each platform has the submission, and where it looks for the result.
SUBMISSION = {"gradescope": "/autograder/submission", "prairielearn": "/grade/student"}
RESULTS = {
    "gradescope": "/autograder/results/results.json",
    "prairielearn": "/grade/results/results.json",
}
METADATA = "/autograder/submission_metadata.json"


def main(arguments):
    """Do what the command line says; return the exit code."""
    parser = argparse.ArgumentParser(prog="python3 -m common.coursework.on_platform")
    parser.add_argument("platform", choices=("gradescope", "prairielearn", "autolab"))
    parser.add_argument("lab", type=Path)
    parser.add_argument("--unsandboxed", action="store_true")
    options = parser.parse_args(arguments)
    submission = Path(
        os.environ["HANDIN"] if options.platform == "autolab" else SUBMISSION[options.platform]
    )
    graded = _graded(options.lab, submission, options.unsandboxed)
    if options.platform == "gradescope":
        text = gradescope(graded, previous_results() if is_internal(graded) else None)
    else:
        text = FORMATS[options.platform](graded)
    if options.platform in RESULTS:
        write_whole(RESULTS[options.platform], text)
    else:
        print(text, end="", flush=True)
    return 0


def _graded(lab_folder, submission, unsandboxed):
    title = lab_folder.name
    try:
        from .grade import grade
        from .lab import read_lab

        if not submission.exists():
            return broken(
                lab_folder.name,
                title,
                submission.name,
                f"the platform has put no submission at {submission}",
            )
        lab = read_lab(lab_folder.resolve())
        title = lab.title
        with tempfile.TemporaryDirectory() as place:
            return grade(
                lab, _as_folder(submission, place), allow_unsandboxed=unsandboxed, say=_say
            )
    except Exception as error:  # whatever it is, this submission gets a result
        print(traceback.format_exc(), file=sys.stderr)
        why = f"{type(error).__name__}: {error}".strip()
        return broken(lab_folder.name, title, submission.name, why.splitlines()[0])


def _as_folder(submission, place):
    """Put a single file, as Autolab has it, into a folder: every other submission is in one."""
    if not submission.is_file() or submission.suffix in (".tar", ".tgz", ".gz", ".zip"):
        return submission
    shutil.copy(submission, Path(place, submission.name), follow_symlinks=False)
    return Path(place)


def _say(line):
    print(line, file=sys.stderr, flush=True)


def previous_results(metadata=METADATA):
    """Return Gradescope's copy of the student's latest graded results; None if there are none."""
    try:
        submissions = json.loads(Path(metadata).read_text(encoding="utf-8"))["previous_submissions"]
        graded = [each for each in submissions if (each.get("results") or {}).get("tests")]
        return max(graded, key=lambda each: each["submission_time"])["results"]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
