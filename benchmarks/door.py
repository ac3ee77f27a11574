"""The local endpoint as a process: its memory over many invocations, and how late the door makes a container's parts.

    .venv/bin/python -m benchmarks.door [--invocations 10000] [--parts 400]

A container in a process of its own sends parts with the time of their sending in them; they are read from it and
through the door in turns, both by raw sockets, so that the difference is the door's. Then sync, async and stream
invocations take turns, and the memory of the serving process is read on the way. Linux only: it reads /proc.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import socket
import statistics
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

from smrt_tui.client.invoke import RuntimeClient
from smrt_tui.companion import LocalAddress, read_announcement
from smrt_tui.core.draft import ResolvedDraft
from smrt_tui.core.events import PartArrived
from smrt_tui.core.service import MODES, Mode
from smrt_tui.core.target import Target

STAMP = struct.Struct(">8sd")
"""What each part begins with: a mark, and the monotonic clock that all processes share."""
MARK = b"smrtpart"
GAP_S = 0.005
READINGS = 10


@contextmanager
def serving(*options: str) -> Iterator[tuple[LocalAddress, int]]:
    """A local endpoint and its process id, while the block runs."""
    command = [sys.executable, "-m", "smrt_tui", "serve", "--port", "0", *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    try:
        yield read_announcement(process.stdout.readline()), process.pid
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


@contextmanager
def paced_container(parts: int) -> Iterator[int]:
    """The port of a container in a process of its own, while the block runs."""
    command = [sys.executable, "-m", "benchmarks.door", "--container", "--parts", str(parts)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield int(process.stdout.readline())
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


def be_a_container(parts: int) -> None:
    """Listen on a free port, print it, and answer every request with stamped parts at even gaps, for ever."""
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=_speak, args=(connection, parts), daemon=True).start()


def _speak(connection: socket.socket, parts: int) -> None:
    with suppress(OSError), connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n")
        due = time.perf_counter()
        for _ in range(parts):
            due += GAP_S
            time.sleep(max(0.0, due - time.perf_counter()))
            part = STAMP.pack(MARK, time.perf_counter()) + bytes(16)
            connection.sendall(b"%x\r\n%s\r\n" % (len(part), part))
        connection.sendall(b"0\r\n\r\n")
        connection.shutdown(socket.SHUT_WR)
        connection.recv(1)


def lateness(port: int, request: bytes) -> list[float]:
    """Seconds from the sending of each part to its arrival, whatever frames it travels in."""
    late: list[float] = []
    pending = b""
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(request)
        while not pending.endswith(b"0\r\n\r\n") and (received := connection.recv(65536)):
            now = time.perf_counter()
            pending += received
            while (at := pending.find(MARK)) >= 0 and len(pending) >= at + STAMP.size:
                late.append(now - STAMP.unpack_from(pending, at)[1])
                pending = pending[at + STAMP.size :]
    return late


async def signed(client: RuntimeClient, target: Target) -> bytes:
    """A streamed invocation of the endpoint `own`, as it goes through a socket."""
    draft = ResolvedDraft("stream", "own", (("ContentType", "application/json"),), (), b"{}")
    request = (await client.prepare(draft, target)).request
    parts = urlsplit(request.url)
    fields = (("Host", parts.netloc), *request.headers, ("Content-Length", str(len(request.body))))
    head = "".join(f"{name}: {value}\r\n" for name, value in fields)
    return f"{request.method} {parts.path} HTTP/1.1\r\n{head}\r\n".encode() + request.body


async def cadence(parts: int, rounds: int) -> None:
    """Print how late parts are, straight from the container and through the door."""
    with paced_container(parts) as port, serving("--container", f"own=http://127.0.0.1:{port}") as (address, _):
        client, target = RuntimeClient({}), _target(address)
        straight = b"POST /invocations HTTP/1.1\r\nHost: c\r\nContent-Length: 2\r\n\r\n{}"
        seen: dict[str, list[float]] = {"straight": [], "through the door": []}
        for _ in range(rounds):
            seen["straight"] += await asyncio.to_thread(lateness, port, straight)
            request = await signed(client, target)
            door = int(address.endpoint_url.rpartition(":")[2])
            seen["through the door"] += await asyncio.to_thread(lateness, door, request)
        await client.close()
    for name, late in seen.items():
        cuts = statistics.quantiles(late, n=100)
        print(f"{name:18} {len(late)} parts  p50 {cuts[49] * 1000:.2f} ms  p99 {cuts[98] * 1000:.2f} ms")


async def memory(invocations: int) -> None:
    """Print what is in memory of the serving process as invocations go on."""
    with serving() as (address, pid):
        client, target = RuntimeClient({}), _target(address)
        for number in range(invocations):
            if number % (invocations // READINGS) == 0:
                print(f"{number:6} invocations  {_resident(pid) / 1e6:.1f} MB", flush=True)
            await _invoke(client, target, MODES[number % 3])
        print(f"{invocations:6} invocations  {_resident(pid) / 1e6:.1f} MB")
        await client.close()


async def _invoke(client: RuntimeClient, target: Target, mode: Mode) -> None:
    """One invocation: a firehose of ten parts, an echo, or a job until it is accepted."""
    stream = ResolvedDraft("stream", "firehose", (), (), b'{"parts": 10, "bytes": 32}')
    other = ResolvedDraft(mode, "echo", (("ContentType", "application/json"),), (), b'{"inputs": "here and back"}')
    call = client.invoke(stream if mode == "stream" else other, target)
    parts = 0
    async for event in call:
        parts += isinstance(event, PartArrived)
        if mode == "async" and type(event).__name__ == "JobMoved":
            call.cancel()
    assert mode == "async" or parts, f"a {mode} invocation brought nothing"


def _target(address: LocalAddress) -> Target:
    return Target(
        region=address.region,
        endpoint_url=address.endpoint_url,
        s3_endpoint_url=address.s3_endpoint_url,
        credentials=address.credentials,
    )


def _resident(pid: int) -> int:
    """What is in memory of a process, in bytes."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * resource.getpagesize()


def main() -> None:
    """Run both, or be the container."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--invocations", type=int, default=10_000)
    parser.add_argument("--parts", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--container", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.container:
        be_a_container(options.parts)
    asyncio.run(cadence(options.parts, options.rounds))
    asyncio.run(memory(options.invocations))


if __name__ == "__main__":
    main()
