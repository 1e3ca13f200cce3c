"""loop_from_deque: who had to wait for whom, what waiting costs, and how late it is noticed."""

from common.charts.declare import Dots, median
from common.charts.quantities import time_text

WAITS = {"message": "A message from a thread", "timer": "A timer", "socket": "A socket"}


def charts(run):
    """Who is kept waiting by a busy loop; an idle one's CPU time, and how late it was."""
    many = median(run, "units", load="conversations") or 0
    said = {"conversations": f"Conversations at once: {many:.0f} messages"}
    return [Dots(order(run, many), panels="load", panel_titles=said, only_titled=True,
                 value="first_turns_s", axis="until each has had its first turn"),
            Dots(contrast(run, "loop_cpu_s", "deque", "blocking_wait", "message",
                          "To wait for a few messages costs deque {} of CPU; asleep, {}"),
                 panels="load", panel_titles=WAITS, only_titled=True,
                 value="loop_cpu_s", axis="CPU time of the loop"),
            Dots(contrast(run, "waited_s", "timers", "sockets", "socket",
                          "Who looks at a socket by the clock is {} late; who sleeps on it, {}"),
                 panels="load", panel_titles=WAITS, only_titled=True,
                 value="waited_s", axis="median delay")]


def order(run, many):
    """How many messages came before the oldest one."""
    before = [median(run, "overtakers", model=model, load="conversations")
              for model in ("deque", "fifo")]
    return ("Whose message has to wait" if None in before else
            f"The oldest message is handled after {before[0]:.0f} of {many - 1:.0f} others, "
            f"in fifo after {before[1]:.0f}")


def contrast(run, column, one, other, load, text):
    """What two steps make of the same load."""
    found = [median(run, column, model=model, load=load) for model in (one, other)]
    return text.format(*(time_text(each, 2) if each else "–" for each in found))
