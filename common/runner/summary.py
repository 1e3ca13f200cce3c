"""What a run says when it is over: where the complete runs are, and a line for each trouble."""

from common.runner.errors import BAD_INPUT, CHECK_FAILED, GOOD, OUT_OF_TIME
from common.runner.say import complain, say


def print_places(contenders):
    """Print where each complete run was recorded."""
    for contender in contenders:
        if contender.recording.run["complete"]:
            trials = contender.recording.trials_done
            say(f"{contender.name:<20} {trials:>3} trials  {contender.folder}")


def print_problems(contenders):
    """Print a line for each thing that is not as planned."""
    for contender in contenders:
        for line in _problems(contender):
            complain(f"{contender.name}: {line}")


def _problems(contender):
    lines = [f"{names} failed: {reason}" for reason, names in _by_reason(contender.failed)]
    lines += [f"{names} skipped: {reason}" for reason, names in _by_reason(contender.skipped)]
    if contender.trouble:
        lines.append(contender.trouble)
    recording = contender.recording
    done = f"{recording.trials_done} of {recording.run['trials_planned']} trials"
    if contender.kept_aside:
        lines.append(f"{done} kept in {contender.folder}")
        if recording.final.exists():
            lines[-1] += f"; the earlier run stays in {recording.final}"
    elif contender.folder and not recording.run["complete"]:
        lines.append(f"{done} recorded in {contender.folder}, marked incomplete")
    return lines


def _by_reason(series):
    """Return [(reason, names of the series)]: the names shortened where there are many."""
    groups = {}
    for name, reason in series.items():
        groups.setdefault(reason, []).append(name)
    return [
        (reason, ", ".join(names[:3]) + (f" and {len(names) - 3} more" if names[3:] else ""))
        for reason, names in groups.items()
    ]


def exit_code(contenders):
    """Return the gravest of the contenders' exit codes."""
    codes = {contender.exit_code for contender in contenders}
    return next((code for code in (BAD_INPUT, OUT_OF_TIME, CHECK_FAILED) if code in codes), GOOD)
