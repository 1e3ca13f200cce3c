"""What a grading comes to; every format is made from it."""

import dataclasses
import json
from dataclasses import dataclass

PASSING = ("passed", "inconclusive")


@dataclass(frozen=True)
class CaseResult:
    """One case. `verdict`: passed, failed, inconclusive (points given), time, cpu, memory, processes, descriptors, output,
    disk, crash, sanitizer, early_exit or not_run. `output`: what the student reads."""

    name: str
    title: str
    tier: str
    points: float
    max_points: float
    verdict: str
    output: str
    hidden: bool
    seconds: float


@dataclass(frozen=True)
class Grade:
    """A submission's grade. `sandbox`: bubblewrap or UNSANDBOXED. `problem`: "", or why no case could be run: "does not
    compile: ...", "refused: ...", "internal error: ..."."""

    lab: str
    title: str
    submission: str
    score: float
    max_score: float
    cases: tuple[CaseResult, ...]
    seconds: float
    sandbox: str
    problem: str = ""

    def to_json(self) -> str:
        """One JSON object, a line."""
        return json.dumps(dataclasses.asdict(self), ensure_ascii=False)

    @staticmethod
    def from_json(text: str) -> "Grade":
        """The grade that to_json() wrote. Raises ValueError, KeyError or TypeError on anything else."""
        fields = json.loads(text)
        return Grade(**(fields | {"cases": tuple(CaseResult(**each) for each in fields["cases"])}))
