"""What the reader predicts: numbers with their units, from a terminal, a pipe or a file."""

import math
import re
import sys
from pathlib import Path

from common.charts.errors import ResultsError, one_line

_NUMBER = re.compile(r"([0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE]([+-]?[0-9]{1,2}))?\s*(\S*)", re.ASCII)
# unit of the measure -> (what to give, spelling -> factor)
_UNITS = {
    "times": ("a factor, e.g. 1.5x", {"": 1, "x": 1, "times": 1}),
    "share": ("a percentage, e.g. 30 %", {"": 0.01, "%": 0.01, "percent": 0.01}),
    "seconds": ("a time with its unit, e.g. 20 ms or 3 us",
                {"s": 1, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ns": 1e-9}),
    "bytes": ("a size with its unit, e.g. 8 MB",
              {"B": 1, "kB": 1e3, "KB": 1e3, "MB": 1e6, "GB": 1e9, "KiB": 2**10, "MiB": 2**20,
               "GiB": 2**30}),
    "count": ("a number, e.g. 400", {"": 1}),
}
_UNITS["milliseconds"] = (_UNITS["seconds"][0], {unit: factor * 1000 for unit, factor in
                                                 _UNITS["seconds"][1].items()})


class BadAnswer(Exception):
    """str() says what an answer must be."""


def wanted(question):
    """Return what to give as the answer to a Question, with an example."""
    return _UNITS[question.measure.unit][0]


def number_of(text, question):
    """Return an answer as a number in the unit of the Question's measure; BadAnswer if none."""
    units = _UNITS[question.measure.unit][1]
    match = _NUMBER.fullmatch(text.strip())
    if not match or match[3] not in units:
        raise BadAnswer(f"'{text.strip()}' is not {wanted(question)}")
    number = float(match[1]) * 10.0 ** int(match[2] or 0) * units[match[3]]
    if not 0 < number < math.inf:
        raise BadAnswer(f"'{text.strip()}' must be above 0")
    if question.measure.unit == "share" and number > 1:
        raise BadAnswer(f"'{text.strip()}' is more than 100 %")
    return number


def read_answers(path, questions):
    """Return name -> text of the answers in a file, an answer to each Question; ResultsError.

    A line is `name = answer` (TOML will do) or `name: answer`, or the answer alone, in the order of
    the questions. Empty lines and what follows a # don't count.
    """
    lines = _lines(Path(path))
    named = any(re.match(r"\w+\s*[=:]", line) for _, line in lines)
    answers = {}
    for i, (number, line) in enumerate(lines):
        name, text = re.split(r"\s*[=:]\s*", line, maxsplit=1) if named and re.match(
            r"\w+\s*[=:]", line) else (questions[i].name if not named and i < len(questions)
                                       else "", line)
        question = next((each for each in questions if each.name == name), None)
        if question is None or name in answers:
            raise ResultsError(path, f"line {number}", f"'{line}' answers no question" if
                               question is None else f"'{name}' is answered twice",
                               f"the questions are {', '.join(each.name for each in questions)}")
        answers[name] = text.strip("\"'")
        try:
            number_of(answers[name], question)
        except BadAnswer as error:
            raise ResultsError(path, f"line {number}: {name}", str(error), "correct it") from None
    missing = [each.name for each in questions if each.name not in answers]
    if missing:
        raise ResultsError(path, missing[0], "is not answered",
                           f"add a line `{missing[0]} = ...`")
    return answers


def _lines(path):
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ResultsError(path, "", f"can't be read ({error.strerror})",
                           "give a file with an answer a line") from None
    except UnicodeDecodeError:
        raise ResultsError(path, "", "is not UTF-8 text", "write the answers as text") from None
    lines = [(number, one_line(line.split("#")[0])) for number, line in
             enumerate(text.splitlines(), start=1)]
    return [(number, line) for number, line in lines if line]


def ask(question, number, of):
    """Ask for the answer to a Question, again and again until it is one; return it as text.

    Blocks. At a terminal only: from anything else, a wrong answer, or none, is a ResultsError.
    """
    print(f"\n{number} of {of}. {question.asks}")
    while True:
        print(f"   ({wanted(question)}) > ", end="", flush=True)
        line = sys.stdin.readline()
        try:
            if not line:
                raise BadAnswer("is not answered")
            number_of(line, question)
            return line.strip()
        except BadAnswer as error:
            if not sys.stdin.isatty() or not line:
                print()
                raise ResultsError("standard input", question.name, str(error), "give ANSWERS=file "
                                   f"(--answers) with a line `{question.name} = ...`") from None
            print(f"   {error}.")
