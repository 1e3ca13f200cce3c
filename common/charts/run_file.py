"""run.json: what the runner wrote down about a run."""

import re

from common.charts.errors import ResultsError
from common.charts.json_file import RECORD_AGAIN, read_json, require

_FIELDS = {"section": str, "experiment": str, "command": list, "mode": str,
           "trials_planned": int, "trials": list, "complete": bool, "reason": str, "commit": str}


def read_run_file(path):
    """Return run.json as a dict; ResultsError names the field that is missing or wrong.

    section and experiment become names of files, so they must be plain words. A run that was
    interrupted before its first trial ended is good: complete is false and trials is empty.
    """
    run = read_json(path)
    if not isinstance(run, dict) or run.get("schema") != 1:
        raise ResultsError(path, "schema", "is not 1", "record the run with this project's runner")
    for field, kind in _FIELDS.items():
        require(run, field, kind, path)
    for field in ("section", "experiment"):
        if not re.fullmatch(r"\w+", run[field], re.ASCII):
            raise ResultsError(path, field, "is not a plain word", RECORD_AGAIN)
    if not all(isinstance(word, str) for word in run["command"]):
        raise ResultsError(path, "command", "is not a list of texts", RECORD_AGAIN)
    if run["complete"] and not run["trials"]:
        raise ResultsError(path, "trials", "is empty in a run that calls itself complete",
                           RECORD_AGAIN)
    _check_trials(run["trials"], path)
    return run


def _check_trials(trials, path):
    seen = set()
    for i, trial in enumerate(trials):
        place = f"trials[{i}]."
        if not isinstance(trial, dict):
            raise ResultsError(path, f"trials[{i}]", "is not an object", RECORD_AGAIN)
        name = require(trial, "file", str, path, place)
        if not re.fullmatch(r"[\w.-]+\.json", name, re.ASCII) or name == path.name:
            raise ResultsError(path, place + "file", f"'{name}' is not a trial beside run.json",
                               RECORD_AGAIN)
        if name in seen:
            raise ResultsError(path, place + "file", f"'{name}' is named twice", RECORD_AGAIN)
        seen.add(name)
        if not (path.parent / name).is_file():
            raise ResultsError(path, place + "file", f"'{name}' does not exist",
                               "put the trial back, or record the run again")
