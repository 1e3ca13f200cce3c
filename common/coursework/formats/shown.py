"""What may be shown: printable, of bounded size, and of a hidden case its verdict only."""

import math
from dataclasses import replace

KIB = 1024
CASE_BYTES = 16 * KIB
ELLIPSIS = "\n[... cut here]"


def printable(text):
    """Return `text` without what could steer a terminal: it may hold a student's bytes."""
    return "".join(
        letter if letter.isprintable() or letter in "\n\t" else "\N{REPLACEMENT CHARACTER}"
        for letter in text
    )


def one_line(text):
    """Return `text`, printable, as one line."""
    return " ".join(printable(text).split())


def bounded(text, limit=CASE_BYTES):
    """Return `text`, printable, cut to `limit` bytes of UTF-8."""
    data = printable(text).encode("utf-8", "replace")
    if len(data) <= limit:
        return data.decode()
    return data[: limit - len(ELLIPSIS)].decode("utf-8", "ignore") + ELLIPSIS


def points(number):
    """Return `number` as a plain JSON number: 10 and not 10.0; never NaN, never infinite."""
    number = float(number)
    if not math.isfinite(number):
        return 0
    return int(number) if number.is_integer() else round(number, 3)


def without_hidden_words(cases):
    """Return the cases; a hidden one keeps its points and its verdict, and nothing that it asks."""
    hidden = 0
    shown = []
    for case in cases:
        if case.hidden:
            hidden += 1
            name, title = f"hidden_{hidden}", f"Hidden test {hidden}"
            output = "" if case.verdict == "passed" else "What hidden tests ask is not shown."
            case = replace(case, name=name, title=title, output=output)
        shown.append(case)
    return tuple(shown)


def headline(grade):
    """Return what holds for the whole submission, a line each: the problem, a missing sandbox."""
    lines = []
    if grade.problem:
        lines.append(printable(grade.problem))
    if is_internal(grade):
        lines.append(
            "This is not your fault, and it costs you nothing: the course will grade again."
        )
    if "UNSANDBOXED" in grade.sandbox:
        lines.append("UNSANDBOXED: this was graded without a sandbox.")
    return lines


def is_internal(grade):
    """Whether the grader broke, rather than the submission."""
    return grade.problem.startswith("internal error")
