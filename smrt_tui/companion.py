"""The companion: the local endpoint as a child process, started on demand and known only by its command line.

A process of its own, so that its work is never in the app's timings. It dies with its parent, even on `kill -9`: it
reads its standard input and leaves at the end of file, and only this process holds the other end.
"""

from __future__ import annotations

import asyncio
import contextlib
import shlex
import sys
from collections import deque
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from smrt_tui.core.errors import SmrtError

if TYPE_CHECKING:
    from smrt_tui.core.target import StaticCredentials

START_LIMIT_S = 20.0
"""Seconds to wait for the child's line before giving up; it takes about half of one."""

COMMAND: Sequence[str] = (sys.executable, "-m", "smrt_tui", "serve", "--port", "0", "--until-stdin-closes")


class LocalAddress(Struct, frozen=True):
    """Where the local endpoint listens, and the key pair made up for this run."""

    endpoint_url: str
    s3_endpoint_url: str
    region: str
    credentials: StaticCredentials


def read_announcement(line: str) -> LocalAddress:
    """The address in the one line that `smrt-tui serve` prints: `export NAME=VALUE …`.

    Raises `SmrtError` when it is something else.
    """
    from smrt_tui.core.target import StaticCredentials

    words = shlex.split(line)
    values = dict(word.split("=", 1) for word in words[1:] if "=" in word)
    try:
        return LocalAddress(
            endpoint_url=values["AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME"],
            s3_endpoint_url=values["AWS_ENDPOINT_URL_S3"],
            region=values["AWS_REGION"],
            credentials=StaticCredentials(values["AWS_ACCESS_KEY_ID"], values["AWS_SECRET_ACCESS_KEY"]),
        )
    except KeyError as missing:
        raise SmrtError(f"the local endpoint announced itself without {missing}") from missing


class Companion:
    """The child, started at the first `address()` and reused while it lives."""

    def __init__(self, environ: Mapping[str, str], command: Sequence[str] = COMMAND) -> None:
        # The child makes a region and keys of its own; the person's AWS settings are none of its business.
        self._environ = {name: value for name, value in environ.items() if not name.startswith("AWS_")}
        self._command = tuple(command)
        self._lock = asyncio.Lock()
        self._process: asyncio.subprocess.Process | None = None
        self._address: LocalAddress | None = None
        self._log: deque[str] = deque(maxlen=200)
        self._drain: asyncio.Task[None] | None = None

    @property
    def log(self) -> tuple[str, ...]:
        """The last lines that the local endpoint wrote to its log."""
        return tuple(self._log)

    @property
    def running(self) -> LocalAddress | None:
        """Where the local endpoint is; None when there is none at the moment."""
        return self._address if self._process is not None and self._process.returncode is None else None

    async def address(self) -> LocalAddress:
        """Where the local endpoint is; starts it when it is not running.

        Raises `SmrtError` with the child's last words when it does not come up.
        """
        async with self._lock:
            if self._address is None or self._process is None or self._process.returncode is not None:
                self._address = await self._start()
            return self._address

    async def _start(self) -> LocalAddress:
        process = await asyncio.create_subprocess_exec(
            *self._command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env={**self._environ, "PYTHONUNBUFFERED": "1"},
            start_new_session=True,  # ctrl+c in the terminal is for the app alone
        )
        self._process = process
        assert process.stdout is not None  # a pipe was asked for
        assert process.stderr is not None
        self._drain = asyncio.create_task(self._keep_log(process.stderr))
        try:
            line = await asyncio.wait_for(process.stdout.readline(), START_LIMIT_S)
        except TimeoutError:
            line = b""
        if not line:
            await self.close()
            last_words = " · ".join(list(self._log)[-3:]) or "it said nothing"
            raise SmrtError(f"the local endpoint did not start: {last_words}", "try `smrt-tui serve` to see why")
        return read_announcement(line.decode())

    async def _keep_log(self, stream: asyncio.StreamReader) -> None:
        async for line in stream:
            self._log.append(line.decode("utf-8", "replace").rstrip())

    async def close(self) -> None:
        """End the child and wait for it."""
        process, self._process, self._address = self._process, None, None
        if process is not None and process.returncode is None:
            assert process.stdin is not None
            process.stdin.close()
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
            try:
                await asyncio.wait_for(process.wait(), 3)
            except TimeoutError:
                process.kill()
                await process.wait()
        if self._drain is not None:
            await self._drain
            self._drain = None
