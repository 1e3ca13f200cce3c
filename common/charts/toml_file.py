"""Read a TOML file that people write, and say in one line what is wrong with it and where."""

import math
import tomllib
from pathlib import Path

from common.charts.errors import ResultsError

REMEDY = "correct the file; CONTRIBUTING.md says how it is written"


def read_toml(path):
    """Return a TOML file as a dict; ResultsError if it is missing or is no TOML."""
    try:
        return tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ResultsError(path, "", "no such file", "put it back from the repository") from None
    except OSError as error:
        raise ResultsError(path, "", f"can't be read ({error.strerror})",
                           "make it a readable file") from None
    except UnicodeDecodeError:
        raise ResultsError(path, "", "is not UTF-8 text", REMEDY) from None
    except tomllib.TOMLDecodeError as error:
        raise ResultsError(path, "", f"is not TOML: {error}", REMEDY) from None


def check_keys(table, known, path, place=""):
    """ResultsError at the first key of the table that is not known."""
    for key in table:
        if key not in known:
            raise ResultsError(path, place + key, f"is none of {', '.join(sorted(known))}", REMEDY)


def tables_in(table, key, path, place=""):
    """Return the tables at `key`, one or more."""
    tables = table.get(key)
    if not isinstance(tables, list) or not all(isinstance(each, dict) for each in tables):
        tables = []
    if not tables:
        raise ResultsError(path, place + key, "must be one or more [[tables]]", REMEDY)
    return tables


def text_in(table, key, path, place="", default=None):
    """Return the text at `key`, not empty, as one line; the default, if any, where it is missing.
    """
    text = table.get(key, default)
    if not isinstance(text, str) or (key in table and not text.strip()):
        raise ResultsError(path, place + key, "must be a text" if key in table else "is missing",
                           REMEDY)
    return " ".join(text.split())


def number_in(table, key, path, place="", default=None):
    """Return the finite number at `key`; the default where it is missing."""
    if key not in table:
        return default
    value = table[key]
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise ResultsError(path, place + key, "must be a number", REMEDY)
    return float(value)


def names_in(tables, path, place):
    """Return the `name` of each table: plain words, none of them twice."""
    names = []
    for i, table in enumerate(tables):
        name = text_in(table, "name", path, f"{place}[{i}].")
        if not name.isidentifier() or name in names:
            raise ResultsError(path, f"{place}[{i}].name", f"'{name}' is " +
                               ("there twice" if name in names else "not one plain word"), REMEDY)
        names.append(name)
    return names
