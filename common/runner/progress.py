"""What runs now and how long it still takes, on stderr: one updating line, or a line per trial."""

import os
import sys
import time

from common.runner.say import say


class Progress:
    """Of one section: every one of `names` is started once in each of `trials`."""

    def __init__(self, section, trials, names, stream=None):
        self._section, self._trials = section, trials
        self._stream = stream or sys.stderr
        self._live = self._stream.isatty()
        self._began = self._start_began = time.monotonic()
        self._to_come = {name: trials for name in names}
        self._seconds = {}  # name -> how long each of its starts took
        self._now = (0, "")

    def begin(self, trial, name):
        """Executable `name` starts, in the trial-th trial (from 0)."""
        self._now = (trial, name)
        self._start_began = time.monotonic()
        self.tick()

    def end(self, seconds):
        """The start that began last has ended, after `seconds`."""
        name = self._now[1]
        self._seconds.setdefault(name, []).append(seconds)
        self._to_come[name] -= 1
        self._start_began = time.monotonic()

    def drop(self, name):
        """`name` will not be started again."""
        self._to_come.pop(name, None)

    def tick(self):
        """Rewrite the line, if there is a terminal to see it."""
        if self._live:
            trial, name = self._now
            line = f"{self._section}: trial {trial + 1}/{self._trials}  {name}  {self._times()}"
            say(f"\r{line[: _width(self._stream) - 1]}\x1b[K", self._stream, end="")

    def trial_done(self, trial):
        """Write the trial's one line where there is no terminal."""
        if not self._live:
            line = f"{self._section}: trial {trial + 1}/{self._trials} done  {self._times()}"
            say(line, self._stream)

    def clear(self):
        """Remove the line, so that others can write."""
        if self._live:
            say("\r\x1b[K", self._stream, end="")

    def _times(self):
        elapsed = f"{_clock(time.monotonic() - self._began)} elapsed"
        left = self._seconds_left()
        return elapsed if left is None else f"{elapsed}, about {_clock(left)} left"

    def _seconds_left(self):
        """Guess from what each executable took so far; an unseen one takes what the others did."""
        if not self._seconds:
            return None
        means = {name: sum(took) / len(took) for name, took in self._seconds.items()}
        usual = sum(means.values()) / len(means)
        whole = sum(means.get(name, usual) * left for name, left in self._to_come.items())
        return max(0.0, whole - (time.monotonic() - self._start_began))


def _clock(seconds):
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def _width(stream):
    try:
        return os.get_terminal_size(stream.fileno()).columns or 80
    except OSError:
        return 80
