"""python3 -m tests.coursework.mutants [LAB...] [--jobs N] [--only NAME] [--whole]: are the mistakes that students make noticed?

Puts each mistake of tests/coursework/mutants/<lab>.toml into a copy of the lab's solution, grades that with the hidden
tests, and prints which case caught it. Exit 1 where fewer than 95 % were caught, or one got through without a reason.
"""

import argparse
import os
import sys
import tempfile
import threading
import tomllib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from common.coursework.errors import CourseworkError
from common.coursework.grade import grade
from common.coursework.lab import Lab, find_lab
from common.coursework.markers import solution
from common.coursework.result import Grade
from common.coursework.sandbox import NoSandbox

HOUSE = Path(__file__).parents[2]
FOLDER = Path(__file__).parent / "mutants"
LEAST_SHARE = 0.95


@dataclass(frozen=True)
class Mutant:
    """One mistake: `old` in the marked source becomes `new`. `reason`: why it may get through, if it may."""

    lab: str
    name: str
    says: str
    file: str
    old: str
    new: str
    caught_by: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Outcome:
    """Which cases failed, in order; `problem` where the mutant couldn't be graded at all."""

    mutant: Mutant
    failed: tuple[str, ...]
    verdict: str = ""  # of the first that failed
    problem: str = ""

    @property
    def caught(self) -> bool:
        """Whether any case failed."""
        return bool(self.failed)

    @property
    def as_expected(self) -> bool:
        """Whether the case failed that was to."""
        return self.mutant.caught_by in self.failed if self.mutant.caught_by else not self.caught


def mutants_of(path: Path) -> list[Mutant]:
    """The mutants in the file of one lab. Raises CourseworkError that names the file and the field."""
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8"))["mutant"]
        return [Mutant(lab=path.stem, **entry) for entry in entries]
    except (KeyError, TypeError, tomllib.TOMLDecodeError) as error:
        raise CourseworkError(f"{path}: {error}") from None


def mutated(lab: Lab, mutant: Mutant) -> dict[str, bytes]:
    """The solution's files with the mistake in. Raises CourseworkError unless `old` is there exactly once."""
    files = {}
    for name in lab.yours:
        text = lab.text(name)
        if name == mutant.file:
            if (count := text.count(mutant.old)) != 1:
                raise CourseworkError(f"{mutant.lab}: {mutant.name}: its `old` is {count} times in {name}")
            text = text.replace(mutant.old, mutant.new)
        files[name] = solution(text, name).encode()
    return files


def judge(mutant: Mutant, whole: bool) -> Outcome:
    """Grades the mutant: by the case that is to catch it, and by all of them where that doesn't. Blocks."""
    lab = find_lab(mutant.lab, HOUSE)
    with tempfile.TemporaryDirectory(prefix="mutant-") as folder:
        for name, content in mutated(lab, mutant).items():
            (Path(folder) / name).write_bytes(content)
        outcome = None
        if mutant.caught_by and not whole:
            outcome = _outcome(mutant, grade(lab, Path(folder), only=mutant.caught_by))
        if not outcome or not (outcome.caught or outcome.problem):
            outcome = _outcome(mutant, grade(lab, Path(folder)))
    return outcome


def _outcome(mutant: Mutant, graded: Grade) -> Outcome:
    lost = [each for each in graded.cases if each.verdict not in ("passed", "inconclusive")]
    if graded.problem:
        return Outcome(mutant, (), problem=" ".join(graded.problem.split())[:200])
    return Outcome(mutant, tuple(each.name for each in lost), lost[0].verdict if lost else "")


def table_of(outcomes: list[Outcome]) -> str:
    """Every mutant in a line; those that got through with their reason; the share that was caught."""
    lines = [f"{'lab':<18} {'mutant':<30} {'caught by':<28} {'as expected?'}"]
    for each in outcomes:
        by = f"{each.failed[0]} ({each.verdict})" if each.caught else each.problem or "nobody"
        if each.caught and each.as_expected:
            by = by.replace(each.failed[0], each.mutant.caught_by)
        expected = "yes" if each.as_expected and not each.problem else f"no: {each.mutant.caught_by or 'nobody'}"
        lines.append(f"{each.mutant.lab:<18} {each.mutant.name:<30} {by:<28} {expected}")
    for each in outcomes:
        if not each.caught:
            lines.append(f"\ngot through: {each.mutant.lab}: {each.mutant.name}: {each.mutant.says}")
            lines.append(f"  reason: {each.mutant.reason or 'none is stated'}")
    caught = sum(each.caught for each in outcomes)
    return "\n".join([*lines, "", f"caught: {caught} of {len(outcomes)} ({100 * caught / max(1, len(outcomes)):.1f} %)"])


def good(outcomes: list[Outcome]) -> bool:
    """Whether enough were caught, all others have a reason, and all could be graded."""
    caught = sum(each.caught for each in outcomes)
    excused = all(each.caught or (each.mutant.reason and not each.problem) for each in outcomes)
    return excused and caught >= LEAST_SHARE * len(outcomes)


def _chosen(labs: list[str], only: str | None) -> list[Mutant]:
    there = {path.stem: path for path in sorted(FOLDER.glob("*.toml"))}
    if unknown := [lab for lab in labs if lab not in there]:
        raise CourseworkError(f"no mutants of '{unknown[0]}': there are those of {', '.join(there)}")
    mutants = [each for lab in labs or there for each in mutants_of(there[lab])]
    if only and not (mutants := [each for each in mutants if each.name == only]):
        raise CourseworkError(f"no mutant '{only}'")
    return mutants


def main(arguments: list[str]) -> int:
    """Exit codes: 0 good, 1 too many got through, 2 usage or bad input, 130 interrupted."""
    parser = argparse.ArgumentParser(prog="mutants", description="Are the mistakes that students make noticed?")
    parser.add_argument("labs", nargs="*", metavar="LAB", help="only these labs")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="how many at once (one for each core)")
    parser.add_argument("--only", metavar="NAME", help="only the mutant of this name")
    parser.add_argument("--whole", action="store_true", help="by all cases, not by the one that is to catch it first")
    options = parser.parse_args(arguments)
    try:
        outcomes = _judged(_chosen(options.labs, options.only), max(1, options.jobs), options.whole)
    except (CourseworkError, NoSandbox) as error:
        print(f"mutants: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("mutants: interrupted", file=sys.stderr)
        return 130
    print(table_of(outcomes))
    return 0 if good(outcomes) else 1


def _judged(mutants: list[Mutant], jobs: int, whole: bool) -> list[Outcome]:
    done, lock = 0, threading.Lock()

    def one(mutant: Mutant) -> Outcome:
        nonlocal done
        outcome = judge(mutant, whole)
        with lock:
            done += 1
            words = f"caught by {outcome.failed[0]}" if outcome.caught else outcome.problem or "got through"
            print(f"{done}/{len(mutants)} {mutant.lab}: {mutant.name}: {words}", file=sys.stderr, flush=True)
        return outcome

    with ThreadPoolExecutor(jobs) as pool:
        try:
            return list(pool.map(one, mutants))
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
