"""Where a class is graded. Each engine: check(), how, start(tasks), is_running(), stop()."""

from .local import Local
from .slurm import Slurm

ENGINES = {"parallel": Local, "slurm": Slurm}
