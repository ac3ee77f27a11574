"""From the socket to the event, ours beside boto3, against one raw-socket server in a process of its own.

    .venv/bin/python -m benchmarks.wire [--rounds 5]

Parts a second of a stream, warm small sync calls, how late a part is told after it was sent, and how long the event
loop is held while 25 MB are signed and sent. The two clients take turns, each figure is the best (or the median) of its
rounds: a busy machine moves both, so the ratio is what counts.
The server sends frames encoded beforehand, so that it is never what is measured.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import socket
import statistics
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager, suppress

from benchmarks.decode import part
from smrt_tui.core.draft import ResolvedDraft
from smrt_tui.core.events import Call, PartArrived
from smrt_tui.core.service import Mode
from smrt_tui.core.target import StaticCredentials, Target

KEYS = StaticCredentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
REGION = "us-east-1"
STREAM_FIELDS = b"HTTP/1.1 200 OK\r\nContent-Type: application/vnd.amazon.eventstream\r\n"
LARGE_BYTES = 25_000_000
ECHO = b'{"inputs": "fifty-four bytes of JSON, here and back."}'


# The server: the endpoint's name says what it does, such as `parts-100000-32-1`.


def serve() -> None:
    """Listen on a free port, print it, and answer for ever."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)
    print(listener.getsockname()[1], flush=True)
    while True:
        connection, _ = listener.accept()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=_converse, args=(connection,), daemon=True).start()


def _converse(connection: socket.socket) -> None:
    prepared: dict[str, bytes] = {}
    with suppress(OSError), connection, connection.makefile("rb") as lines:
        while line := lines.readline():
            name = line.decode().split("/")[2]
            length = 0
            while (field := lines.readline()) != b"\r\n":
                if field.lower().startswith(b"content-length:"):
                    length = int(field.partition(b":")[2])
            body = lines.read(length)
            if not _answer(connection, name, body, prepared):
                return


def _answer(connection: socket.socket, name: str, body: bytes, prepared: dict[str, bytes]) -> bool:
    kind, *numbers = name.split("-")
    if kind == "echo":
        connection.sendall(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
        )
        connection.sendall(body)
    elif kind == "sink":
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
    elif kind == "parts":
        if name not in prepared:
            prepared[name] = _encoded(*map(int, numbers))
        connection.sendall(prepared[name])
    elif kind == "words":
        _speak(connection, *map(int, numbers))
    elif kind == "prose":
        if name not in prepared:
            texts = (b"%6d words of some length\n\n" % number for number in range(int(numbers[0])))
            prepared[name] = _chunked([part(text) for text in texts])
        connection.sendall(prepared[name])
    elif kind == "paced":
        count, gap_us, is_chunked = map(int, numbers)
        _pace(connection, count, gap_us / 1e6, is_chunked=bool(is_chunked))
        return bool(is_chunked)
    return True


