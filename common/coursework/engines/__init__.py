"""Where a class is graded. Each engine: check(), start(tasks), is_running(), stop(); see local.py."""

from .local import Local
from .slurm import Slurm

ENGINES = {"parallel": Local, "slurm": Slurm}
