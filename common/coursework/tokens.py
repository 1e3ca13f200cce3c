"""C++ text as tokens: enough of the language's phases of translation to not be fooled by its quotes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""
    (?P<directive> ^[^\S\n]*(?:\#|%:)(?:[^\n/]|/(?![/*]))* )
  | (?P<comment>   //[^\n]* | /\*.*?(?:\*/|\Z) )
  | (?P<raw>       (?:u8|[uUL])?R"(?P<mark>[^()\\\s"]{0,16})\(.*?\)(?P=mark)" )
  | (?P<string>    (?:u8|[uUL])?"(?:\\.|[^"\\\n])*" )
  | (?P<char>      (?:u8|[uUL])?'(?:\\.|[^'\\\n])+' )
  | (?P<number>    \.?\d(?:[eEpP][+-]|'(?=\w)|[\w.])* )
  | (?P<name>      [^\W\d][\w$]* | \$[\w$]* )
  | (?P<space>     \n | [^\S\n]+ )
  | (?P<mark_of>   <: | :> | <% | %> | %: | :: | -> | . )
    """,
    re.VERBOSE | re.MULTILINE | re.DOTALL,
)
# Only what could hide a line marker, or be taken for one: quick enough for all of the headers. A
# directive's quotes open nothing.
_QUOTED_OR_MARKER = re.compile(
    r"""
    ^\# \s (?P<line>\d+) \s "(?P<file>(?:\\.|[^"\\\n])*)" [^\n]* \n
  | ^[^\S\n]*\# [^\n]*
  | (?<!\w)(?:u8|[uUL])?R"(?P<mark>[^()\\\s"]{0,16})\(.*?\)(?P=mark)"
  | "(?:\\.|[^"\\\n])*"
  | (?<!\w)(?:u8|[uUL])?'(?:\\.|[^'\\\n])+'
    """,
    re.VERBOSE | re.MULTILINE | re.DOTALL,
)
_DIGRAPHS = {"<:": "[", ":>": "]", "<%": "{", "%>": "}", "%:": "#"}
_SPLICE = re.compile(r"\\[ \t\v\f]*\r?\n")


@dataclass(frozen=True)
class Token:
    """`kind`: directive raw string char number name mark."""

    kind: str
    text: str
    line: int


@dataclass(frozen=True)
class Region:
    """A part of the preprocessor's output that comes from one file."""

    file: str
    line: int  # of its first line
    text: str


def regions(preprocessed: str) -> Iterator[Region]:
    """Yield what the preprocessor put out, file by file, as its line markers say. A marker within a
    raw string is none."""
    file, line, begin = "", 1, 0
    for match in _QUOTED_OR_MARKER.finditer(preprocessed):
        if match["line"]:
            yield Region(file, line, preprocessed[begin : match.start()])
            file, line, begin = match["file"], int(match["line"]), match.end()
    yield Region(file, line, preprocessed[begin:])


def tokens(text: str, line: int = 1) -> Iterator[Token]:
    """Yield the tokens of `text`, without spaces and comments; a directive is one token."""
    for match in _TOKEN.finditer(text):
        kind, word = match.lastgroup or "", match.group()
        kind = "raw" if kind == "mark" else kind
        if kind == "mark_of":
            yield Token("mark", _DIGRAPHS.get(word, word), line)
        elif kind == "directive":
            yield Token(kind, word.strip().replace("%:", "#", 1), line)
        elif kind not in ("space", "comment"):
            yield Token(kind, word, line)
        line += word.count("\n")


def spliced(text: str) -> tuple[str, bool]:
    """Return `text` with its continued lines joined, and whether there were any."""
    joined = _SPLICE.sub("", text)
    return joined, joined != text


def directives(text: str) -> Iterator[Token]:
    """Yield the preprocessing directives of a source, with its comments taken for spaces, so that
    `#/**/line` is one and what follows a comment is too. Its lines must be joined."""
    return (token for token in tokens(_without_comments(text)) if token.kind == "directive")


def _without_comments(text: str) -> str:
    """Return `text` with a space for each comment; a comment's lines stay."""
    parts = []
    for match in _WORDS.finditer(text):
        word = match.group()
        is_comment = match.lastgroup == "comment"
        parts.append(" " + "\n" * word.count("\n") if is_comment else word)
    return "".join(parts)


# Without directives, so that the comments within one are seen.
_WORDS = re.compile(
    re.sub(r"\(\?P<directive>.*\n  \|", "", _TOKEN.pattern), re.VERBOSE | re.MULTILINE | re.DOTALL
)
