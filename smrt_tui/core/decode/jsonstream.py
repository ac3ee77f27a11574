"""A stream of JSON values out of bytes: JSON lines, concatenated or pretty-printed values, RFC 7464 sequences.

A value counts at its closing brace and not at the line end after it. White space, commas and record separators between
values are skipped; anything else there is a bad line. A raw line feed inside a string, which JSON forbids, means that
a line was cut: the value is bad and reading goes on behind it. Nothing here knows what a value means.
"""

from __future__ import annotations

import re
from typing import AnyStr, Final

from smrt_tui.core.decode.bom import BomSkipper
from smrt_tui.core.decode.decoded import Frame, Match
from smrt_tui.core.decode.jsonvalue import MISSING, as_text, leading_value, whole_value

_BETWEEN = b" \t\r\n,\x1e"
_SKIP = re.compile(rb"[ \t\r\n,\x1e]*+")
_SKIP_TEXT = re.compile(r"[ \t\r\n,\x1e]*+")
_OPENERS: Final = {0x7B: 0x7D, 0x5B: 0x5D}  # { } and [ ]
_QUOTE = 0x22
_TOKEN = re.compile(rb'"[^"\\\n]*+(?:\\[^\n][^"\\\n]*+)*+"|["{}\[\]]')
_WINDOW = 65_536
"""Bytes that are tried as whole values at once: bounds the work that is thrown away when they are none."""
_IN_STRING = re.compile(rb'[^"\\\n]*+(?:\\[^\n][^"\\\n]*+)*+')


