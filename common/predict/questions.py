"""predict.toml: what a section asks before its run.

    [[question]]
    name = "threads_in_cpython"            # unique in the file: answers go by it
    asks = "Two threads compute fib(n) and fib(n + 1) in CPython: how many times faster?"
    why = "One lock lets one thread compute at a time."    # said afterwards
    series = "fib_40_41/blocking/language:cpython/n:largest"     # as in claims.toml
    against = "fib_40_41/threads/language:cpython/n:largest"
    bound = 1                              # if left out: what the run itself recorded as bound
    bound_is = "one after the other"
"""

from dataclasses import dataclass
from pathlib import Path

from common.charts.errors import ResultsError
from common.charts.measure import KEYS, Measure, read_measure
from common.charts.toml_file import (
    REMEDY, check_keys, names_in, number_in, read_toml, tables_in, text_in,
)  # fmt: skip

_OWN_KEYS = {"name", "asks", "why", "bound", "bound_is"}
FEWEST, MOST = 3, 5


@dataclass(frozen=True)
class Question:
    """One question. bound: what arithmetic alone allows, or None where the run records it."""

    name: str
    asks: str
    why: str
    measure: Measure
    bound: float
    bound_is: str


def read_questions(path):
    """Return the Questions in a predict.toml; ResultsError names the file and the field."""
    path = Path(path)
    whole = read_toml(path)
    check_keys(whole, {"question"}, path)
    tables = tables_in(whole, "question", path)
    if not FEWEST <= len(tables) <= MOST:
        raise ResultsError(path, "question", f"there are {len(tables)}, not {FEWEST} to {MOST}",
                           REMEDY)
    names = names_in(tables, path, "question")
    return [_question(name, table, path, f"question[{i}].")
            for i, (name, table) in enumerate(zip(names, tables))]


def _question(name, table, path, place):
    check_keys(table, KEYS | _OWN_KEYS, path, place)
    bound = number_in(table, "bound", path, place)
    if (bound is None) != ("bound_is" not in table):
        raise ResultsError(path, place + "bound, bound_is", "one is there without the other",
                           REMEDY)
    return Question(name, text_in(table, "asks", path, place), text_in(table, "why", path, place),
                    read_measure(table, path, place), bound,
                    text_in(table, "bound_is", path, place, ""))
