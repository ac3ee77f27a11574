"""The event-stream decoder: bytes of `application/vnd.amazon.eventstream` in, part and frame events out.

One frame: u32 total length, u32 headers length, u32 CRC-32 of those eight bytes, headers, payload, u32 CRC-32 of all
before it; big-endian (`vnd.amazon.eventstream` in the Smithy specification). Input may be cut anywhere. Nothing is
raised: what is not a sound frame becomes one `FrameRejected`, and nothing after it is decoded. What a payload means
is not known here.
"""

from __future__ import annotations

from binascii import crc32
from collections.abc import Mapping
from struct import Struct
from typing import NamedTuple, TypeAlias

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

PRELUDE_BYTES = 12
LEAST_FRAME_BYTES = 16
MOST_HEADER_BYTES = 128 * 1024
"""botocore's bound on the headers of one frame."""
MOST_FRAME_BYTES = 24 * 1024 * 1024 + MOST_HEADER_BYTES + LEAST_FRAME_BYTES
"""botocore's bounds on payload and headers, and the frame around them."""
MOST_RAW_BYTES = 4096
"""How much of a rejected frame is kept to look at."""

REJECTIONS: Mapping[str, str] = {
    "not-an-event-stream": "the body is not an event stream",
    "prelude-crc": "the CRC of a frame's prelude does not fit its bytes",
    "prelude-length": "a frame's total length is outside what a frame can have",
    "headers-length": "a frame's headers length is outside what the frame can hold",
    "message-crc": "the CRC of a frame does not fit its bytes",
    "header-overrun": "a frame header reaches past the end of the header block",
    "header-name": "a frame header's name is empty",
    "header-utf8": "a frame header's name or text is not UTF-8",
    "header-type": "a frame header has a type byte that does not exist",
    "header-duplicate": "a frame has two headers of the same name, which SDKs refuse",
    "truncated": "the stream ended inside a frame",
}
"""Every reason for which bytes are refused, with what it means."""

FrameEvent: TypeAlias = PartArrived | FrameArrived | FrameRejected


class _Prefix(NamedTuple):
    """What prelude and headers of a frame say, once they have been checked and read."""

    total: int
    prelude_crc: int
    crc: int
    """CRC-32 of all of it, from which the message CRC goes on."""
    headers: FrameHeaders
    is_part: bool


class _Unsound(Exception):
    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


_prelude_fields = Struct(">III")
_read_crc = Struct(">I").unpack_from
_MOST_PREFIXES = 4096
_MOST_PREFIX_BYTES = 1024


