"""A strict reader of one HTTP/1.1 response (RFC 9112): bytes in, head, body bytes and trailers out.

The head keeps wire order, wire case and repeated names. Nothing is raised: what breaks the protocol becomes
`ResponseReader.trouble`, and the body bytes before it are still handed over. No socket and no clock belongs here.
"""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import TypeAlias

from msgspec import Struct

RawHeaders: TypeAlias = tuple[tuple[bytes, bytes], ...]
"""Name and value pairs in wire order and wire case, duplicates kept."""

MOST_HEAD_BYTES = 64 * 1024
MOST_FIELDS = 500
MOST_CHUNK_LINE_BYTES = 4096


class BadResponse(Exception):
    """The answer breaks HTTP. `condition` is a code of `client.faults.FAULTS`."""

    def __init__(self, condition: str, detail: str) -> None:
        super().__init__(f"{condition}: {detail}")
        self.condition = condition
        self.detail = detail


class ResponseHead(Struct, frozen=True):
    """Status line and header fields."""

    version: str
    """`1.1` or `1.0`."""
    status: int
    reason: bytes
    headers: RawHeaders

    def values(self, name: bytes) -> list[bytes]:
        """Every value of a field, by lower-case name."""
        return [value for key, value in self.headers if key.lower() == name]


class _Reading(Enum):
    HEAD = auto()
    COUNTED = auto()
    CHUNK_SIZE = auto()
    CHUNK = auto()
    CHUNK_END = auto()
    TRAILERS = auto()
    UNTIL_CLOSE = auto()
    DONE = auto()


