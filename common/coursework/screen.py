"""Refuses, in a student's files, what the tests couldn't watch.

Two looks: at the text after preprocessing, so that no macro hides anything and only lines of the
student's own files count; and at the names in the object file, which no text can disguise.
"""

import os
import re
import subprocess
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path

from .forbidden import ATTRIBUTES, ENDINGS, NAMES, OPEN_TEMPLATES, PRAGMAS, PREFIXES
from .tokens import Token, directives, regions, spliced, tokens

_TRUSTED = ("/usr/", "/common/")
_LEADING = ("return", "case", "throw", "co_return", "co_yield", "co_await", "else", "do")


class Refused(Exception):
    """str() names the file, the line, what it says and why that can't be."""


def screen_source(
    folder: Path | str, name: str, may: Sequence[str], preprocess: Callable[[str], str], given: Sequence[str] = ()
) -> None:
    """Raise Refused for what the lab doesn't allow in the file `name` of `folder`.

    `preprocess(name)` returns what g++ -E makes of the file /sources/`name`, with the flags that it
    will be compiled with, and without any message. `given`: files beside it that are the
    instructor's.
    """
    text = (Path(folder) / name).read_text(encoding="utf-8", errors="surrogateescape")
    _screen_directives(name, text)
    trusted = {f"/sources/{each}" for each in given}
    for file, found in _own_tokens(preprocess(name), trusted):
        _Screening(file, may).look_at(found)


def _screen_directives(name: str, text: str) -> None:
    """What preprocessing would leave no trace of: other names for lines, and traps in a header."""
    joined, continued = spliced(text)
    if continued and re.search(r'R"', joined):
        raise Refused(f"{name}: a raw string (R\"...\") and a line that ends in \\ can't be in one file")
    is_header = not name.endswith(".cpp")
    for token in directives(joined):
        words = re.sub(r"^#\s*", "", token.text)
        if re.match(r"line\b|\d", words):
            raise _refused(name, token.line, f"#{words.strip()}", "it gives lines another file's name")
        if is_header and not _is_plain(words):
            why = "a header that the tests include as well may have no macros and no conditions but its guard"
            raise _refused(name, token.line, f"#{words.strip()}", why)


def _is_plain(words: str) -> bool:
    """Return whether a header's directive is an include, a pragma, or part of an include guard."""
    guard = re.match(r"(?:ifndef|define)\s+\w+_(?:H|HPP|HH|H_|HPP_|INCLUDED)_*\s*$", words)
    return bool(guard) or re.match(r"(?:include|pragma|endif)\b|$", words) is not None


def _own_tokens(preprocessed: str, trusted: set[str]) -> Iterator[tuple[str, list[Token]]]:
    """Yield the tokens of each file that isn't the system's or the instructor's."""
    own: dict[str, list[Token]] = {}
    for region in regions(preprocessed):
        file = os.path.normpath(region.file) if region.file else ""
        if file.startswith(_TRUSTED) or file in trusted or re.fullmatch(r"<.*>|", file):
            continue
        own.setdefault(os.path.basename(file), []).extend(tokens(region.text, region.line))
    yield from own.items()


def _refused(file: str, line: int, what: str, why: str) -> Refused:
    return Refused(f"{file}:{line}: `{what[:60]}`: {why}")


class _Screening:
    """A look at the tokens of one file."""

    def __init__(self, file: str, may: Sequence[str]) -> None:
        self._file, self._may = file, set(may)

    def look_at(self, found: list[Token]) -> None:
        """Raise Refused for the first that isn't allowed."""
        for i, token in enumerate(found):
            if token.kind == "directive":
                self._look_at_directive(token)
            elif token.kind == "name":
                self._look_at_name(found, i)
            elif token.kind in ("string", "raw") and "/proc" in token.text and "/proc" not in self._may:
                self._refuse(token, "what /proc says of a process is for the tests to read")
            elif token.text == "[" and i + 1 < len(found) and found[i + 1].text == "[":
                self._look_at_attributes(found[i + 2 :], "]")
            elif token.text == "\\":
                self._refuse(token, "a name is written in plain letters")

    def _look_at_directive(self, token: Token) -> None:
        words = re.sub(r"^#\s*", "", token.text)
        if 'R"' in words:
            self._refuse(token, "a raw string has no place there")
        pragma = re.sub(r"^pragma\s*", "", words)
        if words.startswith("pragma") and not pragma.startswith(PRAGMAS):
            self._refuse(token, "this pragma is not allowed")
        if not words.startswith("pragma"):
            self._refuse(token, "it is no C++")

    def _look_at_name(self, found: list[Token], i: int) -> None:
        token = found[i]
        if token.text in self._may:
            return
        if why := NAMES.get(token.text):
            self._refuse(token, why)
        for prefix, why in PREFIXES.items():
            if token.text.startswith(prefix) and token.text != "__libc_single_threaded":
                self._refuse(token, why)
        if token.text in ENDINGS and self._is_function(found, i):
            self._refuse(token, ENDINGS[token.text])
        if token.text in ("__attribute__", "__attribute"):
            self._look_at_attributes(found[i + 3 :], ")")
        following = [each.text for each in found[i + 1 : i + 3]]
        if token.text == "namespace" and following[:1] and following[0] in ("std", "__gnu_cxx", "__cxxabiv1"):
            if "=" not in following:
                why = "the standard library is not yours to add to (write `template <> struct std::hash<...>`)"
                self._refuse(token, why)
        if token.text == "template" and following == ["<", ">"]:
            self._look_at_specialization(found[i + 3 : i + 60], token)

    def _is_function(self, found: list[Token], i: int) -> bool:
        before = ["", "", *(each.text for each in found[max(0, i - 2) : i])][-2:]
        if before[1] in (".", "->"):
            return False
        if before[1] == "::":  # std::exit, ::exit, but not Loop::exit
            return before[0] == "std" or not re.match(r"\w", before[0]) or before[0] in _LEADING
        if found[i].text == "exit" and self._file.endswith(".cpp"):
            return False  # perhaps a method's: the object file will tell
        return before[1] in _LEADING or not re.match(r"\w", before[1])  # a declaration has a type there

    def _look_at_attributes(self, rest: list[Token], end: str) -> None:
        """Look at the names of the attributes that begin here, and not at their arguments."""
        depth = 0
        for token in rest:
            if depth == 0 and token.text == end:
                return
            depth += token.text in ("(", "[")
            depth -= token.text in (")", "]")
            if token.kind == "name" and depth == 0 and token.text.strip("_") not in ATTRIBUTES:
                self._refuse(token, "this attribute is not allowed")

    def _look_at_specialization(self, rest: list[Token], at: Token) -> None:
        """Refuse other bodies for the library's own functions, under their names."""
        words = [token.text for token in rest]
        if words[:1] and words[0] in ("struct", "class"):
            if words[1:3] == ["std", "::"] and words[3] not in OPEN_TEMPLATES:
                self._refuse(at, f"std::{words[3]} is not there to be specialized")
            return
        head = words[: words.index("(")] if "(" in words else []
        start = len(head)
        while start > 0 and head[start - 1] not in ("&", "*", "inline", "void", "int", "bool", "auto"):
            start -= 1
        if "std" in head[start:] or "string" in head[start:] or "basic_string" in head[start:]:
            self._refuse(at, "a function of the standard library is not yours to replace")

    def _refuse(self, token: Token, why: str) -> None:
        raise _refused(self._file, token.line, token.text, why)


