"""Grades one submission: opens it, builds it, has it judged, adds up. Every submission gets a Grade, whatever happens."""

import hashlib
import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

from .build import Builder, BuildFailed, Sources, build_program, remove_sources, solution_sources
from .declare import Case
from .errors import CourseworkError
from .judge import Plan
from .lab import Lab
from .lab_cases import cases_of
from .probe import fresh_key
from .result import CaseResult, Grade
from .sandbox import NoSandbox, Sandbox
from .submission import BadSubmission, open_submission

Say = Callable[[str], None]


def grade(lab: Lab, submission: Path, *, hidden: bool = True, allow_unsandboxed: bool = False,
          only: str | None = None, say: Say = lambda line: None) -> Grade:
    """The grade of `submission` (a folder, tar or zip). `hidden`: with the hidden tests, if the lab's folder has them.

    Blocks for up to a minute; `say` gets a line of progress for each step and case. Raises CourseworkError where the
    request is wrong (no such case) and NoSandbox; a submission that can't be graded comes back with its `problem`.
    """
    began = time.monotonic()
    cases = _chosen(lab, hidden and lab.has_hidden_tests, only)
    sandbox = Sandbox.find(allow_unsandboxed)
    empty = Grade(lab.name, lab.title, submission.name, 0, sum(each.points for each in cases),
                  tuple(_not_run(each) for each in cases), 0, sandbox.label)
    try:
        files = open_submission(submission, lab.yours)
        graded = _Grading(lab, cases, files, sandbox, hidden and lab.has_hidden_tests, say).run(empty)
    except BadSubmission as why:
        graded = replace(empty, problem=f"refused: {why}")
    except BuildFailed as why:
        graded = replace(empty, problem=str(why))
    except (KeyboardInterrupt, NoSandbox):
        raise
    except Exception as error:  # the grader's own fault: said so, and never a grade
        print(traceback.format_exc(), file=sys.stderr)
        graded = replace(empty, problem=f"internal error: {type(error).__name__}: {error}")
    return replace(graded, seconds=round(time.monotonic() - began, 2))


class _Grading:
    def __init__(self, lab: Lab, cases: list[Case], files: dict[str, bytes], sandbox: Sandbox, hidden: bool, say: Say):
        self._lab, self._cases, self._files, self._sandbox, self._hidden, self._say = lab, cases, files, sandbox, hidden, say

    def run(self, empty: Grade) -> Grade:
        with tempfile.TemporaryDirectory(prefix="coursework-") as folder:
            place = Path(folder)
            place.chmod(0o755)
            plan = self._written(place) if self._lab.kind == "written" else self._built(place)
            results = {each.name: each for each in self._judged(plan)}
        cases = tuple(results.get(each.name, each) for each in empty.cases)
        if len(results) < len(self._cases):
            return replace(empty, problem="internal error: the judge ended before it was done")
        return replace(empty, cases=cases, score=round(sum(each.points for each in cases), 2))

    def _built(self, place: Path) -> Plan:
        key, reference_key = fresh_key(), fresh_key()
        builder = Builder(Sources(self._lab, self._files, self._hidden), place / "theirs", key, self._sandbox)
        builder.prepare()
        builder.screen()
        programs = {}
        for flavour in sorted({flavour for each in self._cases for flavour in each.flavours}, key=_release_first):
            self._say(f"building ({flavour})")
            programs[flavour] = str(builder.build(flavour))
        remove_sources(place / "theirs")
        reference = None
        if any(each.speed for each in self._cases):
            self._say("building the reference")
            theirs = Builder(solution_sources(self._lab), place / "reference", reference_key, self._sandbox)
            theirs.prepare()
            reference = str(theirs.build("release"))
            remove_sources(place / "reference")
        return self._plan(programs, reference, key, reference_key)

    def _written(self, place: Path) -> Plan:
        source = self._lab.folder / "measure.cpp"
        measure = None
        if source.is_file():
            measure = str(place / "measure")
            build_program(source, Path(measure))
        return replace(self._plan({}, None, "", ""), measure=measure,
                       files={name: content.decode(errors="replace") for name, content in self._files.items()})

    def _plan(self, programs: dict[str, str], reference: str | None, key: str, reference_key: str) -> Plan:
        return Plan(str(self._lab.folder), programs, reference, key, reference_key, secrets.token_hex(16),
                    _digest(self._files), [each.name for each in self._cases], self._hidden,
                    self._sandbox.label == "UNSANDBOXED")

    def _judged(self, plan: Plan):
        """The judge's results as they come: only lines with the token count."""
        house = Path(__file__).resolve().parents[__package__.count(".") + 1]
        with subprocess.Popen(_judge_command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                              env=os.environ | {"PYTHONPATH": str(house)}) as judge:
            assert judge.stdin and judge.stdout
            judge.stdin.write(json.dumps(asdict(plan)))
            judge.stdin.close()
            for line in judge.stdout:
                said = json.loads(line)
                if said.get("token") != plan.token or "case" not in said:
                    continue
                result = CaseResult(**said["case"])
                self._say(f"{result.verdict:<12} {result.title}")
                yield result


def _judge_command() -> list[str]:
    return [sys.executable, "-B", "-m", f"{__package__}.judge"]


def _release_first(flavour: str) -> tuple[bool, str]:
    return flavour != "release", flavour


def _chosen(lab: Lab, hidden: bool, only: str | None) -> list[Case]:
    cases = cases_of(lab, hidden)
    if only is None:
        return cases
    if chosen := [each for each in cases if each.name == only]:
        return chosen
    raise CourseworkError(f"no case '{only}' in {lab.name}: there are {', '.join(each.name for each in cases)}")


def _not_run(case: Case) -> CaseResult:
    return CaseResult(case.name, case.title, case.tier, 0, case.points, "not_run", "", case.hidden, 0)


def _digest(files: dict[str, bytes]) -> str:
    return hashlib.sha256(b"\0".join(name.encode() + b"\0" + files[name] for name in sorted(files))).hexdigest()
