"""separate_memory: who sees what was written, and what it costs to keep it apart."""

from common.charts.declare import Dots, median
from common.charts.quantities import count_text


def charts(run):
    """One picture of the most pages: reading against writing."""
    most = run.values("pages")[-1]
    return [Dots(title(run, most), panels="does", where={"pages": most}, value="touch_s",
                 panel_titles={"reads": "Reads a byte of each page",
                               "writes": "Writes a byte of each page"}, axis="for all pages")]


def title(run, pages):
    """How many pages each one's writing faulted in, and how many of them the parent then sees."""
    said = []
    for model in run.models:
        facts = [median(run, column, model=model, does="writes", pages=pages)
                 for column in ("page_faults", "seen_pages")]
        if None not in facts:
            said += [f"{model} {count_text(round(facts[1]))} ({count_text(round(facts[0]))} page "
                     "faults)"]
    return f"Of {count_text(pages)} pages written, the parent sees by {', by '.join(said)}"
