"""System calls that no lab needs, refused by the kernel: seccomp(2), in classic BPF.

They would reach past the limits (memory that belongs to no process, rings that do I/O unseen), past
the namespaces (sockets that no network namespace holds), or into the kernel's less trodden parts.
"""

import errno
import os
import socket
import struct

_LOAD, _EQUAL, _AT_LEAST, _SET, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCHITECTURE, _FIRST, _SECOND = 0, 4, 16, 24  # offsets in struct seccomp_data
_ALLOW, _ERRNO, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_X32 = 0x40000000  # x86's third ABI: other numbers for the same calls
_CLONE_NEWUSER = 0x10000000
_TIOCSTI, _TIOCLINUX = 0x5412, 0x541C

# Audit architecture, and the numbers of calls, by machine (asm/unistd.h).
_NAMES = (
    "process_vm_readv process_vm_writev bpf perf_event_open userfaultfd keyctl add_key request_key "
    "io_uring_setup memfd_create memfd_secret shmget msgget unshare setns mount umount2 pivot_root "
    "chroot kexec_load open_by_handle_at mount_setattr fsopen open_tree move_mount pidfd_getfd kcmp"
).split()
_NUMBERS = {
    "x86_64": (0xC000003E, [310, 311, 321, 298, 323, 250, 248, 249, 425, 319, 447, 29, 68, 272, 308,
                            165, 166, 155, 161, 246, 304, 442, 430, 428, 429, 438, 312]),
    "aarch64": (0xC00000B7, [270, 271, 280, 241, 282, 219, 217, 218, 425, 279, 447, 194, 186, 97, 268,
                             40, 39, 41, 51, 104, 265, 442, 430, 428, 429, 438, 272]),
}  # fmt: skip
_SPECIAL = {  # clone, clone3, ioctl, socket, ptrace, personality
    "x86_64": (56, 435, 16, 41, 101, 135),
    "aarch64": (220, 435, 29, 198, 117, 92),
}
_FAMILIES = (socket.AF_UNIX, socket.AF_INET, socket.AF_INET6)


def filter_program(traced: bool, machine: str = os.uname().machine) -> bytes:
    """Return the filter, as bubblewrap's --seccomp reads it; one that allows all where the machine's
    numbers aren't known. `traced`: LeakSanitizer stops its own threads by ptrace(2)."""
    if machine not in _NUMBERS:
        return _instruction(_RETURN, _ALLOW)
    audit, refused = _NUMBERS[machine]
    clone, clone3, ioctl, socket_call, ptrace, personality = _SPECIAL[machine]
    program = [_instruction(_LOAD, _ARCHITECTURE), _instruction(_EQUAL, audit, 1, 0), _instruction(_RETURN, _KILL)]
    program += [_instruction(_LOAD, _NUMBER), _instruction(_AT_LEAST, _X32, 0, 1), _refuse(errno.ENOSYS)]
    for number in refused if traced else [*refused, ptrace, personality]:
        program += [_instruction(_EQUAL, number, 0, 1), _refuse(errno.EPERM)]
    # Its flags are in memory, where a filter can't look; the C library then falls back on clone.
    program += [_instruction(_EQUAL, clone3, 0, 1), _refuse(errno.ENOSYS)]
    program += _on(clone, [_instruction(_LOAD, _FIRST), _instruction(_SET, _CLONE_NEWUSER, 0, 1), _refuse(errno.EPERM)])
    program += _on(ioctl, [_instruction(_LOAD, _SECOND), _instruction(_EQUAL, _TIOCSTI, 1, 0),
                           _instruction(_EQUAL, _TIOCLINUX, 0, 1), _refuse(errno.EPERM)])  # fmt: skip
    families = [_instruction(_EQUAL, family, len(_FAMILIES) - i, 0) for i, family in enumerate(_FAMILIES)]
    program += _on(socket_call, [_instruction(_LOAD, _FIRST), *families, _refuse(errno.EAFNOSUPPORT)])
    return b"".join([*program, _instruction(_RETURN, _ALLOW)])


def _on(number: int, body: list[bytes]) -> list[bytes]:
    """Return `body`, gone through for the call `number` only; it ends in the final verdict: allowed."""
    return [_instruction(_EQUAL, number, 0, len(body) + 1), *body, _instruction(_RETURN, _ALLOW)]


def _refuse(code: int) -> bytes:
    return _instruction(_RETURN, _ERRNO | code)


def _instruction(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value)
