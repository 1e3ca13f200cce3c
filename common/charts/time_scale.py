"""An axis of seconds, or bytes: from zero where lengths compare, logarithmic over decades."""

import math
from dataclasses import dataclass

from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator

from common.charts.quantities import text_in

DECADES_MATTER = 20  # from this ratio of the largest to the smallest, a linear axis hides things
_UNITS = {"s": ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns")),
          "B": ((1e9, "GB"), (1e6, "MB"), (1e3, "kB"), (1.0, "B"))}


@dataclass(frozen=True)
class TimeScale:
    """From `low` to `high` seconds, or bytes; logarithmic if `log`, else low is 0."""

    low: float
    high: float
    log: bool
    unit: str = "s"  # or "B"

    def place(self, seconds):
        """Return where on the axis a time is: 0 at the start, 1 at the end."""
        if self.log:
            return math.log(seconds / self.low) / math.log(self.high / self.low)
        return seconds / self.high

    def ticks(self, room):
        """Return round times within the scale, at least `room` (a share of the axis) apart."""
        if not self.log:
            locator = MaxNLocator(max(2, int(1 / room)), steps=(1, 2, 2.5, 5, 10))
            return [tick for tick in locator.tick_values(0, self.high)
                    if 0 <= tick <= self.high * 1.0001]
        for steps in ((1, 2, 5), (1, 3), (1,)):
            found = [step * 10.0**power for power in range(-10, 12) for step in steps]
            found = [tick for tick in found if self.low * 0.999 <= tick <= self.high * 1.001]
            gaps = [self.place(after) - self.place(tick) for tick, after in zip(found, found[1:])]
            if min(gaps, default=1) >= room:
                return found
        return found[:: math.ceil(room / min(gaps))]

    def put_on(self, axis, room, label, note=""):
        """Set up a matplotlib Axis: ticks, and the label with its unit and a note behind it."""
        ticks = self.ticks(room)
        if self.log:
            axis.axes.set(**{f"{axis.axis_name}scale": "log"})
            axis.set_major_formatter(FuncFormatter(lambda tick, _: self._plain(tick)))
            axis.set_label_text(f"{label} (log scale){note}")
        else:
            units = _UNITS[self.unit]
            scale, unit = next(pair for pair in units if ticks[-1] >= pair[0] or pair == units[-1])
            axis.set_major_formatter(FuncFormatter(lambda tick, _: f"{tick / scale:g}"))
            axis.set_label_text(f"{label}, {unit}{note}")
        axis.set_major_locator(FixedLocator(ticks))
        axis.set_minor_locator(NullLocator())

    def _plain(self, value):
        number, unit = text_in(self.unit)(value, 1).split()
        return f"{number} {unit}"


def scale_for(times, reach=(), unit="s"):
    """Return a TimeScale that holds all `times` (in `unit`, at least one).

    reach: (time, share) pairs: a text starts at that time and takes that share of the axis.
    """
    smallest, largest = min(times), max(times)
    log = largest / smallest >= DECADES_MATTER
    if not log:
        ends = [time / (1 - share) for time, share in reach if share < 0.9]
        return TimeScale(0.0, max([largest * 1.04, *ends]), False, unit)
    low = smallest / (largest / smallest) ** 0.07
    ends = [low * (time / low) ** (1 / (1 - share)) for time, share in reach if share < 0.9]
    return TimeScale(low, max([largest * (largest / low) ** 0.04, *ends]), True, unit)
