"""The one kind of error that this package raises on bad input: a single line with a remedy."""


def one_line(text):
    """Return `text` as one printable line: recorded text must not break, or steer, a terminal."""
    joined = " ".join(str(text).split())
    return "".join(letter if letter.isprintable() else "?" for letter in joined)


class ResultsError(Exception):
    """Bad input: str() is one line that names the file, the field, what is wrong and the remedy."""

    def __init__(self, path, field, problem, remedy):
        place = f"{path}: {field}" if field else f"{path}"
        super().__init__(one_line(f"{place}: {problem}; {remedy}"))
