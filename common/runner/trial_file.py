"""What the runner needs to know of a trial's JSON: is it whole, what failed, what was skipped."""

import json
from dataclasses import dataclass

from common.runner.errors import printable


class BrokenTrial(Exception):
    """str() says what is wrong with the file."""


@dataclass(frozen=True)
class TrialFile:
    """The context, and the series without figures: name -> reason."""

    context: dict
    failed: dict
    skipped: dict


def read_trial(path):
    """Return the TrialFile at `path`; raise BrokenTrial if it is not a whole one."""
    try:
        with open(path, encoding="utf-8") as file:
            content = json.load(file)
        context, rows = content["context"], content["benchmarks"]
        failed, skipped = _without_figures(rows)
        return TrialFile(dict(context), failed, skipped)
    except FileNotFoundError:
        raise BrokenTrial("wrote no JSON") from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise BrokenTrial("wrote broken JSON") from None


def _without_figures(rows):
    """Return ({name: reason} failed, {name: reason} skipped)."""
    if not rows:
        raise ValueError("no series")
    failed, skipped = {}, {}
    for row in rows:
        reason = printable(row.get("skip_message") or row.get("error_message") or "no reason given")
        if row.get("skipped") or (row.get("error_occurred") and reason.startswith("skipped:")):
            skipped[row["name"]] = reason.removeprefix("skipped:").strip()
        elif row.get("error_occurred"):
            failed[row["name"]] = reason
    return failed, skipped
