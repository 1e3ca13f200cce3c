"""python3 -m common.coursework handout|grade|autograder|grade-all ...: what the Makefile's verbs call.

Exit codes: 0 good (for `grade` to people: full marks); 1 below full marks, or some of a class weren't graded; 2 usage or bad
input; 3 the grader broke; 130 interrupted.
"""

import argparse
import sys
from pathlib import Path

from .errors import CourseworkError
from .sandbox import NoSandbox

_HOUSE = Path(__file__).resolve().parents[2]


def main(arguments: list[str]) -> int:
    """Does what the command line says; returns the exit code."""
    try:
        if arguments[:1] == ["grade-all"]:
            from .grade_all import main as grade_all

            return grade_all(arguments[1:])
        options = _parser().parse_args(arguments)
        return options.run(options)
    except (CourseworkError, NoSandbox) as error:
        print(f"coursework: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"coursework: {error.filename}: {error.strerror}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("coursework: interrupted", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="coursework", description="Hand out a lab, grade what comes back.")
    verbs = parser.add_subparsers(required=True, metavar="verb")
    handout = verbs.add_parser("handout", help="write what a student gets: a folder and a tar")
    handout.add_argument("lab", help="a lab's name or folder")
    handout.add_argument("--to", type=Path, default=Path("build/handout"), help="where (build/handout)")
    handout.set_defaults(run=_handout)
    _add_grade(verbs)
    upload = verbs.add_parser("autograder", help="pack what a platform wants uploaded")
    upload.add_argument("lab", help="a lab's name or folder")
    upload.add_argument("--format", required=True, help="gradescope, prairielearn, autolab or github")
    upload.add_argument("--to", type=Path, default=Path("build/autograder"), help="where (build/autograder)")
    upload.add_argument("--unsandboxed", action="store_true", help="grade there even without a sandbox; every result says so")
    upload.set_defaults(run=_autograder)
    verbs.add_parser("grade-all", help="grade a class, several at a time: `grade-all --help`")
    return parser


def _add_grade(verbs) -> None:
    grade = verbs.add_parser("grade", help="grade one submission: a folder, a tar or a zip")
    grade.add_argument("lab", help="a lab's name or folder")
    grade.add_argument("--submission", type=Path, required=True, help="a folder, a tar or a zip")
    grade.add_argument("--case", help="only this case")
    grade.add_argument("--format", default="gradelib", choices=("gradelib", "json", "gradescope", "prairielearn", "autolab", "github"),
                       help="for people (gradelib), or as a platform reads it")
    grade.add_argument("--public", action="store_true", help="only the public tests")
    grade.add_argument("--unsandboxed", action="store_true", help="where there is no sandbox, run without; the output says so")
    grade.set_defaults(run=_grade)


def _handout(options: argparse.Namespace) -> int:
    from .handout import write_handout
    from .lab import find_lab

    folder, tar = write_handout(find_lab(options.lab, _HOUSE), options.to)
    print(f"{folder}/ and {tar}")
    return 0


def _grade(options: argparse.Namespace) -> int:
    from .formats import FORMATS, exit_code
    from .grade import grade
    from .lab import find_lab

    graded = grade(find_lab(options.lab, _HOUSE), options.submission, hidden=not options.public,
                   allow_unsandboxed=options.unsandboxed, only=options.case, say=_say)
    print(FORMATS[options.format](graded), end="")
    return exit_code(options.format, graded)


def _autograder(options: argparse.Namespace) -> int:
    from .autograder import write_autograder
    from .lab import find_lab

    print(write_autograder(find_lab(options.lab, _HOUSE), options.format, options.to, options.unsandboxed))
    return 0


def _say(line: str) -> None:
    if sys.stderr.isatty():
        print(f"\r\033[K{line}", end="\n", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
