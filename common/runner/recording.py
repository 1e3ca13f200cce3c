"""Recorded runs on disk: a reader finds a whole run or none, and an earlier one is never lost.

A run grows in <experiment>.running/ and gets its final name when it is complete. What happens to
one that stops early depends on what was there before:
    an earlier complete run   that one stays; the new trials are kept in <experiment>.interrupted/
    none, or an incomplete    the new trials become the run, marked complete: false
The folder that is being replaced is <experiment>.replaced/ for a moment. recover() ends what a
killed runner left in the middle.
"""

import json
import math
import os
import shutil
from pathlib import Path

from common.runner.errors import RunnerError

KILLED = "the runner was killed"


def write_whole(path, text):
    """Write `text` beside `path` and rename it: a reader sees the old file or the new one."""
    part = Path(f"{path}.part")
    try:
        part.write_text(text, encoding="utf-8")
        os.replace(part, path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def write_json(path, value):
    """Write `value` to `path`, whole."""
    write_whole(path, json.dumps(value, indent=2, ensure_ascii=False) + "\n")


class Recording:
    """One run of one experiment, while it grows; `run` is the content of its run.json."""

    def __init__(self, final, run):
        self.final = Path(final)
        self.run = {"schema": 1, **run, "trials": [], "complete": False, "reason": KILLED}
        self._seconds_of_timeline = math.inf  # how long the trial took whose timeline is kept

    @property
    def trials_done(self):
        """Return how many trials are recorded."""
        return len(self.run["trials"])

    def file_name(self, trial):
        """Return the name of the trial-th trial's file (from 0); names sort as numbers do."""
        digits = max(2, len(str(self.run["trials_planned"] - 1)))
        return f"trial_{trial:0{digits}}.json"

    def part_of(self, trial):
        """Return where the executable writes the trial: not yet a trial's name."""
        _running(self.final).mkdir(parents=True, exist_ok=True)
        return _running(self.final) / f"{self.file_name(trial)}.part"

    def keep(self, trial, facts):
        """Give the written trial its name and list it, with its `facts`, in run.json.

        Of the timelines that the trials wrote, that of the shortest trial is kept, as
        <experiment>.trace.json: it is the one that was disturbed least."""
        name = self.file_name(trial)
        os.replace(self.part_of(trial), _running(self.final) / name)
        trace = Path(f"{self.part_of(trial)}.trace.json")
        seconds = facts.get("seconds", 0.0)
        if trace.exists() and seconds < self._seconds_of_timeline:
            os.replace(trace, _running(self.final) / f"{self.final.name}.trace.json")
            self._seconds_of_timeline = seconds
        self.drop(trial)
        self.run["trials"].append({"file": name, **facts})
        write_json(_running(self.final) / "run.json", self.run)

    def drop(self, trial):
        """Forget what a start has written that is not to be kept."""
        part = self.part_of(trial)
        for left in part.parent.glob(f"{part.name}*"):
            left.unlink()

    def finish(self):
        """The run is complete: it takes the place of any earlier one. Return its folder."""
        self.run.update(complete=True, reason="")
        write_json(_running(self.final) / "run.json", self.run)
        _swap_in(self.final)
        return self.final

    def stop(self, reason):
        """The run ends early for `reason`. Return where its trials are, None without any."""
        return _stop_early(self.final, reason)


def recover(results):
    """Settle every run that a killed runner left; return the folders where their trials are now."""
    for replaced in sorted(Path(results).glob("*/*.replaced")):
        final = replaced.with_suffix("")
        if not final.exists():
            os.rename(_running(final) if _running(final).exists() else replaced, final)
        _remove(replaced)
    settled = []
    for running in sorted(Path(results).glob("*/*.running")):
        final = running.with_suffix("")
        if _is_complete(running):
            _swap_in(final)
            settled.append(final)
        else:
            settled.append(_stop_early(final, KILLED))
    return [folder for folder in settled if folder]


def _running(final):
    return final.with_suffix(".running")


def _stop_early(final, reason):
    running = _running(final)
    for part in running.glob("*.part*"):
        part.unlink()
    run = _read_run(running)
    if not run or not run["trials"]:
        _remove(running)
        if final.parent.is_dir() and not any(final.parent.iterdir()):
            final.parent.rmdir()
        return None
    run.update(complete=False, reason=reason)
    write_json(running / "run.json", run)
    if not _is_complete(final):
        _swap_in(final)
        return final
    interrupted = final.with_suffix(".interrupted")
    _remove(interrupted)
    os.rename(running, interrupted)
    return interrupted


def _swap_in(final):
    replaced = final.with_suffix(".replaced")
    if final.exists():
        os.rename(final, replaced)
    os.rename(_running(final), final)
    _remove(replaced)


def _is_complete(folder):
    return bool((_read_run(folder) or {}).get("complete"))


def _read_run(folder):
    """Return the folder's run.json, None if it has none."""
    try:
        run = json.loads((folder / "run.json").read_text(encoding="utf-8"))
        if isinstance(run["trials"], list):
            return run
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (ValueError, KeyError, TypeError):
        pass
    raise RunnerError(f"{folder / 'run.json'} is broken; repair it or remove {folder}")


def _remove(folder):
    if folder.exists():
        shutil.rmtree(folder)
