"""Read a JSON file from disk, or say in one line why it can't be used."""

import json
import math
import re

from common.charts.errors import ResultsError

RECORD_AGAIN = "remove it and record the run again"
# Google Benchmark prints a negative NaN bare, which no JSON reader takes.
_BARE_NUMBER = re.compile(r"(?<=: )-(?=NaN\b)")


def read_json(path):
    """Return the JSON value in the file at `path`. NaN and Infinity are let through: whether they
    matter is for the caller to say. ResultsError if the file is missing, empty or truncated."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ResultsError(path, "", "no such file", RECORD_AGAIN) from None
    except OSError as error:
        raise ResultsError(path, "", f"can't be read ({error.strerror})",
                           "make it a readable file") from None
    except UnicodeDecodeError:
        raise ResultsError(path, "", "is not UTF-8 text", RECORD_AGAIN) from None
    if not text.strip():
        raise ResultsError(path, "", "is empty", RECORD_AGAIN)
    try:
        return json.loads(_BARE_NUMBER.sub("", text))
    except json.JSONDecodeError as error:
        raise ResultsError(path, f"line {error.lineno}",
                           f"is truncated or is not JSON ({error.msg})", RECORD_AGAIN) from None
    except (RecursionError, ValueError):
        raise ResultsError(path, "", "is not JSON that anybody recorded", RECORD_AGAIN) from None


def require(record, field, kind, path, where="", remedy=RECORD_AGAIN):
    """Return record[field], which must be a `kind`; ResultsError naming where + field if not."""
    names = {str: "text", int: "a whole number", bool: "true or false", list: "a list",
             dict: "an object"}
    if field not in record:
        raise ResultsError(path, where + field, "is missing", remedy)
    value = record[field]
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise ResultsError(path, where + field, f"is not {names[kind]}", remedy)
    return value


def finite(value, path, field, remedy=RECORD_AGAIN):
    """Return `value` as a finite float; ResultsError if it is anything else (NaN, text, true)."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ResultsError(path, field, "is not a number", remedy)
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise ResultsError(path, field, f"is {number}, not a finite number", remedy)
    return number
