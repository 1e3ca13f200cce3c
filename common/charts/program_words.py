"""What an experiment says of itself: the labelled header of its main.cpp."""

import re
from pathlib import Path

from common.charts.drawing import EXPERIMENTS

_LABEL = re.compile(r"// (Question|Fixed|Varied|Expect|Does not show) +(.*)")


def program_words(section, experiment, experiments=EXPERIMENTS):
    """Return label -> text, e.g. "Expect" -> "Processes gain ...", lines joined; {} without one."""
    try:
        source = Path(experiments, section, experiment, "main.cpp").read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return {}
    words, label = {}, None
    for line in source.splitlines():
        found = _LABEL.match(line)
        if found:
            label = found[1]
            words[label] = found[2].strip()
        elif label and line.startswith("// "):
            words[label] += f" {line[3:].strip()}"
        else:
            break
    return {label: text if re.match(r"\S+: ", text) else text[:1].upper() + text[1:]
            for label, text in words.items()}
