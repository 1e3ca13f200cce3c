"""The judged sentences on a terminal."""

import textwrap

from common.charts.claims import FAILS, HOLDS, NOT_HERE, WORDS
from common.charts.errors import one_line
from common.charts.folders import machine_folder
from common.charts.foot import machine_text
from common.charts.quantities import many_text
from common.charts.section_words import section_words
from common.charts.topics import topic_of
from common.charts.verdicts import INCONCLUSIVE

# A sign with each word, so that the eye finds it without a colour.
SIGNS = {HOLDS: "✓", FAILS: "✗", INCONCLUSIVE: "?", NOT_HERE: "–"}
_WIDTH = 100


def machine_lines(runs, sections):
    """Return the first lines: whose results are judged, and what makes those of these sections
    doubtful."""
    runs = [run for run in runs if run.section in sections]
    if not runs:
        return ["Nothing is recorded yet: `make report` records all, `make 1.5` a section.", ""]
    return [*_recorded_lines(runs), *_doubt_lines(runs), ""]


def _recorded_lines(runs):
    """Return who recorded the runs, when they aren't all of one kind, with their sections."""
    kinds = {}
    for run in runs:
        kinds.setdefault(f"{machine_folder(run.folder).name}: {machine_text(run)}", set()).add(
            topic_of(run.section))
    lines = []
    for kind, topics in kinds.items():
        lines += _wrapped("", kind if len(kinds) == 1 else f"{kind} ({', '.join(sorted(topics))})")
    return lines


def _doubt_lines(runs):
    told = {}
    for run in runs:
        for text in (*(f"!! {text}" for text in run.warnings),
                     *(f"?? {text}" for text in run.doubts)):
            told.setdefault(text, []).append(run.experiment)
    lines = []
    for text, experiments in told.items():
        lines += _wrapped("", f"{text} ({', '.join(experiments)})")
    return lines


def claim_lines(section, judged):
    """Return the lines of a section: each sentence with its word, and under it what it rests on."""
    lines = [section_words(section)[0], ""]
    for each in judged:
        lines += _wrapped(f"{SIGNS[each.word]} {each.word}: ", each.claim.says)
        for piece in each.evidence:
            lines += _evidence_lines(piece, alone=len(each.evidence) == 1)
        lines.append("")
    return lines


def _evidence_lines(piece, alone):
    word = "" if alone else f"{SIGNS[piece.word]} {piece.word}: "
    facts = [f"{piece.effect_text}, and must be {piece.bound_text}" if piece.sample else
             f"must be {piece.bound_text}"]
    if piece.reason:
        facts.append(f"({piece.reason})")
    lines = _wrapped("    ", f"{word}{' '.join(facts)}")
    trials = f" ({many_text(piece.sample.trials, 'trial')})" if piece.sample else ""
    return [*lines, *_wrapped("      ", one_line(piece.series_text) + trials)]


def _wrapped(start, text):
    # A series' name stays whole, however long it is: it is there to be copied.
    return textwrap.wrap(one_line(text), _WIDTH, initial_indent=start, break_long_words=False,
                         subsequent_indent=" " * (4 + len(start) - len(start.lstrip())),
                         break_on_hyphens=False)


def summary_lines(judged):
    """Return the last lines: how many sentences came out how, and how they were judged."""
    words = [claim.word for claims in judged.values() for claim in claims]
    counts = ", ".join(f"{words.count(word)} {word}" for word in WORDS if word in words)
    return [f"{many_text(len(words), 'claim')}: {counts or 'none'}.",
            "Effects with their 95 % interval; verdicts at 5 %, Holm over the evidence of each "
            "section; the unit is the trial."]
