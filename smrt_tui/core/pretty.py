"""JSON laid out for reading, line by line and only as far as somebody reads, straight from the bytes that arrived.

Nothing is parsed into objects: numbers keep their digits, keys their order, repeated keys stay. A line is three
numbers, so that a view can keep a million of them and make the text of the forty it shows. What is no JSON is shown
line by line as it is. No colours are chosen here: `highlight` names kinds.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Mapping
from typing import Final, Literal, NamedTuple, TypeAlias, get_args

RAW: Final = -1
"""The depth of a line that is no JSON."""

_INDENT: Final = "  "
_WS = rb"[ \t\r\n]*+"
_STRING = rb'"[^"\\\n]*+(?:\\[^\n][^"\\\n]*+)*+"'
_WORD = rb"(?:-?\d[\d.eE+-]*+|true|false|null|NaN|-?Infinity)(?!\w)"


def _line_pattern(key: bytes, comma: bytes) -> re.Pattern[bytes]:
    """One line of the layout: a member or an item, an opening or a closing bracket, and the white space after it."""
    value = rb"(%s|%s)|([{\[])(?:%s([}\]]))?+" % (_STRING, _WORD, _WS)
    return re.compile(rb"(?:(?:%s%s:%s)?+(?:%s)|([}\]]))(?:%s%s)?+%s" % (key, _WS, _WS, value, _WS, comma, _WS))


_LINE = _line_pattern(_STRING, b",")
_OPEN, _CLOSE = 2, 4
"""The groups of `_LINE` that end in a bracket with more to come, and in one that closes."""
_PIECES = _line_pattern(b"(%s)" % _STRING, b"(,)")
_BETWEEN_VALUES = re.compile(rb"(?:\xef\xbb\xbf)?+[ \t\r\n,\x1e]*+")
_STARTS: Final = b"{["


class PrettyLine(NamedTuple):
    """One line of the layout, as the piece of the body it shows. `text_of` makes it readable."""

    start: int
    """The first byte it shows."""
    end: int
    """One past the last, white space behind it included."""
    depth: int
    """How far it is indented; `RAW` for a line shown as it is.

    An opening bracket folds the lines down to the next one that is no deeper than itself, its closing bracket.
    """


def pretty_lines(data: bytes) -> Iterator[PrettyLine]:
    """The lines of one JSON value, or of several one after the other. Takes what it is asked for and no more.

    From the first byte on that is no JSON, lines are raw, until one begins with a brace or a bracket again.
    """
    position = _end(_BETWEEN_VALUES, data, 0)
    if data[position : position + 1] not in _STARTS:  # nothing at all is in everything
        position = yield from _raw_lines(data, 0)
    while position < len(data):
        position = yield from _value_lines(data, position)
        position = _end(_BETWEEN_VALUES, data, position)
        if data[position : position + 1] not in _STARTS:
            position = yield from _raw_lines(data, position)


def _value_lines(data: bytes, position: int) -> Generator[PrettyLine, None, int]:
    """The lines of the value that begins here; where it ends, or where it is no JSON any more."""
    depth = 0
    match_line = _LINE.match
    while match := match_line(data, position):
        start, position = match.span()
        kind = match.lastindex
        if kind == _CLOSE:
            depth -= 1
        yield PrettyLine(start, position, depth)
        if kind == _OPEN:
            depth += 1
        if depth == 0:
            break
    return position


def _raw_lines(data: bytes, position: int) -> Generator[PrettyLine, None, int]:
    """The lines from here on as they are; where one begins like JSON, or the end."""
    while position < len(data):
        end = data.find(b"\n", position)
        end = len(data) if end < 0 else end
        yield PrettyLine(position, end, RAW)
        position = end + 1
        if data[position : position + 1] in _STARTS:
            break
    return position


def text_of(data: bytes, line: PrettyLine) -> str:
    """The line as it reads, indented and with one space after a key, U+FFFD for what is no UTF-8.

    It may hold control characters, like all that a model writes.
    """
    match = _PIECES.match(data, line.start, line.end) if line.depth != RAW else None
    if match is None:
        return data[line.start : line.end].decode("utf-8", "replace").removesuffix("\r")
    key, *rest = (group or b"" for group in match.groups())
    text = b"".join((key, b": " if key else b"", *rest))
    return _INDENT * line.depth + text.decode("utf-8", "replace")


def _end(pattern: re.Pattern[bytes], data: bytes, position: int) -> int:
    match = pattern.match(data, position)
    return position if match is None else match.end()


SpanKind: TypeAlias = Literal["key", "string", "number", "word", "bracket"]
"""What stands in a span: a member's name, a string, a number, one of true, false and null, a bracket."""


class Span(NamedTuple):
    """A piece of a line that has a kind."""

    start: int
    """In characters of the line."""
    end: int
    kind: SpanKind


_TOKEN = re.compile(
    r'(?P<key>"[^"\\]*+(?:\\.[^"\\]*+)*+"(?=\s*:))|(?P<string>"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\Z|\\\Z))'
    r"|(?P<number>-?(?:\d[\d.eE+-]*+|Infinity)|NaN)|(?P<word>true|false|null)|(?P<bracket>[{}\[\]])"
)
_KINDS: Mapping[str | None, SpanKind] = {kind: kind for kind in get_args(SpanKind)}


def highlight(line: str) -> list[Span]:
    """The kinds in one line of JSON, in order; what is between them (space, colons, commas) has none.

    A string that is not closed on this line is one to its end. For a line that is no JSON, do not ask.
    """
    return [Span(found.start(), found.end(), _KINDS[found.lastgroup]) for found in _TOKEN.finditer(line)]
