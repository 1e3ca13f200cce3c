"""Balanced random order: who runs when, made from one recorded seed.

Trials come in pairs. The first has a random order, of the executables and of the series inside
each; the second has the exact reverse of both. So whatever drifts over a pair (heat, a neighbour)
falls on every series alike, and no series always runs behind the same other one.
"""

import random
from dataclasses import dataclass


@dataclass(frozen=True)
class Start:
    """One start of one executable: the position-th of its trial."""

    name: str
    position: int
    order_seed: int
    reversed: bool


def plan_trials(seed, section, names, trials):
    """Return a list per trial of the Starts of all `names`; the same arguments give the same plan.

    The order of the series depends on the name and the seed, not on which other names there are.
    """
    return [_plan_trial(seed, section, names, trial) for trial in range(trials)]


def _plan_trial(seed, section, names, trial):
    pair, second = divmod(trial, 2)
    # random() alone is promised to stay the same in every version of Python; shuffle() is not.
    ranks = {name: _random(seed, section, name, pair, "rank").random() for name in names}
    order = sorted(names, key=ranks.get, reverse=bool(second))
    return [
        Start(name, position, _order_seed(seed, section, name, pair), bool(second))
        for position, name in enumerate(order)
    ]


def _order_seed(seed, section, name, pair):
    return 1 + int(_random(seed, section, name, pair, "series").random() * (2**31 - 2))


def _random(*parts):
    return random.Random("/".join(map(str, parts)))
