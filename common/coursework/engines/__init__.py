"""Where a class is graded. Each engine: check(), start(tasks), is_running(), stop(); see local.py."""

from .local import Local

ENGINES = {"parallel": Local}
