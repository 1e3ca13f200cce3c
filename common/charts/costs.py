"""What each series cost besides its wall time, as a table of medians over the trials."""

from common.charts.quantities import bytes_text, count_text, time_text
from common.charts.verdict_table import case_text


def _milliseconds(value):
    return time_text(value / 1000)


# column of the results -> (heading, how to write it)
_COSTS = {
    "user_s": ("CPU, user", time_text),
    "system_s": ("CPU, system", time_text),
    "voluntary_switches": ("voluntary switches", count_text),
    "involuntary_switches": ("involuntary switches", count_text),
    "peak_memory_bytes": ("peak memory", bytes_text),
    "peak_threads": ("threads", count_text),
    "peak_processes": ("processes", count_text),
}
_LATENCIES = {
    f"{kind}{point}_ms": (f"{name}{point.replace('_', '.')}", _milliseconds)
    for kind, name in (("", ""), ("service_", "service "))
    for point in ("p50", "p90", "p99", "p99_9", "max")
}


def _filled(table, columns):
    """Return the table with the latencies of service in all trials of a series that has any: the
    harness writes them where a job began late, and elsewhere the two are the same."""
    service = [name for name in columns if name.startswith("service_")]
    some = table.groupby("series")[service].transform("any") if service else table
    return table.assign(**{
        name: table[name].where(table[name].notna() | ~some[name],
                                table[name.removeprefix("service_")]) for name in service})


def cost_texts(rows):
    """Return heading -> text: the median costs of some rows of a run's table, where recorded."""
    known = {name: how for name, how in _COSTS.items() if name in rows and rows[name].notna().any()}
    return {heading: write(rows[name].median()) for name, (heading, write) in known.items()}


def cost_tables(run):
    """Return [(caption, header, rows of texts)]: costs, and latencies where there are any."""
    tables = []
    for caption, columns in (
        ("Costs of one iteration, children's included", _COSTS),
        ("Latency of one job, from its intended start (service: from its real one)", _LATENCIES),
    ):
        columns = {name: how for name, how in columns.items()
                   if name in run.table and run.table[name].notna().any()}
        if columns:
            header = ["series", *(heading for heading, _ in columns.values())]
            tables.append((caption, header, _rows(run, columns)))
    return tables


def _rows(run, columns):
    medians = _filled(run.table, columns).groupby("series")[list(columns)].median()
    rows = []
    for name, series in run.series.items():
        values = [medians.loc[name, column] for column in columns]
        rows.append([f"{series.model} {case_text(series.case)}".removesuffix(" all"),
                     *(write(value) if value == value else "–"
                       for value, (_, write) in zip(values, columns.values()))])
    return rows
