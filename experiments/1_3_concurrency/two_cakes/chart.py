"""two_cakes: what one oven can do, what takes two, and who was in which of them when."""

from common.charts.declare import Dots, Lanes, speedup
from common.charts.quantities import times_text

RECIPES = {"work": "Only work", "both": "Work, and half as long a pause",
           "pauses": "Mostly pauses"}
KITCHENS = {"serial": "One after the other: {end}", "concurrent": "At once, in one oven: {end}",
            "parallel": "At once, in two ovens: {end}"}


def charts(run):
    """The times of two cakes, and who ran when; the times of more cakes than ovens."""
    few, *more = run.values("cakes")
    lanes = {f"two_cakes/{model}/recipe:both/cakes:{few}": text for model, text in KITCHENS.items()}
    return [Dots(title(run, few), panels="recipe", where={"cakes": few}, panel_titles=RECIPES),
            Lanes(f"{RECIPES['both']}: who had the oven, and who had not", panels=lanes),
            *(Dots(title(run, many, "both"), panels="recipe", where={"cakes": many},
                   panel_titles=RECIPES) for many in more)]


def title(run, cakes, only=None):
    """What one oven gains and what two gain, where there are pauses and where there are none."""
    lines = []
    for model, text in (("concurrent", "One oven, at once"), ("parallel", "Two ovens")):
        gains = {words: speedup(run, model, cakes=cakes, recipe=recipe) for recipe, words in
                 (("work", "from work"), ("both", "from both"), ("pauses", "from pauses"))
                 if recipe == (only or recipe)}
        said = [f"{times_text(gain, 2)} {words}" for words, gain in gains.items() if gain]
        lines += [f"{text}, {cakes} cakes gain {', '.join(said)}"] if said else []
    return "\n".join(lines) or f"{cakes} cakes"
