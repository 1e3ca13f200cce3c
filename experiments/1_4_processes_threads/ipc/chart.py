"""ipc: what a message costs on each way, against its size: one way, and there and back."""

from common.charts.declare import Lines, median
from common.charts.quantities import digits_text

SIZE = "message_bytes"
NAMES = {"pipe": "pipe", "unix_socket": "Unix socket", "tcp": "TCP",
         "shared_memory": "shared memory", "threads": "between threads"}


def charts(run):
    """One picture, two panels: a line per way over the size of a message."""
    panels = {"one_way": "One way, as fast as they go", "there_and_back": "There and back, then the next"}
    return [Lines(title(run), x=SIZE, panels="way", panel_titles=panels, value="message_s",
                  axis="for each message")]


def title(run):
    """Messages per second of the smallest size, one way."""
    smallest = min(run.values(SIZE), default=0)
    rates = {name: median(run, "messages_per_s", model=model, way="one_way", message_bytes=smallest)
             for model, name in NAMES.items()}
    said = [f"{name} {digits_text(rate / 1e3, 2)}" for name, rate in rates.items() if rate]
    return f"Thousands of messages of {smallest:g} bytes in a second:\n{', '.join(said)}"