class ResponseReader:
    """Reads one response to one request. Feed it what the socket gives, then tell it when the socket closes."""

    def __init__(self, method: str) -> None:
        self._method = method
        self._reading = _Reading.HEAD
        self._held = b""
        """Bytes of an unfinished line or head."""
        self._left = 0
        """Body bytes that the length or the chunk still promises."""
        self._promised = 0
        self._sizes: dict[bytes, int] = {}
        self._is_ambiguous = False
        self.head: ResponseHead | None = None
        self.trailers: RawHeaders = ()
        self.trouble: BadResponse | None = None
        self.has_begun = False
        """Whether any byte of an answer came."""

    @property
    def is_complete(self) -> bool:
        """Whether the whole answer is there."""
        return self._reading is _Reading.DONE

    @property
    def can_be_reused(self) -> bool:
        """Whether another request may follow on the same connection (RFC 9112 section 9.3)."""
        if not self.is_complete or self.trouble or self._held or self._is_ambiguous or self.head is None:
            return False
        options = {part.strip().lower() for value in self.head.values(b"connection") for part in value.split(b",")}
        if self.head.status == 101 or b"close" in options:
            return False
        return self.head.version == "1.1" or b"keep-alive" in options

    def feed(self, data: bytes) -> bytes:
        """The body bytes among these bytes; `head`, `trailers`, `is_complete` and `trouble` are set on the way."""
        if self.trouble is not None or not data:
            return b""
        self.has_begun = True
        if self._reading is _Reading.UNTIL_CLOSE:
            return data
        pieces: list[bytes] = []
        try:
            self._held = self._read(self._held + data if self._held else data, pieces)
        except BadResponse as bad:
            self.trouble = bad
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def close(self) -> None:
        """The other side sent its last byte: complete for a body without length, trouble for an unfinished one."""
        if self.trouble is not None or self.is_complete:
            return
        match self._reading:
            case _Reading.UNTIL_CLOSE:
                self._reading = _Reading.DONE
                self._is_ambiguous = True
            case _Reading.HEAD if not self._held and self.head is None:
                self.trouble = BadResponse("no-answer", "not one byte of an answer came")
            case _Reading.HEAD:
                self.trouble = BadResponse("head-cut", f"{len(self._held)} bytes of it came")
            case _Reading.COUNTED:
                came = self._promised - self._left
                self.trouble = BadResponse("length-short", f"{came} of {self._promised} bytes came")
            case _Reading.CHUNK:
                came = self._promised - self._left
                self.trouble = BadResponse("chunk-cut", f"{came} of {self._promised} bytes of the last chunk came")
            case _:
                self.trouble = BadResponse("chunk-cut", "the last chunk, which ends the body, never came")

    def _read(self, data: bytes, pieces: list[bytes]) -> bytes:
        """Reads as far as the bytes go, appends body pieces, and returns the unfinished rest."""
        position = 0
        while True:
            before = self._reading, position
            match self._reading:
                case _Reading.HEAD:
                    position = self._read_head(data, position)
                case _Reading.CHUNK_SIZE | _Reading.CHUNK | _Reading.CHUNK_END:
                    position = self._read_chunks(data, position, pieces)
                case _Reading.COUNTED:
                    position = self._read_counted(data, position, pieces)
                case _Reading.TRAILERS:
                    position = self._read_trailers(data, position)
                case _Reading.UNTIL_CLOSE:
                    pieces.append(data[position:])
                    return b""
                case _Reading.DONE:
                    return data[position:]
            if (self._reading, position) == before:
                return data[position:]

    def _read_head(self, data: bytes, position: int) -> int:
        raw, position = _cut_head(data, position)
        if raw is None:
            return position
        head = parse_head(raw)
        if 100 <= head.status < 200 and head.status != 101:
            return position  # an interim answer; the final one follows
        self.head = head
        self._begin_body(head)
        return position

    def _begin_body(self, head: ResponseHead) -> None:
        """RFC 9112 section 6.3, in its order."""
        codings = [part.strip().lower() for value in head.values(b"transfer-encoding") for part in value.split(b",")]
        length = _content_length(head)
        if (
            self._method == "HEAD"
            or head.status in (101, 204, 304)
            or (self._method == "CONNECT" and head.status < 300)
        ):
            self._reading = _Reading.DONE
        elif codings:
            if codings != [b"chunked"]:
                raise BadResponse("transfer-coding", repr(b", ".join(codings).decode("latin-1")))
            self._is_ambiguous = length is not None
            self._reading = _Reading.CHUNK_SIZE
        elif length is None:
            self._reading = _Reading.UNTIL_CLOSE
        else:
            self._left = self._promised = length
            self._reading = _Reading.COUNTED if length else _Reading.DONE

    def _read_counted(self, data: bytes, position: int, pieces: list[bytes]) -> int:
        piece = data[position : position + self._left]
        pieces.append(piece)
        self._left -= len(piece)
        if not self._left:
            self._reading = _Reading.DONE
        return position + len(piece)

    def _read_chunks(self, data: bytes, position: int, pieces: list[bytes]) -> int:
        # Hot: a stream has one chunk a part, so whole chunks are taken in one go and sizes are remembered.
        find, size, sizes = data.find, len(data), self._sizes
        if self._reading is not _Reading.CHUNK_SIZE:
            position = self._end_chunk(data, position, pieces)
        while self._reading is _Reading.CHUNK_SIZE:
            line_end = find(b"\r\n", position)
            if line_end < 0:
                if size - position > MOST_CHUNK_LINE_BYTES:
                    raise BadResponse("chunk-size", f"no end of line in {size - position} bytes")
                break
            line = data[position:line_end]
            length = sizes.get(line) or self._chunk_size(line)
            begin = line_end + 2
            end = begin + length
            if length and data[end : end + 2] == b"\r\n":
                pieces.append(data[begin:end])
                position = end + 2
            elif length:
                self._left = self._promised = length
                self._reading = _Reading.CHUNK
                position = self._end_chunk(data, begin, pieces)
            else:
                self._reading = _Reading.TRAILERS
                position = begin
        return position

    def _end_chunk(self, data: bytes, position: int, pieces: list[bytes]) -> int:
        """Takes what is there of the present chunk and, when it is whole, its line end."""
        if self._reading is _Reading.CHUNK:
            piece = data[position : position + self._left]
            pieces.append(piece)
            position += len(piece)
            self._left -= len(piece)
            if self._left:
                return position
            self._reading = _Reading.CHUNK_END
        mark = data[position : position + 2]
        if mark == b"\r\n":
            self._reading = _Reading.CHUNK_SIZE
            return position + 2
        if not b"\r\n".startswith(mark):
            raise BadResponse("chunk-end", f"{mark!r} follows a chunk of {self._promised} bytes")
        return position

    def _chunk_size(self, line: bytes) -> int:
        matched = _CHUNK_LINE.fullmatch(line)
        if matched is None:
            raise BadResponse("chunk-size", f"{line[:40]!r} is no chunk size")
        size = int(matched[1], 16)
        if len(self._sizes) < 1024 and len(line) < 40:
            self._sizes[line] = size
        return size

    def _read_trailers(self, data: bytes, position: int) -> int:
        if data.startswith(b"\r\n", position):
            self._reading = _Reading.DONE
            return position + 2
        end = data.find(b"\r\n\r\n", position)
        if end < 0:
            if len(data) - position > MOST_HEAD_BYTES:
                raise BadResponse("head-too-large", f"{len(data) - position} bytes of trailers without an end")
            return position
        self.trailers = _parse_fields(data[position:end].split(b"\r\n"))
        self._reading = _Reading.DONE
        return end + 4