class JsonFramer:
    """Cuts a body into JSON values and bad lines. Feed it parts in order; any cutting gives the same frames."""

    def __init__(self, done: str, limit: int, match: Match) -> None:
        self._done = done
        self._match = match
        self._limit = limit
        """Bytes; a longer value is bad, so that a body without an end cannot grow without end."""
        self._base = 0
        """The body offset of the first byte of the part being read."""
        self._bom = BomSkipper()
        self._pieces: list[bytes] = []
        """The bytes of the unfinished value or line, from earlier parts."""
        self._start = -1
        """Where it begins in the body; -1 between values."""
        self._closers = bytearray()
        """The closing brackets that are due, innermost last; empty outside values."""
        self._in_string = False
        self._is_escaped = False
        self._bad_why = ""
        """Set while bytes are skipped up to the line end."""

    @property
    def is_inside(self) -> bool:
        """Whether a value or a line has begun and is not whole."""
        return self._start >= 0

    def feed(self, payload: bytes) -> list[Frame]:
        """The frames that these bytes complete."""
        if self._start < 0 and payload.endswith(b"}\n"):
            known = self._known_line(payload[:-1])
            if known is not None:
                self._base += len(payload)
                return [known]
        frames: list[Frame] = []
        position = self._bom.skip(payload) if self._bom.is_looking else 0
        while position < len(payload):
            if self._start < 0:
                position = self._begin(payload, position, frames)
            elif self._closers:
                position = self._scan(payload, position, frames)
            else:
                position = self._skip_line(payload, position, frames)
        if self._start >= 0:
            self._keep(payload)
        self._base += len(payload)
        return frames

    def _known_line(self, line: bytes) -> Frame | None:
        """The frame of a part that is one value like those before, as nearly every part is."""
        plain = self._match(line) if b"\n" not in line and len(line) <= self._limit else None
        return None if plain is None else ("plain", self._base, self._base + len(line), plain)

    def close(self) -> list[Frame]:
        """The frames in what is left at the end of the body."""
        if self._start < 0:
            return []
        if not self._closers:
            return [self._line_frame(b"".join(self._pieces), self._base)]
        return self._rescue(b"".join(self._pieces))

    def _keep(self, payload: bytes) -> None:
        if self._base + len(payload) - self._start > self._limit:
            self._pieces.clear()
        else:
            self._pieces.append(payload[max(0, self._start - self._base) :])

    def _finish(self) -> None:
        self._pieces.clear()
        self._closers.clear()
        self._start = -1
        self._in_string = self._is_escaped = False
        self._bad_why = ""

    # Between values

    def _begin(self, payload: bytes, position: int, frames: list[Frame]) -> int:
        """Read whole values while there are any; note where an unfinished one begins."""
        position = _match_end(_SKIP, payload, position)
        if position == len(payload):
            return position
        if payload[position] in _OPENERS:
            whole_until = self._take_whole_values(payload, position, frames)
            if whole_until > position:
                return whole_until
            self._closers.append(_OPENERS[payload[position]])
            self._start = self._base + position
            return position + 1
        self._start = self._base + position
        return position

    def _take_whole_values(self, payload: bytes, position: int, frames: list[Frame]) -> int:
        """Values that are whole on this line of this part, parsed at once; where the first other byte is."""
        line_end = payload.find(b"\n", position, position + _WINDOW)
        line = payload[position : position + _WINDOW if line_end < 0 else line_end]
        plain = self._match(line.rstrip(_BETWEEN))
        if plain is not None and len(line) <= self._limit:
            stop = position + len(line.rstrip(_BETWEEN))
            frames.append(("plain", self._base + position, self._base + stop, plain))
            return stop
        return position + self._parse_values(line, self._base + position, frames)

    def _parse_values(self, line: bytes, start: int, frames: list[Frame]) -> int:
        """How many bytes at the front of a line are whole values."""
        try:
            text = line.decode()
        except UnicodeDecodeError:
            return 0
        index, taken = 0, 0
        while index < len(text) and text[index] in "{[":
            value, stop = leading_value(text, index)
            size = stop - index if text.isascii() else len(text[index:stop].encode())
            if value is MISSING or size > self._limit:
                break
            first = start + taken
            frames.append(("json", first, first + size, (line[taken : taken + size], value)))
            index = _match_end(_SKIP_TEXT, text, stop)
            taken += size + index - stop
        return taken

    # Inside a value

    def _scan(self, payload: bytes, position: int, frames: list[Frame]) -> int:
        if self._in_string:
            return self._scan_string(payload, position, frames)
        for match in _TOKEN.finditer(payload, position):
            first = payload[match.start()]
            if first == _QUOTE:
                if match.end() - match.start() == 1:
                    self._in_string = True
                    return match.end()
            elif first in _OPENERS:
                self._closers.append(_OPENERS[first])
            elif self._closers.pop() != first:
                self._closers.clear()
                self._bad_why = "brackets that do not match"
                return match.end()
            elif not self._closers:
                self._take_value(payload, match.end(), frames)
                return match.end()
        return len(payload)

    def _scan_string(self, payload: bytes, position: int, frames: list[Frame]) -> int:
        if self._is_escaped and payload[position] != 0x0A:
            position += 1
        self._is_escaped = False
        position = _match_end(_IN_STRING, payload, position)
        if position == len(payload):
            return position
        if payload[position] == _QUOTE:
            self._in_string = False
            return position + 1
        if payload[position] == 0x5C and position + 1 == len(payload):
            self._is_escaped = True
            return position + 1
        line_end = payload.index(b"\n", position)
        frames.append(("bad", self._start, self._base + line_end, "a line that ends inside a string"))
        self._finish()
        return line_end + 1

    def _take_value(self, payload: bytes, stop: int, frames: list[Frame]) -> None:
        end = self._base + stop
        if end - self._start > self._limit:
            frames.append(("bad", self._start, end, f"a value longer than {self._limit} bytes"))
        else:
            raw = b"".join((*self._pieces, payload[max(0, self._start - self._base) : stop]))
            frames.append(self._value_frame(raw, end))
        self._finish()

    def _value_frame(self, raw: bytes, end: int) -> Frame:
        plain = self._match(raw)
        if plain is not None:
            return ("plain", self._start, end, plain)
        text = as_text(raw)
        value = whole_value(text)
        if value is not MISSING:
            return ("json", self._start, end, (raw, value))
        if text == self._done:
            return ("done", self._start, end, None)
        return ("bad", self._start, end, "brackets around something that is no JSON")

    # Bad lines

    def _skip_line(self, payload: bytes, position: int, frames: list[Frame]) -> int:
        line_end = payload.find(b"\n", position)
        if line_end < 0:
            return len(payload)
        line = b"".join((*self._pieces, payload[max(0, self._start - self._base) : line_end]))
        frames.append(self._line_frame(line, self._base + line_end))
        self._finish()
        return line_end + 1

    def _line_frame(self, line: bytes, end: int) -> Frame:
        if end - self._start > self._limit:
            return ("bad", self._start, end, f"a line longer than {self._limit} bytes")
        stripped = line.rstrip(b" \t\r,\x1e")
        end -= len(line) - len(stripped)
        text = as_text(stripped)
        if text == self._done:
            return ("done", self._start, end, None)
        value = MISSING if self._bad_why else whole_value(text)
        if value is not MISSING:
            return ("json", self._start, end, (stripped, value))
        return ("bad", self._start, end, self._bad_why or "a line that is no JSON")

    # At the end of the body

    def _rescue(self, raw: bytes) -> list[Frame]:
        """What an unfinished value holds: it may be a cut line that swallowed whole ones behind it."""
        frames: list[Frame] = []
        bad_from, start = self._start, self._start
        for line in raw.split(b"\n") if raw else []:
            core = line.strip(_BETWEEN)
            value = whole_value(as_text(core)) if core.startswith((b"{", b"[")) else MISSING
            if value is not MISSING and start > self._start:
                first = start + line.index(core)
                _append_bad(frames, bad_from, start - 1)
                frames.append(("json", first, first + len(core), (core, value)))
                bad_from = start + len(line) + 1
            start += len(line) + 1
        _append_bad(frames, bad_from, self._base)
        return frames


def _append_bad(frames: list[Frame], start: int, end: int) -> None:
    if end > start:
        frames.append(("bad", start, end, "a value that does not end"))


def _match_end(pattern: re.Pattern[AnyStr], subject: AnyStr, position: int) -> int:
    """Where a pattern that matches everywhere, if only nothing, stops."""
    match = pattern.match(subject, position)
    assert match is not None
    return match.end()
