"""Frame decoding: ours beside botocore's buffer, on the same bytes in the same run. `python -m benchmarks.decode`.

Absolute figures move with the machine; the ratio is what counts. Each figure is the best of a few rounds, and the two
decoders take turns, so that a busy moment hits both.
"""

from __future__ import annotations

import struct
import time
import zlib
from collections.abc import Callable

from botocore.eventstream import EventStreamBuffer

from smrt_tui.client.frames import FrameDecoder

ROUNDS = 15
CASES = ((30_000, 32), (30_000, 64), (500, 16 * 1024))
"""Parts and payload bytes of each."""
FEEDS = (1_460, 64 * 1024, 4 * 1024 * 1024)
"""Bytes given at once: a network segment, a usual read, everything."""


def part(payload: bytes) -> bytes:
    """A PayloadPart frame."""
    fields = ((":message-type", "event"), (":event-type", "PayloadPart"), (":content-type", "application/octet-stream"))
    headers = b"".join(
        bytes([len(name)]) + name.encode() + b"\x07" + struct.pack(">H", len(value)) + value.encode()
        for name, value in fields
    )
    lengths = struct.pack(">II", 16 + len(headers) + len(payload), len(headers))
    message = lengths + struct.pack(">I", zlib.crc32(lengths)) + headers + payload
    return message + struct.pack(">I", zlib.crc32(message))


def ours(raw: bytes, feed: int) -> int:
    """Decode all of it; how many parts there were."""
    decoder = FrameDecoder()
    return sum(len(decoder.push(0.0, raw[at : at + feed])) for at in range(0, len(raw), feed))


def theirs(raw: bytes, feed: int) -> int:
    """The same with botocore."""
    buffer = EventStreamBuffer()
    parts = 0
    for at in range(0, len(raw), feed):
        buffer.add_data(raw[at : at + feed])
        parts += sum(1 for _ in buffer)
    return parts


def seconds(decode: Callable[[bytes, int], int], raw: bytes, feed: int, parts: int) -> float:
    """How long one pass takes."""
    began = time.perf_counter()
    found = decode(raw, feed)
    took = time.perf_counter() - began
    assert found == parts, f"{found} of {parts} parts"
    return took


def compare(parts: int, size: int, feed: int) -> tuple[float, float]:
    """Best microseconds a part, ours and botocore's."""
    raw = b"".join(part(struct.pack(">I", number) * (size // 4)) for number in range(parts))
    few = min(parts, 3_000)  # botocore's buffer is quadratic in the feed: more of it would only take longer
    sample = raw[: len(raw) * few // parts]
    times = [(seconds(ours, raw, feed, parts), seconds(theirs, sample, feed, few)) for _ in range(ROUNDS)]
    return min(a for a, _ in times) / parts * 1e6, min(b for _, b in times) / few * 1e6


def main() -> None:
    """Print the table."""
    print(f"{'bytes':>6} {'feed':>8} {'ours us/part':>13} {'parts/s':>11} {'botocore us':>12} {'ratio':>7}")
    for parts, size in CASES:
        for feed in FEEDS:
            mine, peer = compare(parts, size, feed)
            print(f"{size:>6} {feed:>8} {mine:>13.3f} {1e6 / mine:>11,.0f} {peer:>12.2f} {peer / mine:>6.1f}x")
    large, small = part(bytes(16 << 20)), part(bytes(2 << 20))
    mine = min(seconds(ours, large, 1_460, 1) for _ in range(ROUNDS))
    print(f"one 16 MiB frame in feeds of 1460: ours {mine * 1e3:.1f} ms")
    mine = min(seconds(ours, small, 1_460, 1) for _ in range(ROUNDS))
    peer = seconds(theirs, small, 1_460, 1)  # an eighth of it, since botocore takes the square of that
    print(f"one  2 MiB frame in feeds of 1460: ours {mine * 1e3:.1f} ms, botocore {peer * 1e3:.0f} ms")


if __name__ == "__main__":
    main()
