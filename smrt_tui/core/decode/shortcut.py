"""A stream's events differ in little but their text, so most need no parsing: the bytes around the text are known.

From an event that was parsed and said nothing but text, a pattern is made in which everything that any path looks at
stands as it is, every other number and string may be another, and the text is what is found in between. An event that
fits it would say the same as the first one, with its own text. Events that do not fit are parsed. Nothing is guessed:
a path that is more than names and indexes makes no pattern.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from smrt_tui.core.decode.decoded import Plain
from smrt_tui.core.decode.expressions import Branch, Step, Steps
from smrt_tui.core.decode.jsonvalue import as_text, whole_value
from smrt_tui.core.decode.paths import Row, value_at

_PATTERNS: Final = 4
"""Patterns kept at a time: content, reasoning, a first event with a role …"""
_LESSONS: Final = 16
"""Patterns made at most for one body, so that a body without any regularity costs no more than parsing."""
_LONGEST: Final = 4096
"""Bytes of the longest event that a pattern is made of."""

_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|[^\s"{}\[\]:,]+|[{}\[\]:,]', re.DOTALL)
_ANY_STRING = rb'"[^"\\]*+"'
_ANY_NUMBER = rb"-?+(?:0|[1-9]\d{0,18}+)(?:\.\d{1,30}+)?+(?:[eE][+-]?\d{1,4}+)?+"
_THE_TEXT = rb'"([^"\\]*+(?:\\.[^"\\]*+)*+)"'


class _Pattern(NamedTuple):
    """What the events like one that was read look like."""

    before: bytes
    """Up to its text, the opening quote included."""
    after: bytes
    """From the closing quote on."""
    likeness: re.Pattern[bytes]
    """The same with other values where no path looks."""
    plain: Plain


class Shortcut:
    """The patterns of one body."""

    def __init__(self) -> None:
        self._patterns: list[_Pattern] = []
        self._lessons = _LESSONS
        self._has_seen_one = False

    @property
    def wants_lessons(self) -> bool:
        """Whether another pattern may be made."""
        return self._lessons > 0

    def match(self, raw: bytes) -> tuple[str, Plain] | None:
        """The text of an event and what else is known of it; None when it must be parsed."""
        for before, after, likeness, plain in self._patterns:
            if raw.startswith(before) and raw.endswith(after) and len(raw) >= len(before) + len(after):
                text = raw[len(before) : -len(after)]
                if b'"' not in text and b"\\" not in text:
                    return text.decode("utf-8", "replace"), plain
            found = likeness.fullmatch(raw)
            if found is not None:
                return _unescaped(found[1], plain)
        return None

    def learn(self, raw: bytes, event: object, rows: Sequence[Row], plain: Plain) -> None:
        """Make a pattern of an event that said nothing but text; `rows` are the paths, those of that text first."""
        if not self._has_seen_one:  # a body of one event needs no pattern
            self._has_seen_one = True
            return
        self._lessons -= 1
        used = _looked_at(event, rows)
        text = _place_of_text(event, rows[0])
        if used is None or text is None or len(raw) > _LONGEST:
            return
        pattern = _pattern(raw, text, used, plain)
        if pattern is not None:
            self._patterns = [pattern, *self._patterns[: _PATTERNS - 1]]


def _unescaped(text: bytes, plain: Plain) -> tuple[str, Plain] | None:
    if b"\\" not in text:
        return as_text(text), plain
    value = whole_value(f'"{as_text(text)}"')
    return (value, plain) if isinstance(value, str) else None  # a wrong escape; parsing will say so


def _looked_at(event: object, rows: Sequence[Row]) -> list[Steps] | None:
    """Every place of an event that some path looks at; None when that cannot be told."""
    places: list[Steps] = []
    for row in rows:
        if row is None:
            return None
        for branch in row:
            places += (branch.guard,) if branch.guard is not None else ()
            places += (branch.steps,) if _holds(event, branch) else ()
    is_from_the_end = any(isinstance(step, int) and step < 0 for steps in places for step in steps)
    return None if is_from_the_end else places


def _place_of_text(event: object, row: Row) -> Steps | None:
    """Where the text stands, when no other branch could give one."""
    found = [b.steps for b in row or () if _holds(event, b) and value_at(event, b.steps) is not None]
    return found[0] if len(found) == 1 else None


def _holds(event: object, branch: Branch) -> bool:
    return branch.guard is None or value_at(event, branch.guard) == branch.literal


def _pattern(raw: bytes, text: Steps, used: Sequence[Steps], plain: Plain) -> _Pattern | None:
    pieces: list[bytes] = []
    places: list[tuple[int, int]] = []
    done = 0
    for steps, start, end in _scalars(raw):
        if steps == text:
            places.append((start, end))
            piece = _THE_TEXT
        elif any(path[: len(steps)] == steps for path in used):
            continue
        else:
            piece = _ANY_STRING if raw[start] == 0x22 else _ANY_NUMBER
        pieces += (re.escape(raw[done:start]), piece)
        done = end
    likeness = re.compile(b"".join((*pieces, re.escape(raw[done:]))), re.DOTALL)
    if len(places) != 1 or not likeness.fullmatch(raw):
        return None
    ((start, end),) = places
    return _Pattern(raw[: start + 1], raw[end - 1 :], likeness, plain)


def _scalars(raw: bytes) -> Iterator[tuple[Steps, int, int]]:
    """Every string and number that is a value in a sound JSON text: the steps to it, its first byte and its end."""
    path: list[Step] = []
    is_key = False
    for match in _TOKEN.finditer(raw):
        token = match[0]
        if token == b"{":
            path.append("")
            is_key = True
        elif token == b"[":
            path.append(0)
            is_key = False
        elif token in b"}]":
            path.pop()
            is_key = False
        elif token == b",":
            is_key = isinstance(path[-1], str)
            path[-1] = path[-1] + 1 if isinstance(path[-1], int) else ""
        elif token == b":":
            is_key = False
        elif is_key:
            path[-1] = str(whole_value(as_text(token)))
        elif token[:1] == b'"' or token[:1] in b"-0123456789":
            yield tuple(path), match.start(), match.end()
