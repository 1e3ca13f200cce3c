"""file_reads: what a block of a file costs, cold and warm."""

from common.charts.declare import Dots, fastest, median
from common.charts.quantities import time_text, times_text

PANELS = {"cold": "Cold: the disk must bring each block", "warm": "Warm: all in memory"}


def charts(run):
    """One picture: a row per way to read, a panel each for cold and warm."""
    return [Dots(title(run), panels="cache", panel_titles=PANELS, value="block_s",
                 axis="time for a block of 16 KiB")]


def title(run):
    """Who reads fastest, cold and warm, beside one block after the other."""
    said = []
    for cache in run.values("cache"):
        base = median(run, "block_s", model="blocking", cache=cache)
        best = fastest(run, cache=cache)
        if not base or not best:
            continue
        gain = base / median(run, "block_s", model=best, cache=cache)
        told = "nobody is faster" if best == "blocking" else f"{best} {times_text(gain, 2)} as fast"
        said.append(f"{cache}: blocking {time_text(base, 2)} a block, {told}")
    if any(mark.series.model == "epoll" for mark, _ in run.set_aside):
        said.insert(0, "epoll refuses a regular file")
    return "\n".join(said) or "Reading a file"
