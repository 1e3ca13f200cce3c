"""Makes the repository importable from a notebook beside this file: `from two_cakes import *`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from common.charts.notebook import *  # noqa: E402, F403
from common.charts.notebook import __all__  # noqa: E402, F401
