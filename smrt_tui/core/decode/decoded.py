"""What decoding gives: events as frozen values. Nothing here knows how they were found."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, NamedTuple, TypeAlias

Kind: TypeAlias = Literal["event", "comment", "bad", "done", "rest"]
"""What a piece of the body is.

`event`: one message of the model. `comment`: an SSE comment, a sign of life and no token. `bad`: bytes that are no
event. `done`: the marker that ends a stream. `rest`: what was held back until the stream ended (half a character).
"""


class ToolFragment(NamedTuple):
    """A piece of one tool call, as far as one event tells it."""

    call: int
    """Which call of the choice it belongs to."""
    id: str
    """Empty when this event does not say."""
    name: str
    """The function's name; empty when this event does not say."""
    arguments: str
    """The next characters of the arguments."""


class Decoded(NamedTuple):
    """One event of the body, or one choice of it: an event with three choices gives three of these, with one number.

    Made ten thousand times a second, hence a tuple, as `events.PartArrived` is.
    """

    kind: Kind
    number: int
    """Counts from 0 over everything found in the body, comments and bad bytes too; `Decoder.places` has its place."""
    start: int
    """Its first byte, counted from the start of the concatenated parts."""
    end: int
    """One past its last byte, line end not included."""
    part: int
    """The number of the part that completed it."""
    at: float
    """When that part was read, in seconds since the call started."""
    text: str = ""
    """What it adds to the answer. Halves of a surrogate pair are held until they are whole."""
    reasoning: str = ""
    """What it adds to the reasoning."""
    choice: int = 0
    finish: str | None = None
    error: str | None = None
    """An error told inside the stream."""
    usage_in: int | None = None
    usage_out: int | None = None
    tools: tuple[ToolFragment, ...] = ()
    note: str = ""
    """A comment's text, or why bytes are bad."""


class Plain(NamedTuple):
    """What is known about an event that says nothing but text, beside its text."""

    is_reasoning: bool
    choice: int
    is_token: bool


PROSE = Plain(is_reasoning=False, choice=0, is_token=False)
"""Text that is no event's but the body itself."""

Frame: TypeAlias = tuple[Literal["plain", "json", "string", "comment", "bad", "done"], int, int, Any]
"""One piece cut out of a body by a framer: its kind, first byte, end, and value. A bare tuple, for speed.

`plain`: text and its `Plain`. `json`: the bytes of a value and the value. `string`: data of a server-sent event that is
no JSON. `comment`: its text. `bad`: why it is.
"""

Match: TypeAlias = Callable[[bytes], tuple[str, Plain] | None]
"""Knows some events without parsing them."""
