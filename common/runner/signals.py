"""SIGINT, SIGTERM and SIGHUP as a number to look at, so that they never strike halfway through."""

import os
import select
import signal


class SignalWatch:
    """Notes the first of those signals in `received` (0: none) and wakes whoever is in wait().

    A child's end (SIGCHLD) wakes too. Where a signal was ignored from the start (nohup, a shell's
    background job), it stays ignored.
    """

    def __init__(self):
        self.received = 0
        self._awake, notice = os.pipe()
        for end in (self._awake, notice):
            os.set_blocking(end, False)
        # A byte in this pipe per signal: a signal between a check and a wait is not missed.
        signal.set_wakeup_fd(notice, warn_on_full_buffer=False)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, self._note)
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def _note(self, number, _frame):
        self.received = self.received or number

    def wait(self, seconds, descriptor=None):
        """Block until a signal comes, `descriptor` can be read, or `seconds` have passed."""
        readable = [self._awake] if descriptor is None else [self._awake, descriptor]
        if self._awake in select.select(readable, [], [], max(0.0, seconds))[0]:
            os.read(self._awake, 4096)
