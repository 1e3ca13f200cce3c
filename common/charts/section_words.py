"""What a section of the chapter says of itself: the heading and first paragraph of its README."""

import re
import shlex
from pathlib import Path

from common.charts.folders import EXPERIMENTS


def section_words(section, experiments=EXPERIMENTS):
    """Return (heading, question) as plain text; without a README, the section's name and ""."""
    try:
        lines = (Path(experiments) / section / "README.md").read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return _name(section), ""
    blocks = [block.strip() for block in re.split(r"\n\s*\n", lines)]
    heading = next((_plain(block.splitlines()[0].lstrip("# ")) for block in blocks
                    if block.startswith("#")), _name(section))
    prose = (_after_heading(block) for block in blocks)
    return heading, next((_plain(block) for block in prose if re.match(r"[\w*`\"'(]", block)), "")


def command_of(run):
    """Return the command that records this run again: as many trials, in the same orders, with the
    same flags."""
    number = re.match(r"(\d+)_(\d+)_", run.section)
    target = f"{number[1]}.{number[2]}" if number else run.section
    words = [f"make {target}", "FULL=1" if run.description["mode"] == "full" else "",
             f"TRIALS={run.description['trials_planned']}"]
    if isinstance(run.description.get("seed"), int):
        words.append(f"SEED={run.description['seed']}")
    flags = [flag for flag in run.description["command"][1:] if flag not in ("--quick", "--full")]
    if flags:
        words.append(f"ARGS={shlex.quote(shlex.join(flags))}")
    return " ".join(filter(None, words))


def _name(section):
    return re.sub(r"^(\d+) (\d+) ", r"\1.\2 ", section.replace("_", " "))


def _after_heading(block):
    return re.sub(r"^#[^\n]*\n?", "", block).strip()


def _plain(markdown):
    """Return Markdown without its marks: links keep their words, emphasis and code their text."""
    words = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", markdown)
    return " ".join(re.sub(r"[*`]|\b__?(?=\w)|(?<=\w)__?\b", "", words).split())
