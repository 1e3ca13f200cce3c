"""What is kept: <results>/predictions/<section>.json, and the same to read and hand in as .txt.

An answer is on the disk before the next question is asked, so that nothing that ends the program
early takes it along. A record that was measured is never written over: it gets a number.
"""

import json
from datetime import datetime, timezone
from pathlib import Path

from common.charts.errors import ResultsError
from common.charts.json_file import read_json
from common.charts.whole_file import write_whole

_BROKEN = "repair it, or move it away and predict anew"


class Record:
    """The predictions for one section: answers is name -> text."""

    def __init__(self, results, section):
        self.path = Path(results) / "predictions" / f"{section}.json"
        self.section = section
        self.answers = {}
        self.asked = _now()

    def go_on(self, names):
        """Take over the answers to these questions that an earlier start left unmeasured."""
        whole = self._earlier()
        if whole and not whole.get("scores"):
            self.asked = whole.get("asked", self.asked)
            self.answers = {name: text for name, text in whole["answers"].items()
                            if name in names and isinstance(text, str)}

    def keep(self, name, text):
        """Write an answer down, at once."""
        self.answers[name] = text
        self._write()

    def keep_all(self, answers):
        """Write all answers down in the place of unmeasured ones."""
        self.answers = dict(answers)
        self._write()

    def finish(self, scores, facts, lines):
        """Write down what was measured; scores and facts go into the JSON, lines to the .txt."""
        self._write(measured=_now(), scores=scores, **facts)
        write_whole(self.text_path, ("\n".join(lines) + "\n").encode())

    @property
    def text_path(self):
        """The file to read and to hand in."""
        return self.path.with_suffix(".txt")

    def _write(self, **more):
        self._set_aside()
        whole = {"schema": 1, "section": self.section, "asked": self.asked,
                 "answers": self.answers, **more}
        write_whole(self.path, (json.dumps(whole, indent=2, ensure_ascii=False) + "\n").encode())

    def _earlier(self):
        if not self.path.exists():
            return None
        whole = read_json(self.path)
        if not isinstance(whole, dict) or not isinstance(whole.get("answers"), dict):
            raise ResultsError(self.path, "answers", "is not an object", _BROKEN)
        return whole

    def _set_aside(self):
        """Give an earlier, measured record a number, as it stands."""
        if not (self._earlier() or {}).get("scores"):
            return
        numbers = (number for number in range(1, 10_000)
                   if not self._numbered(self.path, number).exists())
        number = next(numbers)
        for path in (self.path, self.text_path):
            if path.exists():
                path.rename(self._numbered(path, number))

    @staticmethod
    def _numbered(path, number):
        return path.with_name(f"{path.stem}-{number}{path.suffix}")


def _now():
    return datetime.now(timezone.utc).isoformat(timespec="seconds")