class FrameDecoder:
    """Turns the bytes of one HTTP body into events. Linear in the bytes, however they are cut."""

    def __init__(self) -> None:
        self._held: list[bytes] = []
        self._held_bytes = 0
        self._needed = PRELUDE_BYTES
        """How many bytes must be there before anything more can be said."""
        self._offset = 0
        """Where the held bytes begin in the body."""
        self._number = 0
        self._prefixes: dict[bytes, _Prefix] = {}
        """Prelude and headers by their bytes: a stream has few different ones, and reading them costs most."""
        self._prefix_bytes = PRELUDE_BYTES
        """How long the last prefix was; the next is nearly always as long."""
        self._headers: dict[bytes, FrameHeaders] = {}
        self.is_rejected = False
        """Whether a rejection ended the decoding."""

    def push(self, at: float, data: bytes) -> list[FrameEvent]:
        """The events that these bytes complete; `at` is when they were read. Empty after a rejection."""
        if self.is_rejected or not data:
            return []
        self._held.append(data)
        self._held_bytes += len(data)
        if self._held_bytes < self._needed:
            return []
        buffer = data if len(self._held) == 1 else b"".join(self._held)
        events: list[FrameEvent] = []
        taken = self._decode(buffer, at, events)
        rest = buffer[taken:]
        self._held = [rest] if rest else []
        self._held_bytes = len(rest)
        self._offset += taken
        return events

    def finish(self, at: float) -> list[FrameEvent]:
        """The end of the body: nothing, or the rejection of what is left over."""
        if self.is_rejected or not self._held_bytes:
            return []
        rest = b"".join(self._held)
        foreign = _foreign_kind(rest) if self._offset == 0 and len(rest) < PRELUDE_BYTES else ""
        if foreign:
            return [self._reject(at, _Unsound("not-an-event-stream", foreign), 0, rest)]
        wanted = f"{self._needed}" if len(rest) >= PRELUDE_BYTES else "a prelude's 12"
        return [self._reject(at, _Unsound("truncated", f"{len(rest)} of {wanted} bytes came"), 0, rest)]

    def _decode(self, buffer: bytes, at: float, events: list[FrameEvent]) -> int:
        """Appends the frames that are whole and returns how many bytes they took."""
        # Hot: up to a million frames a second go through here, hence the locals and the bare tuple constructor.
        known_prefixes, make, append, read_crc, crc_of = self._prefixes, tuple.__new__, events.append, _read_crc, crc32
        size, base, number, length = len(buffer), self._offset, self._number, self._prefix_bytes
        last = size - PRELUDE_BYTES
        position, needed = 0, PRELUDE_BYTES
        try:
            while position <= last:
                prefix = buffer[position : position + length]
                known = known_prefixes.get(prefix)
                if known is None:
                    total, length, prelude_crc = _read_prelude(buffer, position, is_first=base + position == 0)
                    prefix = buffer[position : position + length]
                    crc = crc_of(prefix)
                else:
                    total, prelude_crc, crc, headers, is_part = known
                end = position + total
                if end > size:
                    needed = total
                    break
                payload = buffer[position + length : end - 4]
                (message_crc,) = read_crc(buffer, end - 4)
                found = crc_of(payload, crc)
                if found != message_crc:
                    raise _Unsound("message-crc", f"it says {message_crc:08x}, its bytes give {found:08x}")
                if known is None:
                    headers, is_part = self._learn(prefix, total, prelude_crc, crc)
                if is_part:
                    fields = (at, number, payload, base + position, headers, prelude_crc, message_crc)
                    append(make(PartArrived, fields))
                    number += 1
                else:
                    append(FrameArrived(at, base + position, headers, payload, prelude_crc, message_crc))
                position = end
        except _Unsound as unsound:
            append(self._reject(at, unsound, position, buffer))
            return size
        self._number, self._needed, self._prefix_bytes = number, needed, length
        return position

    def _learn(self, prefix: bytes, total: int, prelude_crc: int, crc: int) -> tuple[FrameHeaders, bool]:
        """Read the headers of a frame whose CRC is right, and remember them."""
        block = prefix[PRELUDE_BYTES:]
        headers = self._headers.get(block)
        if headers is None:
            headers = read_headers(block)
        is_part = _is_part(headers)
        if len(prefix) <= _MOST_PREFIX_BYTES:
            if len(self._prefixes) >= _MOST_PREFIXES:
                self._prefixes.clear()
                self._headers.clear()
            self._headers[block] = headers
            self._prefixes[prefix] = _Prefix(total, prelude_crc, crc, headers, is_part)
        return headers, is_part

    def _reject(self, at: float, unsound: _Unsound, start: int, buffer: bytes) -> FrameRejected:
        self.is_rejected = True
        offset = self._offset + start
        message = f"{REJECTIONS[unsound.reason]}: at byte {offset}, {unsound.detail}"
        return FrameRejected(at, unsound.reason, message, offset, buffer[start : start + MOST_RAW_BYTES])


def has_sound_prelude(data: bytes) -> bool:
    """Whether the first twelve bytes are a frame's prelude: a chance of one in four billion for anything else."""
    return len(data) >= PRELUDE_BYTES and crc32(data[:8]) == _read_crc(data, 8)[0]


