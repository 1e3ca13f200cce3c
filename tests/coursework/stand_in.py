"""A stand-in for the grader, so that a class can be graded in seconds: `make_class` and a worker.

Run as a program it is grade_one with a grade() that does what the submission's file `behave` says.
"""

import os
import signal
import sys
import time
import types
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY))

from common.coursework.result import CaseResult, Grade

LAB_TOML = """title = "A stand-in"
section = "1.1"
minutes = 1
learns = ["nothing"]
yours = ["work.cpp"]
"""


def make_lab(folder):
    """Make a lab that holds nothing but its lab.toml; return its folder."""
    lab = Path(folder) / "stand_in"
    lab.mkdir()
    (lab / "lab.toml").write_text(LAB_TOML)
    (lab / "work.cpp").write_text("")
    (lab / "cases.py").write_text("# BEGIN HIDDEN TESTS\n# END HIDDEN TESTS\n")
    return lab


def make_submission(folder, behave="good"):
    """Make a submission that lets the stand-in do `behave`."""
    Path(folder).mkdir(parents=True)
    (Path(folder) / "behave").write_text(behave)


def case_result(name="timers", points=8.0, verdict="passed", **fields):
    """Return a CaseResult of 8 points; `fields` replaces any."""
    return CaseResult(
        **{
            "name": name,
            "title": f"The case {name}",
            "tier": "works",
            "points": points,
            "max_points": 8.0,
            "verdict": verdict,
            "output": "" if verdict == "passed" else "expected 1, came 2",
            "hidden": False,
            "seconds": 0.25,
            **fields,
        }
    )


def a_grade(*cases, problem="", **fields):
    """Return the Grade of `cases`."""
    return Grade(
        **{
            "lab": "stand_in",
            "title": "A stand-in",
            "submission": "alice",
            "score": sum(c.points for c in cases),
            "max_score": sum(c.max_points for c in cases),
            "cases": cases,
            "seconds": 1.5,
            "sandbox": "bubblewrap",
            "problem": problem,
            **fields,
        }
    )


def _grade(lab, submission, **_):
    behave = (submission / "behave").read_text()
    with (submission.parent.parent / "graded.log").open("a") as log:
        log.write(f"{submission.name}\n")
    if behave == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    if behave == "breaks":
        raise ValueError("the grader has a bug")
    if behave == "breaks inside":
        print("Traceback: where it broke", file=sys.stderr)
        return a_grade(problem="internal error: KeyError: 'x'")
    if behave == "hangs":
        time.sleep(600)
    if behave == "does not compile":
        return a_grade(
            case_result(points=0.0, verdict="not_run"),
            problem="does not compile: work.cpp:3: error",
        )
    failed = case_result("wake_up", points=0.0, verdict="failed", hidden=True)
    return a_grade(
        case_result(), failed if behave == "fails" else case_result("wake_up", hidden=True)
    )


if __name__ == "__main__":
    from common.coursework.grade_one import main

    sys.modules["common.coursework.grade"] = types.SimpleNamespace(grade=_grade)
    sys.exit(main(sys.argv[1:]))
