"""The loop: N trials of a section, each starting all its executables anew, in the planned order."""

from __future__ import annotations

import errno
import signal
import time
from dataclasses import dataclass, field
from pathlib import Path

from common.runner.errors import (
    BAD_INPUT, CHECK_FAILED, GOOD, OUT_OF_TIME, SKIPPED, cannot_write, printable,
)  # fmt: skip
from common.runner.machine import describe_machine
from common.runner.order import plan_trials
from common.runner.process import run_process
from common.runner.progress import Progress
from common.runner.recording import Recording, write_json
from common.runner.trial_file import BrokenTrial, read_trial


@dataclass(frozen=True)
class Settings:
    """What holds for every section of this run."""

    mode: str  # quick or full
    trials: int
    seed: int
    timeout_seconds: float
    extra_flags: tuple
    commit: str


@dataclass
class Contender:
    """One executable that takes part, and what became of it."""

    name: str  # matrix; in a run against itself matrix/a and matrix/b
    experiment: str
    results: Path  # the folder of the machine
    command: list
    recording: Recording
    exit_code: int = GOOD
    trouble: str = ""  # why it was given up; empty while it takes part
    failed: dict = field(default_factory=dict)  # series -> reason
    skipped: dict = field(default_factory=dict)
    context: dict = field(default_factory=dict)
    folder: Path | None = None  # where its trials are, in the end
    kept_aside: bool = False

    def give_up(self, exit_code, trouble):
        """Start it no more, because of `trouble`."""
        self.exit_code, self.trouble = exit_code, trouble


def make_contender(section, experiment, executable, results, settings, side=""):
    """Return the Contender that runs `executable` and records below `results`."""
    command = [executable, f"--{settings.mode}"]
    run = {
        "section": section.folder,
        "experiment": experiment,
        "command": [*command, *settings.extra_flags],
        "mode": settings.mode,
        "seed": settings.seed,
        "trials_planned": settings.trials,
        "commit": settings.commit,
    }
    recording = Recording(Path(results) / section.folder / experiment, run)
    name = f"{experiment}/{side}" if side else experiment
    return Contender(name, experiment, Path(results), command, recording)


def run_trials(section, contenders, settings, watch):
    """Run and record the section's trials; fill in what became of each of the `contenders`.

    Blocks until all trials are done, no contender is left, or `watch` has received a signal. Raises
    RunnerError if the results can't be written; finished trials are kept in any case.
    """
    by_name = {contender.name: contender for contender in contenders}
    plan = plan_trials(settings.seed, section.folder, list(by_name), settings.trials)
    progress = Progress(section.number, settings.trials, list(by_name))
    stopped = "the results could not be written"
    try:
        for trial, starts in enumerate(plan):
            for start in starts:
                contender = by_name[start.name]
                if watch.received or contender.trouble:
                    continue
                progress.begin(trial, start.name)
                _run_start(contender, trial, start, settings, watch, progress)
            if watch.received or all(contender.trouble for contender in contenders):
                break
            progress.trial_done(trial)
        stopped = f"interrupted by {_signal_name(watch.received)}" if watch.received else ""
    except OSError as error:
        raise cannot_write(error) from None
    finally:
        progress.clear()
        _settle(contenders, stopped)


def _run_start(contender, trial, start, settings, watch, progress):
    """Start the contender once; keep its trial or give the contender up."""
    part = contender.recording.part_of(trial)
    command = contender.command + [
        f"--order_seed={start.order_seed}",
        *(["--reversed"] if start.reversed else []),
        f"--benchmark_out={part}",
        "--benchmark_out_format=json",
        f"--benchmark_context=commit={settings.commit}",
        *settings.extra_flags,
    ]
    started = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    try:
        outcome = run_process(command, settings.timeout_seconds, watch, progress.tick)
    except OSError as error:
        contender.give_up(BAD_INPUT, f"{command[0]} can't be started: {error.strerror}")
        return
    progress.end(outcome.seconds)
    if not outcome.interrupted:
        _judge(contender, trial, part, outcome, settings)
    if outcome.interrupted or contender.trouble:
        contender.recording.drop(trial)
        progress.drop(contender.name)
        return
    facts = {
        "order_seed": start.order_seed,
        "reversed": start.reversed,
        "position": start.position,
        "started": started,
        "seconds": round(outcome.seconds, 3),
        "exit_code": outcome.exit_code,
    }
    contender.recording.keep(trial, facts)


def _judge(contender, trial, part, outcome, settings):
    """Take over what the trial says, or give the contender up."""
    code, said = outcome.exit_code, printable(outcome.last_line)
    because = f": {said}" if said else ""
    which = f"trial {trial + 1}"
    if outcome.timed_out:
        limit = f"{settings.timeout_seconds:g} s"
        contender.give_up(OUT_OF_TIME, f"{which} was not done after {limit}; --timeout allows more")
    elif code < 0:
        contender.give_up(CHECK_FAILED, f"{which} was killed by {_signal_name(-code)}{because}")
    elif code == OUT_OF_TIME:
        contender.give_up(OUT_OF_TIME, f"{which} ran out of time{because}")
    elif code == BAD_INPUT:
        contender.give_up(BAD_INPUT, said or f"{which} ended with exit code {code}")
    elif code not in (GOOD, CHECK_FAILED, SKIPPED):
        contender.give_up(CHECK_FAILED, f"{which} ended with exit code {code}{because}")
    else:
        _take_over(contender, which, part, code, because)


def _take_over(contender, which, part, code, because):
    try:
        trial_file = read_trial(part)
    except BrokenTrial as problem:
        _check_room(part)
        if code == SKIPPED:
            contender.give_up(GOOD, f"skipped{because.removeprefix(': skipped')}")
        elif code == CHECK_FAILED:
            contender.give_up(CHECK_FAILED, f"{which} ended with exit code 1{because}")
        else:
            contender.give_up(CHECK_FAILED, f"{which} {problem}{because}")
        return
    contender.context = trial_file.context
    contender.failed.update(trial_file.failed)
    contender.skipped.update(trial_file.skipped)
    if trial_file.failed or code == CHECK_FAILED:
        contender.exit_code = CHECK_FAILED
        if not trial_file.failed:
            contender.failed["exit code 1"] = because.removeprefix(": ") or "no reason given"


def _check_room(part):
    """Raise OSError if the disk is what broke the trial: the executable may not have noticed."""
    probe = part.with_suffix(".probe.part")
    try:
        probe.write_bytes(bytes(65536))
    finally:
        probe.unlink(missing_ok=True)


def _settle(contenders, stopped):
    """Give every recording its final place."""
    for contender in contenders:
        recording = contender.recording
        try:
            if recording.trials_done == recording.run["trials_planned"]:
                contender.folder = recording.finish()
            else:
                contender.folder = recording.stop(contender.trouble or stopped)
            contender.kept_aside = contender.folder not in (None, recording.final)
            if contender.folder == recording.final:
                description = describe_machine(contender.context)
                write_json(contender.results / "machine.json", description)
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT):
                raise cannot_write(error) from None
            # The trials are safe in .running; the next runner gives them their place.
            contender.folder = recording.final.with_suffix(".running")
            contender.kept_aside = True


def _signal_name(number):
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
