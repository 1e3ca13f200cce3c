"""The cases of a lab: which are hidden, and an instructor's own points."""

import sys
from dataclasses import replace

from .declare import Case, declared_by
from .errors import CourseworkError
from .lab import Lab
from .markers import without_hidden_tests


def cases_of(lab: Lab, hidden: bool) -> list[Case]:
    """The lab's cases in order; without `hidden`, the public ones only. Raises CourseworkError on a bad file."""
    sys.modules.setdefault("coursework", sys.modules[__package__])
    text = lab.text("cases.py")
    public = {each.name for each in _declared(lab, without_hidden_tests(text, "cases.py"))}
    cases = [replace(each, hidden=each.name not in public, points=(lab.points or {}).get(each.name, each.points))
             for each in _declared(lab, text)]
    names = [each.name for each in cases]
    if unknown := set(lab.points or {}) - set(names):
        raise CourseworkError(f"{lab.folder}/lab.toml: [points] has '{unknown.pop()}', which is no case")
    if doubles := {name for name in names if names.count(name) > 1}:
        raise CourseworkError(f"{lab.folder}/cases.py: two cases are called '{doubles.pop()}'")
    return [each for each in cases if hidden or not each.hidden]


def _declared(lab: Lab, text: str) -> list[Case]:
    try:
        return declared_by(text, str(lab.folder / "cases.py"))
    except Exception as error:  # an instructor's slip: named, not traced
        raise CourseworkError(f"{lab.folder}/cases.py: {type(error).__name__}: {error}") from None
