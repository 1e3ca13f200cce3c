"""Reads the includes of common/ and says which of them break the rules of the house."""

import re
from pathlib import Path

FLOORS = {"base": 0, "os": 1, "work": 2, "wait": 2, "harness": 2, "tasks": 3}
# A room may use lower floors; tasks is about who does the work, not what the work is or how it is measured.
FORBIDDEN = {("tasks", "work"), ("tasks", "harness")}

SYSTEM_CALL_HEADERS = re.compile(r"#\s*include <(sys/|netinet/|arpa/|linux/|"
                                 r"(dirent|fcntl|netdb|poll|pthread|sched|signal|spawn|unistd)\.h|csignal)")
HEADER_LABELS = ("Question", "Fixed", "Varied", "Expect", "Does not show")


def rooms_included(source: Path) -> list[str]:
    """The rooms that a C++ file includes headers from, in order, however it writes that."""
    included = re.findall(r'^\s*#\s*include\s*["<](?:\.\.?/)*(\w+)/', source.read_text(), flags=re.MULTILINE)
    return [room for room in included if room in FLOORS]


def breaches(common: Path) -> list[str]:
    """One line for each include that goes up or sideways between the rooms of `common`."""
    found = []
    for room, floor in FLOORS.items():
        for source in sorted((common / room).rglob("*.[ch]pp")):
            if "slow_server" in source.relative_to(common).parts:
                continue
            for used in rooms_included(source):
                allowed = used == room or (FLOORS[used] < floor and (room, used) not in FORBIDDEN)
                if not allowed:
                    found.append(f"{source.relative_to(common)} includes {used}: {room} may not use it")
    return found


def fixture_breaches(common: Path) -> list[str]:
    """One line for each include by which the slow server would share code with what is measured."""
    return [f"{source.name} includes the room {room}"
            for source in sorted((common / "work" / "slow_server").rglob("*.[ch]pp"))
            for room in rooms_included(source)]


def main_problems(main: Path) -> list[str]:
    """What keeps a main.cpp from reading as a table of contents."""
    text = main.read_text()
    problems = []
    lines = text.count("\n")
    if lines > 90:
        problems.append(f"{lines} lines: move a mechanism into a file of its own")
    labels = re.findall(r"^// ([A-Z][a-z ]+?)  +\S", text, flags=re.MULTILINE)
    missing = [label for label in HEADER_LABELS if label not in labels]
    if missing:
        problems.append(f"its header lacks {', '.join(missing)}")
    if SYSTEM_CALL_HEADERS.search(text):
        problems.append("it includes a header of system calls")
    if "json" in text.lower():
        problems.append("it speaks of JSON")
    return problems
