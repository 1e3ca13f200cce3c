"""How a run ended, in a verdict and in one line that its author can act on."""

import re
import signal
from dataclasses import dataclass

from .limits import SANITIZER_EXIT

SANITIZER_LINES = 12

_HINTS = {
    "SIGSEGV": "it used memory that isn't its own: a null or dangling pointer, or an index past the end",
    "SIGBUS": "it used memory that isn't there: a misaligned pointer, or a file that got shorter",
    "SIGABRT": "it gave up: an exception that nobody caught, a failed assertion, or a damaged heap",
    "SIGFPE": "it divided an integer by zero",
    "SIGILL": "it ran into an instruction that isn't one: a function without its return, perhaps",
    "SIGPIPE": "it wrote to a connection that the other side had closed (see MSG_NOSIGNAL)",
    "SIGKILL": "something killed it: did the program send this signal itself?",
    "SIGSYS": "it made a system call that the sandbox does not allow",
    "SIGTRAP": "it ran into a trap",
}
_REPORT = re.compile(
    r"^.*(?:==\d+==\s*ERROR: \w+Sanitizer|WARNING: ThreadSanitizer|==\d+==\s*\w*Sanitizer"
    r"|: runtime error: |ThreadSanitizer:DEADLYSIGNAL|AddressSanitizer:DEADLYSIGNAL)",
    re.MULTILINE,
)


@dataclass(frozen=True)
class Ending:
    """`verdict`: ended time cpu memory processes descriptors output disk crash sanitizer."""

    verdict: str
    exit_code: int | None  # None if a signal ended it, or we did
    signal: str  # "SIGSEGV", or "" if none
    output: str
    words: str  # for its author: one line, and a sanitizer's first lines after it
    cpu_s: float
    peak_memory_mib: float


def signal_of(status: int) -> str:
    """Return the name of the signal in a shell's exit status (128 and the signal), or ""."""
    try:
        return signal.Signals(status - 128).name if status > 128 else ""
    except ValueError:
        return ""


def judged(status: int, output: str, sanitized: bool) -> tuple[str, str]:
    """Return verdict and words of a program that ended by itself with `status`, as a shell says it."""
    name = signal_of(status)
    if sanitized:
        if "hard rss limit" in output:
            return "memory", "it used more memory than it may"
        if report := _REPORT.search(output):
            lines = output[report.start() :].splitlines()[:SANITIZER_LINES]
            return "sanitizer", "a sanitizer found a mistake:\n" + "\n".join(lines)
        if status == SANITIZER_EXIT:
            return "sanitizer", "a sanitizer ended it, and its report was hidden or lost"
    if name and "std::bad_alloc" in output:
        return "memory", "it asked for more memory than it may have (std::bad_alloc)"
    if name == "SIGXCPU":
        return "cpu", "it used up its CPU time"
    if name == "SIGXFSZ":
        return "disk", "it wrote a file that is larger than it may be"
    if name:
        hint = _HINTS.get(name, "a signal ended it")
        return "crash", f"{name}: {hint}{_last_words(output)}"
    return "ended", ""


def _last_words(output: str) -> str:
    """Return what the C++ library said on the way down, which names the exception."""
    for line in reversed(output.splitlines()):
        if "what():" in line or line.startswith("terminate called") or "ssertion" in line:
            return f" ({line.strip()[:200]})"
    return ""
