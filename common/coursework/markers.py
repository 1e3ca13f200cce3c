"""One source for the solution, the starter and the tests: marked regions, as nbgrader's.

    // BEGIN SOLUTION            // BEGIN HIDDEN TESTS
    // STUB: return -1;          PROBE(a_hidden_one) { ... }
    return heap_.front();        // END HIDDEN TESTS
    // END SOLUTION

In Python and TOML the marker starts with `#`. In what is handed out a solution becomes `YOUR CODE HERE` and its stub, a
hidden test nothing.
"""

import re

from .errors import CourseworkError

_MARKER = re.compile(r"^(?P<indent>\s*)(?P<comment>//|#|<!--)\s*(?P<end>BEGIN|END) (?P<kind>SOLUTION|HIDDEN TESTS)\s*(-->)?\s*$")
_LOOSE = re.compile(r"\b(BEGIN|END)\s+(SOLUTION|HIDDEN TESTS?)\b", re.IGNORECASE)
_STUB = re.compile(r"^(?P<indent>\s*)(//|#)\s*STUB:(?: (?P<code>.*))?$")


def starter(text: str, name: str) -> str:
    """What a student gets of `text`: stubs for the solutions, no hidden test. Raises CourseworkError on a bad marker."""
    return _stripped(text, name, ("SOLUTION", "HIDDEN TESTS"))


def without_hidden_tests(text: str, name: str) -> str:
    """`text` without its hidden tests, the solutions left in."""
    return _stripped(text, name, ("HIDDEN TESTS",))


def solution(text: str, name: str) -> str:
    """The whole source without the marker and stub lines: what a perfect submission is."""
    lines, _ = _regions(text, name)
    return "".join(line for line, kind, is_marker in lines if not is_marker and not (kind and _STUB.match(line)))


def secret_lines(text: str, name: str) -> set[str]:
    """The lines inside marked regions, without their indentation, but for those of a bracket or two."""
    lines, _ = _regions(text, name)
    inside = {line.strip() for line, kind, is_marker in lines if kind and not is_marker and not _STUB.match(line)}
    return {line for line in inside if len(line) > 3}


def _stripped(text: str, name: str, kinds: tuple[str, ...]) -> str:
    lines, indents = _regions(text, name)
    out: list[str] = []
    for number, (line, kind, is_marker) in enumerate(lines):
        if kind not in kinds:
            out.append(line)
        elif kind == "SOLUTION" and is_marker and number in indents:
            indent, comment = indents[number]
            out.append(f"{indent}{comment} YOUR CODE HERE\n")
        elif kind == "SOLUTION" and (stub := _STUB.match(line)):
            out.append(f"{stub['indent']}{stub['code'] or ''}".rstrip() + "\n")
    return re.sub(r"\n{3,}", "\n\n", "".join(out))


def _regions(text: str, name: str) -> tuple[list[tuple[str, str | None, bool]], dict[int, tuple[str, str]]]:
    """Each line with the kind of region it's in and whether it is a marker; where regions begin, their indentation."""
    lines: list[tuple[str, str | None, bool]] = []
    begins: dict[int, tuple[str, str]] = {}
    open_kind, open_line = None, 0
    for number, line in enumerate(text.splitlines(keepends=True)):
        marker = _MARKER.match(line)
        if not marker:
            if _LOOSE.search(line) and line.lstrip()[:1] in ("/", "#"):
                raise CourseworkError(f"{name}:{number + 1}: looks like a marker but is none: a marker is alone on its line,"
                                      " as in '// BEGIN SOLUTION'")
            lines.append((line, open_kind, False))
            continue
        if marker["end"] == "BEGIN":
            if open_kind:
                raise CourseworkError(f"{name}:{number + 1}: BEGIN {marker['kind']} inside the {open_kind} that begins in"
                                      f" line {open_line}: markers don't nest")
            open_kind, open_line = marker["kind"], number + 1
            begins[number] = (marker["indent"], marker["comment"])
        elif open_kind != marker["kind"]:
            raise CourseworkError(f"{name}:{number + 1}: END {marker['kind']} without its BEGIN")
        lines.append((line, marker["kind"], True))
        if marker["end"] == "END":
            open_kind = None
    if open_kind:
        raise CourseworkError(f"{name}:{open_line}: BEGIN {open_kind} without its END")
    return lines, begins
