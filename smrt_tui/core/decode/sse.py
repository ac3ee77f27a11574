"""Server-sent events out of bytes, as WHATWG HTML 9.2.6 reads them, with deviations that real servers make worth it.

A `data:` line that is a whole JSON value, or the end marker, counts at once, without its blank line; what stands in
the last, unfinished line still counts at the end; a bare JSON object on a line of its own counts as an event (servers
append errors so). Nothing here knows what an event means.
"""

from __future__ import annotations

import re

from smrt_tui.core.decode.bom import BomSkipper
from smrt_tui.core.decode.decoded import Frame, Match
from smrt_tui.core.decode.jsonvalue import MISSING, as_text, whole_value

_LINE_END = re.compile(rb"\r\n|\r|\n")
_JSON_STARTS: tuple[bytes, ...] = (b"{", b"[")
_FIELDS = frozenset({b"data", b"event", b"id", b"retry"})


class SseFramer:
    """Cuts a body into events, comments and bad lines. Feed it parts in order; any cutting gives the same frames."""

    def __init__(self, done: str, limit: int, match: Match, *, is_json: bool = True) -> None:
        self._done = done.encode()
        self._match = match
        self._starts = _JSON_STARTS if is_json else ()
        self._limit = limit
        """Bytes; a longer line is bad, so that a body without line ends cannot grow without end."""
        self._offset = 0
        """Where the bytes that are not yet cut begin, in the body."""
        self._pieces: list[bytes] = []
        self._held = 0
        self._swallow_lf = False
        self._bom = BomSkipper()
        self._data: list[bytes] = []
        self._start = -1
        """Where the event being collected begins; -1 between events."""
        self._is_fresh = False
        """Whether the next byte begins an event."""
        self.is_inside = False
        """Whether an event has begun and is not whole."""
        self._end = -1

    def feed(self, payload: bytes) -> list[Frame]:
        """The frames that these bytes complete."""
        if self._is_fresh and payload.endswith(b"\n\n"):
            known = self._known_event(payload[:-2])
            if known is not None:
                self._offset += len(payload)
                return [known]
        frames: list[Frame] = []
        self._feed(payload, frames)
        self.is_inside = self._held > 0 or bool(self._data)
        self._is_fresh = not (self._held or self._start >= 0 or self._swallow_lf or self._bom.is_looking)
        return frames

    def _known_event(self, line: bytes) -> Frame | None:
        """The frame of a part that is one event like those before, as nearly every part is."""
        data = _data_of(line)
        if data is None or b"\n" in line or b"\r" in line:
            return None
        return self._known(line, data)

    def _known(self, line: bytes, data: bytes) -> Frame | None:
        plain = self._match(data) if len(line) <= self._limit else None
        return None if plain is None else ("plain", self._offset, self._offset + len(line), plain)

    def _feed(self, payload: bytes, frames: list[Frame]) -> None:
        if self._bom.is_looking:
            skipped = self._bom.skip(payload)
            self._offset += skipped
            payload = payload[skipped:]
        if self._swallow_lf and payload:
            self._swallow_lf = False
            if payload.startswith(b"\n"):
                self._offset += 1
                payload = payload[1:]
        if b"\r" in payload:
            self._feed_with_returns(payload, frames)
        elif b"\n" in payload:
            self._feed_lines(payload, frames)
        else:
            self._hold(payload)

    def close(self) -> list[Frame]:
        """The frames in what is left at the end of the body."""
        frames: list[Frame] = []
        if self._held:
            self._take(self._joined(b""), frames)
        self._dispatch(frames)
        return frames

    def _hold(self, piece: bytes) -> None:
        self._held += len(piece)
        if self._held <= self._limit:
            self._pieces.append(piece)
        else:
            self._pieces.clear()

    def _joined(self, first: bytes) -> bytes:
        """The line that began in earlier parts, up to `first`; just `first` when none did."""
        if self._held:
            first = b"".join((*self._pieces, first))
            self._pieces.clear()
        return first

    def _feed_lines(self, payload: bytes, frames: list[Frame]) -> None:
        lines = payload.split(b"\n")
        rest = lines.pop()
        if self._held:
            self._end_line(lines[0], 1, frames)
            del lines[0]
        for line in lines:
            if line:
                self._take_line(line, frames)
            elif self._start >= 0:
                self._dispatch(frames)
            self._offset += len(line) + 1
        if rest:
            self._hold(rest)

    def _take_line(self, line: bytes, frames: list[Frame]) -> None:
        """As `_take`, with less ado for the line that most lines are: an event like the one before."""
        data = _data_of(line) if self._start < 0 else None
        known = None if data is None else self._known(line, data)
        if known is not None:
            frames.append(known)
        else:
            self._take(line, frames)

    def _feed_with_returns(self, payload: bytes, frames: list[Frame]) -> None:
        begin = 0
        for match in _LINE_END.finditer(payload):
            self._end_line(payload[begin : match.start()], match.end() - match.start(), frames)
            begin = match.end()
        self._swallow_lf = payload.endswith(b"\r")
        if begin < len(payload):
            self._hold(payload[begin:])

    def _end_line(self, last: bytes, line_end: int, frames: list[Frame]) -> None:
        size = self._held + len(last)
        if size > self._limit:
            self._note_bad(size, f"a line longer than {self._limit} bytes", frames)
        else:
            self._take(self._joined(last), frames)
        self._pieces.clear()
        self._held = 0
        self._offset += size + line_end

    def _note_bad(self, size: int, why: str, frames: list[Frame]) -> None:
        frames.append(("bad", self._offset, self._offset + size, why))

    def _take(self, line: bytes, frames: list[Frame]) -> None:
        if len(line) > self._limit:
            self._note_bad(len(line), f"a line longer than {self._limit} bytes", frames)
        elif line.startswith(b"data:"):
            self._take_data(line, line[6:] if line.startswith(b"data: ") else line[5:], frames)
        elif not line:
            self._dispatch(frames)
        elif line.startswith(b":"):
            frames.append(("comment", self._offset, self._offset + len(line), as_text(line[1:]).strip(" ")))
        else:
            self._take_other(line, frames)

    def _take_data(self, line: bytes, value: bytes, frames: list[Frame]) -> None:
        if not self._data and (value.startswith(self._starts) or value == self._done):
            start = self._offset if self._start < 0 else self._start
            frame = self._read(value, start, self._offset + len(line))
            if frame is not None:
                frames.append(frame)
                self._start = -1
                return
        self._data.append(value)
        self._extend(line)

    def _extend(self, line: bytes) -> None:
        if self._start < 0:
            self._start = self._offset
        self._end = self._offset + len(line)

    def _read(self, data: bytes, start: int, end: int) -> Frame | None:
        if data.startswith(self._starts):
            plain = self._match(data)
            if plain is not None:
                return ("plain", start, end, plain)
            value = whole_value(as_text(data))
            if value is not MISSING:
                return ("json", start, end, (data, value))
        return ("done", start, end, None) if data.rstrip(b" \t") == self._done else None

    def _take_other(self, line: bytes, frames: list[Frame]) -> None:
        name, _, value = line.partition(b":")
        field = name.rstrip(b" ")
        if field == b"data":
            self._take_data(line, value.removeprefix(b" "), frames)
        elif field in _FIELDS:
            self._extend(line)
        else:
            bare = self._read(line, self._offset, self._offset + len(line)) if line.startswith(b"{") else None
            frames.append(bare or ("bad", self._offset, self._offset + len(line), "a line that is no SSE field"))

    def _dispatch(self, frames: list[Frame]) -> None:
        if self._data:
            data = b"\n".join(self._data)
            self._data.clear()
            frame = self._read(data.lstrip(b" \t\n"), self._start, self._end)
            frames.append(frame or ("string", self._start, self._end, as_text(data)))
        self._start = -1


def _data_of(line: bytes) -> bytes | None:
    """What a line of the usual look carries: one JSON object, after one space or none."""
    if line.startswith(b"data: {"):
        return line[6:]
    return line[5:] if line.startswith(b"data:{") else None
