"""Coursework: a lab is handed out from one marked source, worked on, and graded where it can't cheat.

A lab's `cases.py` imports from here: `case` and `speed` declare what is checked, `Faults` what goes wrong on purpose.
"""

from .declare import Faults, case, speed

__all__ = ["Faults", "case", "speed"]