def _cut_head(data: bytes, position: int) -> tuple[bytes | None, int]:
    """The bytes of a head without its final blank line and where the body begins; None while it is not whole."""
    while data.startswith((b"\r\n", b"\n"), position):  # RFC 9112 section 2.2: blank lines before a head are skipped
        position = data.index(b"\n", position) + 1
    start = data[position : position + 5]
    if not b"HTTP/".startswith(start):
        raise BadResponse("not-http", f"the answer begins {data[position : position + 24]!r}{_speaks(start)}")
    ends = [(end, len(mark)) for mark in _HEAD_ENDS if (end := data.find(mark, position)) >= 0]
    end, mark_bytes = min(ends, default=(len(data), 0))
    if end - position > MOST_HEAD_BYTES:
        raise BadResponse("head-too-large", f"more than {MOST_HEAD_BYTES} bytes")
    return (data[position:end], end + mark_bytes) if ends else (None, position)


def _speaks(start: bytes) -> str:
    if start.startswith((b"\x15\x03", b"\x16\x03")):
        return ", which is TLS: the address needs https://"
    if start.startswith(b"\x00\x00") and start[3:4] == b"\x04":
        return ", which is HTTP/2"
    return ", which is SSH" if start.startswith(b"SSH-") else ""


def parse_head(raw: bytes) -> ResponseHead:
    """Status line and fields of a whole head, without its final blank line. Raises `BadResponse`."""
    lines = _LINE_END.split(raw)
    status_line = _STATUS_LINE.fullmatch(lines[0])
    if status_line is None:
        raise BadResponse("not-http", f"its first line is {lines[0][:80]!r}")
    version, status, reason = status_line.groups()
    return ResponseHead(version.decode(), int(status), reason or b"", _parse_fields(lines[1:]))


def _parse_fields(lines: list[bytes]) -> RawHeaders:
    fields: list[tuple[bytes, bytes]] = []
    for line in lines:
        if line[:1] in (b" ", b"\t") and fields:  # obs-fold: RFC 9112 section 5.2
            name, value = fields[-1]
            fields[-1] = name, value + b" " + line.strip(b" \t")
            continue
        matched = _FIELD.fullmatch(line)
        if matched is None:
            raise BadResponse("header-malformed", f"{line[:80]!r}")
        fields.append((matched[1], matched[2].strip(b" \t")))
    if len(fields) > MOST_FIELDS:
        raise BadResponse("head-too-large", f"{len(fields)} fields, where {MOST_FIELDS} are allowed")
    return tuple(fields)


def _content_length(head: ResponseHead) -> int | None:
    values = {part.strip() for value in head.values(b"content-length") for part in value.split(b",")}
    if not values:
        return None
    if len(values) > 1:
        told = " and ".join(sorted(value.decode("latin-1") for value in values))
        raise BadResponse("lengths-conflict", told[:120])
    (value,) = values
    if not _LENGTH.fullmatch(value):
        raise BadResponse("length-malformed", f"{value[:40]!r}")
    return int(value)


_HEAD_ENDS = (b"\r\n\r\n", b"\n\n", b"\n\r\n")
_LINE_END = re.compile(rb"\r?\n")
_STATUS_LINE = re.compile(rb"HTTP/(1\.[01]) ([1-9]\d\d)(?: ([^\x00\r\n]*))?")
_FIELD = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):([^\x00\r\n]*)")
_LENGTH = re.compile(rb"\d{1,18}")
_CHUNK_LINE = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\x00\r\n]*)?")
