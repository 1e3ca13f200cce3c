"""Which sections and experiments there are: folders, found and never listed by hand."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from common.runner.errors import RunnerError


@dataclass(frozen=True)
class Section:
    """One section of the chapter: experiments/1_2_io_cpu/ is number 1.2, name io_cpu."""

    folder: str
    number: str
    name: str
    experiments: tuple

    def answers_to(self, word):
        """Return whether `word` means this section."""
        return word in (self.folder, self.number, self.name)


def find_sections(root="experiments"):
    """Return every Section under `root`, by its number."""
    found = []
    for folder in Path(root).glob("*/"):
        parts = re.fullmatch(r"(\d+)_(\d+)_(\w+)", folder.name)
        if parts:
            experiments = tuple(sorted(main.parent.name for main in folder.glob("*/main.cpp")))
            major, minor, name = parts.groups()
            section = Section(folder.name, f"{major}.{minor}", name, experiments)
            found.append(((int(major), int(minor), name), section))
    return [section for _, section in sorted(found, key=lambda pair: pair[0])]


def choose_sections(words, sections):
    """Return the sections that `words` mean, each once, in the order of the words."""
    chosen = []
    for word in words:
        matching = [
            section
            for section in sections
            if (section.experiments if word == "all" else section.answers_to(word))
        ]
        if not matching:
            known = ", ".join(f"{section.number} ({section.name})" for section in sections)
            raise RunnerError(f"unknown section '{word}'; there are: {known or 'none'}, or all")
        chosen += [section for section in matching if section not in chosen]
    return chosen


def choose_experiments(section, only):
    """Return the section's experiments, or those of them that `only` names."""
    if not section.experiments:
        raise RunnerError(f"experiments/{section.folder} holds no experiment (X/main.cpp) yet")
    return [name for name in section.experiments if not only or name in only]


def check_only(only, sections):
    """Raise unless every name in `only` is an experiment of one of the `sections`."""
    known = [name for section in sections for name in section.experiments]
    for name in only:
        if name not in known:
            raise RunnerError(f"unknown experiment '{name}'; there are: {', '.join(known)}")


def executable_of(experiment, build_dir):
    """Return the path of the experiment's program; raise if it has not been built."""
    path = Path(build_dir) / "bin" / experiment
    if not path.is_file() or not os.access(path, os.X_OK):
        raise RunnerError(f"{path} is missing; run: make build")
    return str(path)