def _read_prelude(buffer: bytes, position: int, *, is_first: bool) -> tuple[int, int, int]:
    """Total length, length of prelude and headers, and the prelude's CRC."""
    head = buffer[position : position + PRELUDE_BYTES]
    total, header_bytes, crc = _prelude_fields.unpack(head)
    found = crc32(head[:8])
    if found != crc:
        if is_first and (kind := _foreign_kind(head)):
            raise _Unsound("not-an-event-stream", kind)
        raise _Unsound("prelude-crc", f"it says {crc:08x}, its bytes give {found:08x}")
    if not LEAST_FRAME_BYTES <= total <= MOST_FRAME_BYTES:
        raise _Unsound("prelude-length", f"{total} is not in {LEAST_FRAME_BYTES} to {MOST_FRAME_BYTES}")
    most = min(total - LEAST_FRAME_BYTES, MOST_HEADER_BYTES)
    if header_bytes > most:
        raise _Unsound("headers-length", f"{header_bytes} bytes of headers where {most} fit")
    return total, PRELUDE_BYTES + header_bytes, crc


def read_headers(raw: bytes) -> FrameHeaders:
    """The typed headers of a header block, in wire order. Raises for every block that is not exactly headers."""
    headers: list[FrameHeader] = []
    names: set[str] = set()
    position = 0
    while position < len(raw):
        name, position = _read_name(raw, position)
        kind, position = _take(raw, position, 1)
        value, position = _read_value(raw, position, kind[0])
        if name in names:
            raise _Unsound("header-duplicate", f"{name!r}")
        names.add(name)
        headers.append(FrameHeader(name, kind[0], value))
    return tuple(headers)


def _read_name(raw: bytes, position: int) -> tuple[str, int]:
    length, position = _take(raw, position, 1)
    if length[0] == 0:
        raise _Unsound("header-name", f"at byte {position - 1} of the headers")
    name, position = _take(raw, position, length[0])
    return _text(name), position


def _read_value(raw: bytes, position: int, kind: int) -> tuple[HeaderValue, int]:
    if kind <= 1:
        return kind == 0, position
    if width := _INTEGER_BYTES.get(kind):
        field, position = _take(raw, position, width)
        return int.from_bytes(field, "big", signed=True), position
    if kind == 8:
        field, position = _take(raw, position, 8)
        return FrameTimestamp(int.from_bytes(field, "big", signed=True)), position
    if kind == 9:
        field, position = _take(raw, position, 16)
        return FrameUuid(field), position
    if kind > 9:
        raise _Unsound("header-type", f"{kind} at byte {position - 1} of the headers")
    length, position = _take(raw, position, 2)
    field, position = _take(raw, position, int.from_bytes(length, "big"))
    return (field if kind == 6 else _text(field)), position


_INTEGER_BYTES: Mapping[int, int] = {2: 1, 3: 2, 4: 4, 5: 8}


def _take(raw: bytes, position: int, count: int) -> tuple[bytes, int]:
    end = position + count
    if end > len(raw):
        raise _Unsound("header-overrun", f"{count} bytes wanted at byte {position} of {len(raw)} bytes of headers")
    return raw[position:end], end


def _text(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        raise _Unsound("header-utf8", f"{raw[:64]!r} is not text") from error


def _is_part(headers: FrameHeaders) -> bool:
    texts = {header.name: header.value for header in headers if header.kind == 7}
    return texts.get(":message-type") == "event" and texts.get(":event-type") == "PayloadPart"


def _foreign_kind(start: bytes) -> str:
    """What the first bytes of a body look like when they can't begin a frame; empty when they could.

    A frame begins with 0 or 1, since it has less than 32 MiB: never with a letter or a compression's magic.
    """
    if start.startswith(b"\x1f\x8b"):
        return "it begins as gzip does: a proxy may have compressed it"
    lead = start.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not lead or start[0] < 0x09:
        return ""
    if lead[:1] in (b"{", b"["):
        return f"it begins as JSON does: {start[:12]!r}"
    if lead[:1] == b"<":
        return f"it begins as HTML or XML does: {start[:12]!r}"
    if all(byte in b"\t\r\n" or byte >= 0x20 for byte in start):
        return f"it begins as text does: {start[:12]!r}"
    return ""
