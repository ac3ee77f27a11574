"""A pseudo-terminal that runs a program, answers its questions and notes when its output says something.

Shared by the benchmarks that measure what a person sees; knows nothing of any program it runs.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Mapping, Sequence
from types import TracebackType

_ESCAPES = re.compile(rb"\x1b\[[0-9;?:<>=]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[PX^_].*?\x1b\\|\x1b.")


class Terminal:
    """A program in a pty of a given size. Use as a context manager: leaving it kills the program."""

    def __init__(
        self, argv: Sequence[str], *, columns: int = 120, rows: int = 40, environ: Mapping[str, str] | None = None
    ) -> None:
        self.spawned_at = time.perf_counter()
        self.pid, self._fd = pty.fork()
        if self.pid == 0:  # the child
            os.environ.update({"TERM": "xterm-256color", "COLORTERM": "truecolor", **(environ or {})})
            os.environ.pop("NO_COLOR", None)
            os.execvp(argv[0], list(argv))
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.output = bytearray()

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self._fd)

    def send(self, keys: bytes) -> None:
        """Type."""
        os.write(self._fd, keys)

    def read(self, timeout_s: float) -> bytes:
        """What the program writes within that time, as soon as there is some; answers terminal queries."""
        ready, _, _ = select.select([self._fd], [], [], timeout_s)
        if not ready:
            return b""
        try:
            piece = os.read(self._fd, 1 << 16)
        except OSError:  # the program ended
            return b""
        self.output += piece
        if b"\x1b[c" in piece:
            self.send(b"\x1b[?62;c")
        if b"\x1b[6n" in piece:
            self.send(b"\x1b[1;1R")
        if b"\x1b[?2026$p" in piece:
            self.send(b"\x1b[?2026;2$y")
        return piece

    def seconds_until(self, marker: str, *, limit_s: float = 30) -> float:
        """Seconds from the spawn until the text shows in the output. Raises `TimeoutError`."""
        wanted = marker.encode()
        while time.perf_counter() - self.spawned_at < limit_s:
            self.read(0.05)
            if wanted in _ESCAPES.sub(b"", bytes(self.output)):
                return time.perf_counter() - self.spawned_at
        raise TimeoutError(f"{marker!r} did not show within {limit_s} s")
