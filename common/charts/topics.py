"""The sections of the chapter as people name them: 1_5_gil is 1.5 and gil."""

import re
from pathlib import Path

from common.charts.errors import ResultsError
from common.charts.folders import EXPERIMENTS


def topic_of(section):
    """Return what `make` calls a section: 1_5_gil is 1.5."""
    return ".".join(section.split("_")[:2])


def section_files(name, experiments=EXPERIMENTS):
    """Return section folder -> its file `name` (claims.toml), in the sections' order."""
    paths = [Path(experiments) / section / name for section in sections(experiments)]
    return {path.parent.name: path for path in paths if path.is_file()}


def sections(experiments=EXPERIMENTS):
    """Return the sections' folders, in their order."""
    names = [path.name for path in Path(experiments).glob("*/")
             if re.fullmatch(r"\d+_\d+_\w+", path.name)]
    return sorted(names, key=lambda name: [int(part) for part in name.split("_")[:2]])


def sections_of(words, needs, experiments=EXPERIMENTS):
    """Return the sections that the words mean (1.5, gil or 1_5_gil), each once; ResultsError for
    an unknown word, or a section without the file `needs`."""
    known = sections(experiments)
    chosen = []
    for word in words:
        section = next((each for each in known
                        if word in (each, topic_of(each), each.split("_", 2)[2])), None)
        if section is None:
            names = ", ".join(f"{topic_of(each)} ({each.split('_', 2)[2]})" for each in known)
            raise ResultsError(f"topic '{word}'", "", f"is none of {names}", "give one of them")
        if not (Path(experiments) / section / needs).is_file():
            raise ResultsError(Path(experiments) / section / needs, "", "no such file",
                               f"section {topic_of(section)} has none yet; choose another")
        chosen += [section] if section not in chosen else []
    return chosen
