"""The top of the page: the chapter's sentences, each with a verdict: word, colour and sign."""

import re

from common.charts.claims import judged_claims
from common.charts.drawing import EXPERIMENTS
from common.charts.errors import ResultsError, one_line
from common.charts.page_parts import folded, paragraphs, table
from common.charts.section_words import section_words

_HEADER = ("section", "verdict", "what the chapter says", "effect [95 % interval]")
_EVIDENCE = ("what the chapter says", "rests on", "verdict", "effect [95 % interval]", "must be",
             "why no clearer")


def judged_sections(runs, sections=None, experiments=EXPERIMENTS):
    """Return section -> its JudgedClaims, or a line on why they can't be judged, for these sections
    or all those of one machine's Runs; a section without a claims.toml is left out."""
    found = {}
    for section in sections or dict.fromkeys(run.section for run in runs):
        try:
            found.update(judged_claims(runs, [section], experiments))
        except ResultsError as error:  # of a filtered run, say; the rest of the page is as good
            found[section] = one_line(f"The sentences can't be judged: {error}")
    return found


def verdict_table(judged, experiments=EXPERIMENTS):
    """Return the table at the top as HTML: a row for each sentence of judged_sections()."""
    rows, notes = [], []
    for section, claims in judged.items():
        name = section_words(section, experiments)[0]
        number = re.match(r"[\d.]+", name)
        if isinstance(claims, str):
            notes.append(f"{name}: {claims}")
            continue
        rows += [[number[0] if number else name, claim.word, claim.claim.says, _effect(claim)]
                 for claim in claims]
    parts = [table("The chapter's sentences, judged", _HEADER, rows, range(4)) if rows else "",
             paragraphs(notes, "note")]
    return f'<div class="claims">{"".join(parts)}</div>' if any(parts) else ""


def _effect(claim):
    """Return the effect that decided it, or why there is none."""
    deciding = next(piece for piece in claim.evidence if piece.word == claim.word)
    if not deciding.effect_text:
        return deciding.reason
    more = len(claim.evidence) - 1
    return deciding.effect_text + (f" and {more} more" if more else "")


def evidence_part(claims):
    """Return what each sentence of one section rests on, folded, as HTML; "" for no claims."""
    if not claims or isinstance(claims, str):
        return ""
    rows = [[claim.claim.says if i == 0 else "", piece.series_text, piece.word, piece.effect_text,
             piece.bound_text, piece.reason]
            for claim in claims for i, piece in enumerate(claim.evidence)]
    return folded("What each sentence of this section rests on",
                  f'<div class="evidence">{table("", _EVIDENCE, rows, range(6))}</div>')
