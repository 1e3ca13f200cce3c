"""Whether the cores that are measured on have nothing else to do."""

from __future__ import annotations

import time
from pathlib import Path

_WINDOW_S = 0.1
_BUSY = 0.1  # more of a core's time than this, used by others, disturbs


def _ticks(cores: list[int]) -> tuple[int, int]:
    """(busy, all) of the cores so far, in ticks of the kernel's clock; stolen time counts as busy."""
    busy = total = 0
    for line in Path("/proc/stat").read_text().splitlines():
        words = line.split()
        if words[0][3:].isdigit() and words[0].startswith("cpu") and int(words[0][3:]) in cores:
            numbers = [int(word) for word in words[1:9]]
            total += sum(numbers)
            busy += sum(numbers) - numbers[3] - numbers[4]
    return busy, total


def is_quiet(cores: list[int]) -> bool:
    """Whether the cores were idle for a tenth of a second. Blocks so long."""
    before = _ticks(cores)
    time.sleep(_WINDOW_S)
    after = _ticks(cores)
    return after[0] - before[0] <= _BUSY * max(1, after[1] - before[1])


class Patience:
    """Waits for quiet before each measurement, and gives up once all its patience is used."""

    def __init__(self, cores: list[int], seconds: float, say=lambda text: None):
        self.cores, self.left_s, self.say = cores, seconds, say

    def wait(self) -> bool:
        """True once the cores are quiet; False where they weren't in time: what follows is noisy."""
        begin = time.monotonic()
        told = False
        while not is_quiet(self.cores):
            if self.left_s <= time.monotonic() - begin:
                self.left_s = 0.0
                return False
            if not told:
                self.say(f"waiting until cores {', '.join(map(str, self.cores))} are quiet")
                told = True
        self.left_s = max(0.0, self.left_s - (time.monotonic() - begin - _WINDOW_S))
        return True
