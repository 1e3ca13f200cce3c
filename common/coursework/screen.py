"""What no submission may say, because the tests couldn't watch it."""


class Refused(Exception):
    """str() names the file, the line, what it says and why that can't be."""


def screen_source(folder, name: str, may: tuple[str, ...], preprocess) -> None:
    """Raises Refused for a name that the lab doesn't allow."""


def screen_object(path, name: str) -> None:
    """Raises Refused for a symbol that isn't the student's to define."""
