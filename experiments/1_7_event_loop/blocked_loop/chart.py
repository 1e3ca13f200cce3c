"""blocked_loop: what one callback that computes does to everybody else, and who sees it."""

from common.charts.declare import Lines, median
from common.charts.quantities import time_text

SEEN = {"p99_s": "99 of 100 ticks come within", "max_s": "the last one comes after",
        "p50_s": "half of all ticks come within"}
AXES = {"p99_s": "p99 of a tick's delay", "max_s": "longest delay of a tick",
        "p50_s": "median delay of a tick", "p99_waiting_client_s": "p99 as such a client sees it"}


def charts(run):
    """A tick's delay over the length of the computation: p99, the longest, the median; and once
    more the p99, as it is seen by a client that waits for each answer."""
    many = {n: f"One computation beside {n:g} ticks" for n in run.values("ticks")}
    longest = max(run.values("block_ms"), default=0)
    titles = {**{value: beside_pool(run, value, longest) for value in SEEN},
              "p99_waiting_client_s": omission(run, longest)}
    return [Lines(title, x="block_ms", panels="ticks", panel_titles=many, value=value,
                  axis=AXES[value]) for value, title in titles.items()]


def beside_pool(run, value, longest):
    """What the longest computation does on the loop, and through the pool."""
    here, pool = (said(median(run, value, model=model, block_ms=longest))
                  for model in ("event_loop", "event_loop_pool"))
    return f"Computing {longest:g} ms on the loop: {SEEN[value]} {here}; in the pool, {pool}"


def omission(run, longest):
    """Coordinated omission: the same run, measured by who waits for an answer before the next."""
    told, true = (said(median(run, value, model="event_loop", block_ms=longest))
                  for value in ("p99_waiting_client_s", "p99_s"))
    return f"A client that waits for each answer before it asks again sees {told} instead of {true}"


def said(seconds):
    """A time, or a dash where there is none."""
    return time_text(seconds, 2) if seconds else "–"