def _encoded(count: int, size: int, chunk_bytes: int) -> bytes:
    """A whole answer of that many parts, one part a chunk, or (with `chunk_bytes`) cut into chunks of that size."""
    frames = [part(struct.pack(">I", number) * (size // 4)) for number in range(count)]
    if chunk_bytes:
        joined = b"".join(frames)
        frames = [joined[at : at + chunk_bytes] for at in range(0, len(joined), chunk_bytes)]
    return _chunked(frames)


def _chunked(pieces: Sequence[bytes]) -> bytes:
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces)
    return STREAM_FIELDS + b"Transfer-Encoding: chunked\r\n\r\n" + chunks + b"0\r\n\r\n"


def _speak(connection: socket.socket, rate: int, seconds: int) -> None:
    """Words at a rate, a chunk each, beginning with the time they were sent at; those due together leave together."""
    connection.sendall(STREAM_FIELDS + b"Transfer-Encoding: chunked\r\n\r\n")
    begun, sent = time.perf_counter(), 0
    while sent < rate * seconds:
        now = time.perf_counter()
        due = min(int((now - begun) * rate), rate * seconds)
        frames = [part(b"%.6f word%s" % (now, b"\n" if number % 5 == 0 else b" ")) for number in range(sent, due)]
        connection.sendall(b"".join(b"%x\r\n%s\r\n" % (len(frame), frame) for frame in frames))
        sent = due
        time.sleep(0.0005)
    connection.sendall(b"0\r\n\r\n")


def _pace(connection: socket.socket, count: int, gap_s: float, *, is_chunked: bool) -> None:
    """Parts at even gaps, each beginning with the time it was sent at."""
    connection.sendall(
        STREAM_FIELDS + (b"Transfer-Encoding: chunked\r\n\r\n" if is_chunked else b"Connection: close\r\n\r\n")
    )
    due = time.perf_counter()
    for _ in range(count):
        due += gap_s
        time.sleep(max(0.0, due - time.perf_counter()))
        frame = part(struct.pack(">d", time.perf_counter()) + bytes(24))
        connection.sendall(b"%x\r\n%s\r\n" % (len(frame), frame) if is_chunked else frame)
    if is_chunked:
        connection.sendall(b"0\r\n\r\n")


@contextmanager
def server() -> Iterator[int]:
    """The port of a server that lives as long as the block."""
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.wire", "--serve"], stdout=subprocess.PIPE)
    assert process.stdout is not None
    try:
        yield int(process.stdout.readline())
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


# The clients.


class Ours:
    """This project's client."""

    def __init__(self, port: int) -> None:
        from smrt_tui.client.invoke import RuntimeClient

        self.client = RuntimeClient({}, clock=self._clock)
        self.target = Target(region=REGION, endpoint_url=f"http://127.0.0.1:{port}", credentials=KEYS)
        self._began = 0.0

    def _clock(self) -> float:
        now = time.perf_counter()
        if not self._began:
            self._began = now  # a call's zero is the first time it looks
        return now

    def _draft(self, name: str, mode: Mode) -> ResolvedDraft:
        return ResolvedDraft(mode, name, (("ContentType", "application/json"),), (), ECHO)

    @property
    def began(self) -> float:
        """The clock's reading at the zero of the call that `invoke` made."""
        return self._began

    def invoke(self, name: str) -> Call:
        """A stream, not read yet."""
        self._began = 0.0
        return self.client.invoke(self._draft(name, "stream"), self.target)

    async def count(self, name: str) -> int:
        """Read a stream; how many parts it had."""
        found = 0
        async for batch in self.client.invoke(self._draft(name, "stream"), self.target).batches():
            found += len(batch) if isinstance(batch[0], PartArrived) else 0
        return found

    async def lateness(self, name: str) -> list[float]:
        """Seconds from the sending of each part to its stamp."""
        late: list[float] = []
        async for event in self.invoke(name):
            if isinstance(event, PartArrived):
                late.append(self._began + event.at - struct.unpack_from(">d", event.payload)[0])
        return late

    async def sink(self, body: bytes) -> None:
        """One sync call with a body of its own, to its last event."""
        draft = ResolvedDraft("sync", "sink", (("ContentType", "application/octet-stream"),), (), body)
        async for _ in self.client.invoke(draft, self.target).batches():
            pass

    async def sign(self, body: bytes) -> None:
        """The same request, signed and not sent."""
        draft = ResolvedDraft("sync", "sink", (("ContentType", "application/octet-stream"),), (), body)
        await self.client.prepare(draft, self.target)

    async def echo(self) -> None:
        """One small sync call, to its last event."""
        async for _ in self.client.invoke(self._draft("echo", "sync"), self.target).batches():
            pass


class Boto3:
    """boto3, as most people call it."""

    def __init__(self, port: int) -> None:
        import boto3
        from botocore.config import Config

        self.client = boto3.client(
            "sagemaker-runtime",
            region_name=REGION,
            endpoint_url=f"http://127.0.0.1:{port}",
            aws_access_key_id=KEYS.access_key,
            aws_secret_access_key=KEYS.secret_key,
            config=Config(retries={"total_max_attempts": 1}),
        )

    def payloads(self, name: str) -> Iterator[bytes]:
        """The parts of a stream."""
        answer = self.client.invoke_endpoint_with_response_stream(
            EndpointName=name, ContentType="application/json", Body=ECHO
        )
        for event in answer["Body"]:
            yield event["PayloadPart"]["Bytes"]

    def count(self, name: str) -> int:
        """Read a stream; how many parts it had."""
        return sum(1 for _ in self.payloads(name))

    def lateness(self, name: str) -> list[float]:
        """Seconds from the sending of each part to its being in hand."""
        return [time.perf_counter() - struct.unpack_from(">d", payload)[0] for payload in self.payloads(name)]

    def sink(self, body: bytes) -> None:
        """One sync call with a body of its own."""
        self.client.invoke_endpoint(EndpointName="sink", ContentType="application/octet-stream", Body=body)[
            "Body"
        ].read()

    def echo(self) -> None:
        """One small sync call."""
        self.client.invoke_endpoint(EndpointName="echo", ContentType="application/json", Body=ECHO)["Body"].read()


# The measures.


async def throughput(ours: Ours, boto: Boto3, rounds: int) -> None:
    """Parts a second, one part a chunk and in chunks of 64 KiB."""
    print(f"{'stream':<34} {'ours parts/s':>13} {'boto3 parts/s':>14} {'ratio':>7}")
    cases = ((100_000, 32, 0, "32 B, one part a chunk"), (100_000, 32, 65_536, "32 B, chunks of 64 KiB"))
    for count, size, chunk_bytes, label in (*cases, (2_000, 16_384, 0, "16 KiB, one part a chunk")):
        name, few = f"parts-{count}-{size}-{chunk_bytes}", f"parts-{count // 5}-{size}-{chunk_bytes}"
        await ours.count(name)  # the server encodes at the first call
        mine, peer = [], []
        for _ in range(rounds):
            mine.append(await _seconds(lambda name=name, count=count: _expect(ours.count(name), count)))  # type: ignore[misc]
            began = time.perf_counter()
            assert boto.count(few) == count // 5
            peer.append(time.perf_counter() - began)
        rates = count / min(mine), count / 5 / min(peer)
        print(f"{label:<34} {rates[0]:>13,.0f} {rates[1]:>14,.0f} {rates[0] / rates[1]:>6.1f}x")


async def _expect(counting: Awaitable[int], count: int) -> None:
    found = await counting
    assert found == count, f"{found} of {count} parts"


async def _seconds(work: Callable[[], Awaitable[None]]) -> float:
    began = time.perf_counter()
    await work()
    return time.perf_counter() - began


async def overhead(ours: Ours, boto: Boto3, rounds: int) -> None:
    """Warm small sync calls, p50 and p99 of the best round."""
    mine: list[list[float]] = []
    peer: list[list[float]] = []
    for _ in range(rounds):
        mine.append([await _seconds(ours.echo) for _ in range(200)])
        peer.append([_timed(boto.echo) for _ in range(200)])
    best, other = min(mine, key=statistics.median), min(peer, key=statistics.median)
    ratio = statistics.median(other) / statistics.median(best)
    print(f"\nwarm sync call, {len(ECHO)} bytes      ours {_spread(best)}, boto3 {_spread(other)}: {ratio:.1f}x")


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


async def large_body(ours: Ours, boto: Boto3, rounds: int) -> None:
    """The loop's worst lag while a large body is signed, and signed and sent, beside how long each takes."""
    body = bytes(LARGE_BYTES)
    print()
    for label, work in (("sign 25 MB", ours.sign), ("sign and send 25 MB", ours.sink)):
        found = [await _watched(lambda work=work: work(body)) for _ in range(rounds)]  # type: ignore[misc]
        lag, taken = min(lag for lag, _ in found), min(taken for _, taken in found)
        print(f"{label:<30} ours {taken * 1e3:.0f} ms, worst lag of the loop {lag * 1e3:.1f} ms")
    peer = min(_timed(lambda: boto.sink(body)) for _ in range(rounds))
    print(f"{'':<30} boto3 {peer * 1e3:.0f} ms, sign and send")


async def _watched(work: Callable[[], Awaitable[None]]) -> tuple[float, float]:
    """The worst lag of the loop meanwhile, and how long it took, in seconds."""
    lags = [0.0]

    async def probe() -> None:
        while True:
            began = time.perf_counter()
            await asyncio.sleep(0.001)
            lags.append(time.perf_counter() - began - 0.001)

    watching = asyncio.create_task(probe())
    taken = await _seconds(work)
    await asyncio.sleep(0.002)
    watching.cancel()
    return max(lags), taken


async def fidelity(ours: Ours, boto: Boto3, rounds: int) -> None:
    """How late parts are told, for chunked bodies and for bodies that end with the connection."""
    print()
    for gap_us, is_chunked in itertools.product((1_000, 10_000), (1, 0)):
        name = f"paced-{300_000 // gap_us}-{gap_us}-{is_chunked}"
        mine, peer = [], []
        for _ in range(rounds):
            mine.append(await ours.lateness(name))
            peer.append(boto.lateness(name))
        best, other = min(mine, key=statistics.median), min(peer, key=statistics.median)
        framing = "chunked" if is_chunked else "close-delimited"
        print(f"lateness, {gap_us // 1000:>2} ms gaps, {framing:<16} ours {_spread(best)}, boto3 {_spread(other)}")


def _spread(seconds: list[float]) -> str:
    ordered = sorted(seconds)
    middle, high = statistics.median(ordered), ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    return f"p50 {middle * 1e3:.3f} ms p99 {high * 1e3:.3f} ms"


async def measure(rounds: int) -> None:
    """Print everything."""
    with server() as port:
        ours, boto = Ours(port), Boto3(port)
        await throughput(ours, boto, rounds)
        await overhead(ours, boto, rounds)
        await large_body(ours, boto, rounds)
        await fidelity(ours, boto, rounds)
        await ours.client.close()


def main() -> None:
    """Measure, or (with `--serve`) be the server."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        serve()
    asyncio.run(measure(options.rounds))


if __name__ == "__main__":
    main()
