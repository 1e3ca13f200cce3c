"""waiting_models: what a message costs, and how late the unlucky are, by the number of clients."""

from common.charts.declare import Lines, median
from common.charts.quantities import count_text, time_text

PANELS = {"x": "clients", "panels": "experiment"}


def charts(run):
    """A picture of the throughput, one of the tail, and one of what the server pays."""
    served = [count for count in run.values("clients")  # by those who stop first, too
              if all(median(run, model=name, clients=count) for name in ("blocking", "processes"))]
    most = served[-1] if served else run.values("clients")[-1]
    return [
        Lines(title(run, most, "messages_per_s", "messages each second", count_text, "processes"),
              **PANELS, value="seconds_per_message", axis="time per message",
              panel_titles={"waiting_models": "Time for all over their number: 1 / throughput"}),
        Lines(title(run, most, "p99_s", "99 % have their echo within", short_time, "blocking"),
              **PANELS, value="p99_s", axis="99th percentile",
              panel_titles={"waiting_models": "From sending a message to having its echo"}),
        Lines(title(run, most, "server_cpu_s_per_message", "the server computes for a message",
                    short_time, "processes"),
              **PANELS, value="server_cpu_s_per_message", axis="CPU per message",
              panel_titles={"waiting_models": "The server's CPU time, its children's included"}),
    ]


def title(run, clients, column, what, text, last):
    """What some models came to with so many clients."""
    found = [(model, median(run, column, model=model, clients=clients))
             for model in ("epoll", "poll", "threads", last)]
    said = ", ".join(f"{model} {text(value)}" for model, value in found if value)
    return f"{clients} clients on one core: {what}\n{said}"


def short_time(seconds):
    return time_text(seconds, 2)
