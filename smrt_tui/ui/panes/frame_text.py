"""One event-stream frame told in full: its lengths, both CRCs, its typed headers, its payload. Pure.

The layout is that of the AWS event stream: a prelude of two lengths and a CRC (12 bytes), headers, payload, a CRC
(4 bytes). https://smithy.io/2.0/aws/amazon-eventstream.html
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from functools import lru_cache

from smrt_tui.core.events import (
    FrameArrived,
    FrameHeader,
    FrameHeaders,
    FrameRejected,
    FrameTimestamp,
    FrameUuid,
    HeaderValue,
    PartArrived,
)
from smrt_tui.ui.panes.hex_rows import HexRows, bytes_per_row
from smrt_tui.ui.panes.rows import Piece
from smrt_tui.ui.panes.units import counted

KINDS = ("true", "false", "i8", "i16", "i32", "i64", "bytes", "string", "timestamp", "uuid")
_INTEGER_BYTES = {2: 1, 3: 2, 4: 4, 5: 8}
_FRAME_BYTES = 16
"""Prelude and message CRC."""
_HEX_BYTES = 4096
"""Of a payload; the Hex view has all of it."""


def headers_bytes(headers: FrameHeaders) -> int:
    """How many bytes the headers of a frame take."""
    return len(encoded_headers(headers))


@lru_cache(64)
def encoded_headers(headers: FrameHeaders) -> bytes:
    """The headers as they stand in the frame."""
    return b"".join(_encoded(header) for header in headers)


def _encoded(header: FrameHeader) -> bytes:
    name = header.name.encode()
    return bytes((len(name),)) + name + bytes((header.kind,)) + _encoded_value(header.kind, header.value)


def _encoded_value(kind: int, value: HeaderValue) -> bytes:
    match value:
        case bool():
            return b""
        case int():
            return value.to_bytes(_INTEGER_BYTES.get(kind, 4), "big", signed=True)
        case FrameTimestamp():
            return value.milliseconds.to_bytes(8, "big", signed=True)
        case FrameUuid():
            return value.raw
        case _:
            raw = value if isinstance(value, bytes) else value.encode()
            return len(raw).to_bytes(2, "big") + raw


def checksums(headers: FrameHeaders, payload: bytes) -> tuple[int, int]:
    """Prelude CRC and message CRC of a frame with these headers and this payload.

    A recording keeps only frames whose CRCs were right, so these are the ones that were received.
    """
    encoded = encoded_headers(headers)
    lengths = struct.pack(">II", _FRAME_BYTES + len(encoded) + len(payload), len(encoded))
    prelude_crc = zlib.crc32(lengths)
    message_crc = zlib.crc32(payload, zlib.crc32(encoded, zlib.crc32(struct.pack(">I", prelude_crc), prelude_crc)))
    return prelude_crc, message_crc


def total_bytes(frame: FrameArrived | PartArrived) -> int:
    """The length of a whole frame, as its first four bytes told it."""
    return _FRAME_BYTES + headers_bytes(frame.headers) + len(frame.payload)


def frame_type(headers: FrameHeaders) -> tuple[str, str]:
    """What kind of message, and which: (`event`, `PayloadPart`), (`exception`, `ModelStreamError`)."""
    told = {header.name: str(header.value) for header in headers}
    kind = told.get(":message-type", "")
    return kind, told.get(":exception-type") or told.get(":error-code") or told.get(":event-type", "")


def frame_text(frame: FrameArrived | PartArrived, width: int) -> Iterator[Piece]:
    """A sound frame."""
    headers, payload = headers_bytes(frame.headers), len(frame.payload)
    yield from _fact("at", f"byte {frame.offset:,} of the body, read whole after {frame.at:.6f} s")
    yield from _fact("prelude", f"total {total_bytes(frame):,} bytes, headers {headers:,} bytes")
    yield from _fact("prelude CRC", f"0x{frame.prelude_crc:08x} ✓ as computed", "success")
    yield from _fact("message CRC", f"0x{frame.message_crc:08x} ✓ as computed", "success")
    yield f"headers, {counted(len(frame.headers), 'field')}\n", "label"
    for header in frame.headers:
        kind = KINDS[header.kind] if header.kind < len(KINDS) else f"type {header.kind}"
        yield f"  {header.name}", "key"
        yield f"  {kind}  ", "faint"
        yield f"{value_text(header.value)}\n", ""
    yield f"payload, {counted(payload, 'byte')}\n", "label"
    yield from _hex(frame.payload, width)


def rejected_text(rejected: FrameRejected, width: int) -> Iterator[Piece]:
    """Bytes that are no sound frame."""
    yield from _fact("rejected", rejected.reason, "error")
    yield f"{rejected.message}\n", "error"
    yield from _fact("at", f"byte {rejected.offset:,} of the body; nothing after it is decoded")
    yield f"bytes, the first {len(rejected.raw):,}\n", "label"
    yield from _hex(rejected.raw, width)


def value_text(value: HeaderValue) -> str:
    """A header's value as a person reads it."""
    match value:
        case FrameTimestamp():
            return f"{value.milliseconds} ms since the epoch"
        case FrameUuid():
            digits = value.raw.hex()
            return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
        case bytes():
            return value.hex(" ")
        case _:
            return str(value)


def _fact(name: str, value: str, style: str = "") -> Iterator[Piece]:
    yield f"{name:<13}", "dim"
    yield f"{value}\n", style


def _hex(data: bytes, width: int) -> Iterator[Piece]:
    rows = HexRows(data[:_HEX_BYTES], bytes_per_row(width))
    for row in range(len(rows)):
        line = rows.line(row)
        start = 0
        for end, style in line.runs:
            yield line.text[start:end], style
            start = end
        yield "\n", ""
    if len(data) > _HEX_BYTES:
        yield f"{len(data) - _HEX_BYTES:,} bytes more in the Hex view\n", "faint"
