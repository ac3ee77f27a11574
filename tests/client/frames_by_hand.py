"""Event-stream frames written byte by byte for the tests: an encoder that shares nothing with the decoder."""

from __future__ import annotations

import struct
import zlib

Header = tuple[str, int, bytes]
"""Name, type byte, and the value's bytes as they follow the type byte."""


def text_header(name: str, value: str) -> Header:
    """A header of type 7."""
    raw = value.encode()
    return name, 7, struct.pack(">H", len(raw)) + raw


PART: tuple[Header, ...] = (
    text_header(":message-type", "event"),
    text_header(":event-type", "PayloadPart"),
    text_header(":content-type", "application/octet-stream"),
)


def exception(kind: str) -> tuple[Header, ...]:
    """The headers of an exception frame."""
    return (
        text_header(":message-type", "exception"),
        text_header(":exception-type", kind),
        text_header(":content-type", "application/json"),
    )


def header_block(headers: tuple[Header, ...]) -> bytes:
    """The headers as they stand in a frame."""
    return b"".join(bytes([len(name.encode())]) + name.encode() + bytes([kind]) + raw for name, kind, raw in headers)


def raw_frame(block: bytes, payload: bytes) -> bytes:
    """A frame around any header block, with both CRCs right."""
    lengths = struct.pack(">II", 16 + len(block) + len(payload), len(block))
    message = lengths + struct.pack(">I", zlib.crc32(lengths)) + block + payload
    return message + struct.pack(">I", zlib.crc32(message))


def frame(payload: bytes, headers: tuple[Header, ...] = PART) -> bytes:
    """A PayloadPart frame, or one with other headers."""
    return raw_frame(header_block(headers), payload)


def prelude(total: int, header_bytes: int) -> bytes:
    """A prelude with a right CRC, however wrong its lengths."""
    lengths = struct.pack(">II", total, header_bytes)
    return lengths + struct.pack(">I", zlib.crc32(lengths))
