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
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from pathlib import Path

from .build import Builder, BuildFailed, Sources, build_program, solution_sources
from .declare import FLAVOURS, Case
from .errors import CourseworkError
from .judge import Plan
from .lab import Lab
from .lab_cases import cases_of
from .probe import fresh_key
from .result import PASSING, CaseResult, Grade
from .sandbox import NoSandbox, Sandbox
from .submission import BadSubmission, open_submission

Say = Callable[[str], None]
Rounds = Callable[[dict[str, CaseResult]], Iterator[Plan]]  # by what has been judged up to now


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
            rounds = self._written(place) if self._lab.kind == "written" else self._built(place)
            results: dict[str, CaseResult] = {}
            for plan in rounds(results):
                judged = {each.name: _after(results.get(each.name), each) for each in self._judged(plan)}
                if set(judged) != set(plan.names):
                    return replace(empty, problem="internal error: the judge ended before it was done")
                results |= judged
        cases = tuple(results[each.name] for each in empty.cases)
        return replace(empty, cases=cases, score=round(sum(each.points for each in cases), 2))

    def _built(self, place: Path) -> Rounds:
        """A round for each flavour; what has failed in one isn't built for the next."""
        builder = Builder(Sources(self._lab, self._files, self._hidden), place / "theirs", fresh_key(), self._sandbox)

        def rounds(results: dict[str, CaseResult]) -> Iterator[Plan]:
            for flavour in FLAVOURS:
                names = [each.name for each in self._cases if flavour in each.flavours
                         and (each.name not in results or results[each.name].verdict in PASSING)]
                if not names:
                    continue
                self._say(f"building ({flavour})")
                builder.prepare()
                program = builder.build(flavour)
                builder.remove_sources()
                reference = self._reference(place / "reference") if flavour == "release" else None
                yield self._plan(names, flavour, str(program), reference)

        return rounds

    def _reference(self, place: Path) -> str | None:
        if not any(each.speed for each in self._cases):
            return None
        self._say("building the reference")
        builder = Builder(solution_sources(self._lab), place, fresh_key(), self._sandbox)
        builder.prepare()
        program = builder.build("release")
        builder.remove_sources()
        return str(program)

    def _written(self, place: Path) -> Rounds:
        source = self._lab.folder / "measure.cpp"
        measure = place / "measure" if source.is_file() else None

        def rounds(_: dict[str, CaseResult]) -> Iterator[Plan]:
            if measure:
                build_program(source, measure)
            files = {name: content.decode(errors="replace") for name, content in self._files.items()}
            plan = self._plan([each.name for each in self._cases], "release", None, None)
            yield replace(plan, measure=str(measure) if measure else None, files=files)

        return rounds

    def _plan(self, names: list[str], flavour: str, program: str | None, reference: str | None) -> Plan:
        return Plan(str(self._lab.folder), flavour, program, reference, secrets.token_hex(16),
                    _digest(self._files), names, self._hidden, self._sandbox.label == "UNSANDBOXED")

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


def _after(earlier: CaseResult | None, result: CaseResult) -> CaseResult:
    """`result`, with the time that earlier flavours took."""
    return replace(result, seconds=round(result.seconds + earlier.seconds, 3)) if earlier else result


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
