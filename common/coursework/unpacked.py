"""A compressed file as a stream of what is in it, up to a limit in bytes and in memory."""

import bz2
import gzip
import lzma
from typing import IO

MOST_UNPACKED = 16 << 20
_MOST_MEMORY = 128 << 20  # xz lets a file ask for 4 GiB
_MAGIC = ((b"\x1f\x8b", gzip.open), (b"BZh", bz2.open))
_XZ = (b"\xfd7zXZ\0", b"\x5d\0\0")


class TooMuch(Exception):
    """More comes out of it than may."""


class Unpacked:
    """What tarfile reads from: the file itself, or what its compression holds."""

    def __init__(self, packed: IO[bytes]) -> None:
        head = packed.read(6)
        packed.seek(0)
        self._left = MOST_UNPACKED + (2 << 20)  # a tar's headers and padding
        self._file: IO[bytes] | _Xz = packed
        for magic, opened in _MAGIC:
            if head.startswith(magic):
                self._file = opened(packed)  # type: ignore[assignment, operator]
        if head.startswith(_XZ):
            self._file = _Xz(packed)

    def read(self, size: int) -> bytes:
        """Return up to `size` bytes. Raises TooMuch past the limit, or what the compression raises."""
        part = self._file.read(size)
        self._left -= len(part)
        if self._left < 0:
            raise TooMuch
        return part


class _Xz:
    def __init__(self, packed: IO[bytes]) -> None:
        self._packed = packed
        self._decompressor = lzma.LZMADecompressor(memlimit=_MOST_MEMORY)

    def read(self, size: int) -> bytes:
        parts: list[bytes] = []
        while size > 0 and not self._decompressor.eof:
            more = self._packed.read(1 << 16) if self._decompressor.needs_input else b""
            part = self._decompressor.decompress(more, size)
            if not part and not more and self._decompressor.needs_input:
                raise EOFError("it ends too early")
            parts.append(part)
            size -= len(part)
        return b"".join(parts)
