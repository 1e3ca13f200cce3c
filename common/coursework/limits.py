"""What a program under test may use up, and what its environment lets it use."""

from dataclasses import dataclass

MIB = 1 << 20
SANITIZED_MEMORY = 4  # a sanitizer's shadow and quarantine: so many times the memory


@dataclass(frozen=True)
class Limits:
    """All of a run together, children included; `descriptors` is what each process may hold."""

    wall_s: float = 10.0
    cpu_s: float = 10.0
    memory_mib: int = 512
    processes: int = 64  # processes and threads
    descriptors: int = 256
    output_kib: int = 256
    disk_mib: int = 16


SPARE_PROCESSES = 8  # so that the watch sees one too many, instead of a fork that only fails
THREAD_STACK_MIB = 8
MALLOC_ARENA_MIB = 130  # of addresses, not of memory: what malloc reserves for a thread at first


def kernel_limits(limits: Limits, sanitized: bool, busy: int = 0) -> list[str]:
    """Return the flags of prlimit(1) for what the kernel holds each process to.

    `busy`: what the user already runs outside, where the number of processes counts that as well.
    """
    tasks = limits.processes + SPARE_PROCESSES
    cpu = max(1, int(limits.cpu_s + 0.999))
    flags = [
        f"--nproc={tasks + busy}",
        f"--nofile={limits.descriptors}",
        f"--fsize={limits.disk_mib * MIB}",
        f"--cpu={cpu}:{cpu + 1}",
        f"--stack={THREAD_STACK_MIB * MIB}",
        "--core=1:1",  # with 0 a machine whose core_pattern is a pipe would still run that
        "--memlock=65536",
        "--msgqueue=0",
    ]
    if sanitized:
        return flags  # its shadow memory takes terabytes of addresses; the watch counts real memory
    data = limits.memory_mib + tasks * THREAD_STACK_MIB
    flags.append(f"--data={data * MIB}")
    flags.append(f"--as={(data + tasks * MALLOC_ARENA_MIB) * MIB}")
    return flags


def sanitizer_options(limits: Limits) -> dict[str, str]:
    """Return the environment in which every sanitizer stops at its first finding."""
    common = f"exitcode={SANITIZER_EXIT}:hard_rss_limit_mb={limits.memory_mib * SANITIZED_MEMORY}"
    stop = common + ":halt_on_error=1"
    return {
        "ASAN_OPTIONS": stop + ":abort_on_error=0:detect_leaks=1:detect_stack_use_after_return=1",
        "UBSAN_OPTIONS": stop + ":print_stacktrace=1",
        "LSAN_OPTIONS": common,
        "TSAN_OPTIONS": stop + ":second_deadlock_stack=1",
    }


SANITIZER_EXIT = 97
