"""Listing 1.1: which phase of a small program computes, and which one waits."""

from common.charts.declare import Shares, median
from common.charts.quantities import time_text
from common.charts.shares import share_text

PHASES = {"request": "request a page", "format_headers": "format the headers",
          "write_file": "write the file", "write_file_synced": "write it through to the disk"}


def charts(run):
    """One picture: a row per phase, computing against waiting."""
    return [Shares(title(run), rows="phase", row_titles=PHASES,
                   parts={"computing": "computing_s", "waiting": "waiting_s"})]


def title(run):
    """How much of all the phases together is waiting, and which one waits longest."""
    seconds = {phase: median(run, phase=phase) for phase in run.values("phase")}
    waiting = {phase: median(run, "waiting_s", phase=phase) for phase in seconds}
    longest = max(waiting, key=waiting.get)
    share = min(1.0, sum(waiting.values()) / sum(seconds.values()))
    return (f"Of {time_text(sum(seconds.values()), 2)}, {share_text(share)} is waiting, nearly all "
            f"in one phase: {PHASES.get(longest, longest)}"
            if waiting[longest] > 0.9 * sum(waiting.values()) else
            f"Of {time_text(sum(seconds.values()), 2)}, {share_text(share)} is waiting")
