"""Runs a lab's cases against a submission's programs, in a process of its own: what it says is a line of JSON with a token
that only the grader and it know, so no output of a tested program can pass for a verdict."""

import json
import sys
import time
import traceback
from dataclasses import asdict, dataclass, field
from pathlib import Path

from .declare import Case
from .lab import Lab, read_lab
from .lab_cases import cases_of
from .probe import Probe
from .result import PASSING, CaseResult
from .sandbox import Limits, Sandbox
from .session import CaseFailed
from .speed_ratio import judge_speed


@dataclass(frozen=True)
class Plan:
    """What the grader asks of the judge; as JSON on its standard input."""

    lab: str
    flavour: str
    program: str | None  # of that flavour
    reference: str | None  # the reference solution's, for the speed cases
    token: str
    seed: str
    names: list[str]
    hidden: bool
    allow_unsandboxed: bool
    files: dict[str, str] = field(default_factory=dict)
    measure: str | None = None


def main() -> int:
    """Reads a plan, judges its cases, prints a line for each."""
    plan = Plan(**json.load(sys.stdin))
    lab = read_lab(Path(plan.lab))
    judge = _Judge(plan, lab, Sandbox.find(plan.allow_unsandboxed))
    for case in cases_of(lab, plan.hidden):
        if case.name in plan.names:
            print(json.dumps({"token": plan.token, "case": asdict(judge.judge(case))}), flush=True)
    print(json.dumps({"token": plan.token, "done": True}), flush=True)
    return 0


class _Judge:
    def __init__(self, plan: Plan, lab: Lab, sandbox: Sandbox):
        self._plan, self._sandbox = plan, sandbox
        self._limits = Limits(**(lab.limits or {}))

    def judge(self, case: Case) -> CaseResult:
        began = time.monotonic()
        try:
            verdict, words = self._verdict(case)
        except CaseFailed as failure:
            verdict, words = failure.verdict, str(failure)
        if verdict not in PASSING:
            words = f"{words}\n  look at:  {case.look_at}"
        points = case.points if verdict in PASSING else 0
        return CaseResult(case.name, case.title, case.tier, points, case.points, verdict, words, case.hidden,
                          round(time.monotonic() - began, 3))

    def _verdict(self, case: Case) -> tuple[str, str]:
        if case.speed:
            assert self._plan.reference
            reference = Probe(Path(self._plan.reference), self._sandbox, self._limits, self._plan.seed)
            return judge_speed(case, self._probe(case), reference)
        try:
            case.body(self._probe(case))
        except CaseFailed as failure:
            where = "" if self._plan.flavour == "release" else f" (in the {self._plan.flavour} build)"
            raise CaseFailed(failure.verdict, f"{failure}{where}") from None
        except Exception as error:  # the case's own slip, or input it didn't expect: never a pass
            print(traceback.format_exc(), file=sys.stderr)
            raise CaseFailed("failed", f"the test could not make sense of what came: {type(error).__name__}: {error}") from None
        return "passed", ""

    def _probe(self, case: Case) -> Probe:
        program = self._plan.program
        return Probe(Path(program) if program else None, self._sandbox, self._limits,
                     f"{self._plan.seed} {case.name}", self._plan.flavour, self._plan.files, self._measure)

    def _measure(self):
        assert self._plan.measure
        running = self._sandbox.start(["/measure"], read=[(self._plan.measure, "/measure")], limits=self._limits)
        ending = running.wait()
        if ending.verdict != "ended" or ending.exit_code:
            raise CaseFailed("failed", f"the lab's own measurement failed: {ending.words or ending.output[:200]}")
        return json.loads(ending.output)


if __name__ == "__main__":
    sys.exit(main())
