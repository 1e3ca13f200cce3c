"""One thing that the doctor found out, and how it is written."""

from __future__ import annotations

from dataclasses import dataclass

SIGNS = {"ok": "+", "doubt": "?", "lacks": "x"}


@dataclass(frozen=True)
class Finding:
    """A subject, what was found about it, and (unless the word is ok) what to do about it."""

    word: str
    subject: str
    found: str
    remedy: str = ""

    def __str__(self):
        """Return one aligned line, and the remedy indented on a second."""
        line = f"{SIGNS[self.word]} {self.word:<6} {self.subject:<16} {self.found}"
        return f"{line}\n{'':26}{self.remedy}" if self.remedy else line