def screen_object(path: Path | str, name: str, may: Sequence[str] = ()) -> None:
    """Raise Refused if the object file at `path`, compiled from `name`, defines what isn't the
    student's to define, or uses what the lab doesn't allow."""
    for kind, symbol in _symbols(path):
        if kind in "Uw":
            why = NAMES.get(symbol) or ENDINGS.get(symbol)
            if why and symbol not in may and symbol not in _OF_HEADERS:
                raise Refused(f"{name}: it uses `{symbol}`: {why}")
        elif kind.isupper() or kind in "iu":
            if why := _not_yours(kind, symbol):
                raise Refused(f"{name}: it defines `{_readable(symbol)}`: {why}")


def _not_yours(kind: str, symbol: str) -> str:
    """Return why the student may not define `symbol`, "" if he may."""
    if kind == "i":
        return "what a function does may not be decided by the loader"
    if symbol.startswith("DW.ref."):
        return ""
    if not symbol.startswith("_Z"):
        if symbol.startswith("__") or symbol in _SYSTEM or symbol in _exported():
            return "that is a name of the system's own"
        return ""
    if re.match(r"_Z(?:nw|na|dl|da)", symbol) and not re.search(r"(?:mPv|PvS_)$", symbol):  # placement
        return "memory is given out by the system"
    if re.match(_STANDARD, symbol):
        if kind in "TDBRGSA":
            return "the standard library is not yours to define"
        if symbol in _exported() and not re.match(_EMITTED, symbol):
            return "the standard library has this already"
    return ""


_OF_HEADERS = ("_GLOBAL_OFFSET_TABLE_", "syscall")  # the library's own inline functions use those
_SYSTEM = ("main", "_start", "_init", "_fini", "data_start", "environ")
_STANDARD = r"_Z(?:(?:N[VK]*|T[VTIS]N?|GVN?)?S[tabsiod]|N[VK]*9__gnu_cxx|N[VK]*10__cxxabiv1)"
# What compilers put out of the library's inline functions although the library has them too.
_EMITTED = (
    r"_Z(?:N[VK]*(?:St7__cxx1112basic_string|St5ctypeI|St15__exception_ptr|St9exception|Ss|Sa)|T[VIS]|Z|GV)"
)


@cache
def _exported() -> frozenset[str]:
    """Return the names that the system's libraries export."""
    libraries = ("libc.so.6", "libm.so.6", "libstdc++.so", "libgcc_s.so.1")
    names: set[str] = set()
    for library in libraries:
        path = _told("g++", f"-print-file-name={library}").strip()
        listed = _told("nm", "-D", "--defined-only", path) if "/" in path else ""
        names.update(line.split()[-1].partition("@")[0] for line in listed.splitlines() if line.strip())
    return frozenset(names)


def _told(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def _symbols(path: Path | str) -> Iterator[tuple[str, str]]:
    """Yield kind and name of each symbol, as nm(1) tells them. Raises Refused if it can't."""
    listed = subprocess.run(["nm", "--", str(path)], capture_output=True, text=True, check=False)
    if listed.returncode:
        raise Refused(f"{Path(path).name}: its names can't be read")
    for line in listed.stdout.splitlines():
        kind, symbol = line.split()[-2:]
        yield kind, symbol.partition("@")[0]


def _readable(symbol: str) -> str:
    return _told("c++filt", symbol).strip()[:100] or symbol
