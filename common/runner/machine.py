"""Which machine this is: the name of its results folder, its description, and the commit."""

import os
import re
import subprocess

LABELS = (
    "cpu_model", "cores", "kernel", "virtualization", "governor", "memory_bytes",
    "open_files_limit", "processes_limit", "cpu_quota", "compiler", "compiler_flags", "build_type",
)  # fmt: skip


def machine_slug(cpuinfo="/proc/cpuinfo"):
    """Return a name for this kind of machine, such as linux-x86_64-amd-epyc-2-cores.

    It holds no host name: two machines of one kind share it.
    """
    system = os.uname()
    words = f"{system.sysname} {system.machine} {_cpu_model(cpuinfo)} {os.cpu_count()} cores"
    return re.sub(r"[^a-z0-9_]+", "-", words.lower()).strip("-")


def _cpu_model(cpuinfo):
    """Return the processor's name without its trade marks, clock rate and other decoration."""
    try:
        with open(cpuinfo, encoding="utf-8", errors="replace") as file:
            text = file.read()
    except OSError:
        return ""
    found = re.search(r"^(?:model name|Model|Hardware)\s*:\s*(.+)$", text, re.MULTILINE)
    noise = r"\((?:r|tm|c)\)|@.*|\b(?:cpu|processor|with .*|[\w-]+-core)\b"
    return re.sub(noise, " ", found.group(1), flags=re.IGNORECASE) if found else ""


def describe_machine(context):
    """Return machine.json's content: the strings of a trial's context about machine and build."""
    return {label: str(context[label]) for label in LABELS if label in context}


def commit():
    """Return the commit that is checked out, with -dirty if tracked files differ; or `unknown`.

    Recorded results don't make it dirty: they are what a run changes, not what it runs.
    """
    try:
        name = _git("describe", "--always")
        changed = _git("status", "--porcelain", "--untracked-files=no", "--", ".", ":!results")
    except (OSError, subprocess.SubprocessError):
        return "unknown"
    return f"{name}-dirty" if changed else name


def _git(*arguments):
    done = subprocess.run(
        ["git", "--no-optional-locks", *arguments],
        capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    return done.stdout.strip()
