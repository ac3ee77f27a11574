"""One growing text: kept in few large pieces, and beside it which event each character came from."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

_SURROGATE = re.compile("[\ud800-\udfff]")
_PIECES = 1024
"""Small strings that wait before they are joined into one."""


class Channel:
    """One growing text that can always be encoded: halves of surrogate pairs meet again, lone ones become U+FFFD."""

    def __init__(self) -> None:
        self._blocks: list[str] = []
        self._block_ends = array("Q")
        self._pieces: list[str] = []
        self._held = ""
        """A high surrogate whose other half may be in the next event."""
        self._ends = array("Q")
        self._events = array("I")
        self.length = 0
        """Characters."""

    @property
    def is_holding(self) -> bool:
        """Whether half a surrogate pair waits for the other."""
        return bool(self._held)

    @property
    def text(self) -> str:
        """Everything so far. Costs a join."""
        self._pack()
        if len(self._blocks) > 1:
            self._blocks = ["".join(self._blocks)]
            self._block_ends = array("Q", [self.length])
        return self._blocks[0] if self._blocks else ""

    def cut(self, start: int, end: int | None = None) -> str:
        """The characters from one index to another, or to the end. Costs what it gives, however long the text is."""
        self._pack()
        found: list[str] = []
        end = self.length if end is None else min(end, self.length)
        block = bisect_right(self._block_ends, start)
        while start < end:
            block_end = self._block_ends[block]
            text = self._blocks[block]
            first = start - (block_end - len(text))
            found.append(text[first : first + end - start])
            start, block = block_end, block + 1
        return "".join(found)

    def add(self, text: str, event: int) -> str:
        """Append what an event adds; what it really added comes back."""
        if self._held or not text.isascii():
            text = self._rejoined(text)
        if not text:
            return text
        self.length += len(text)
        self._ends.append(self.length)
        self._events.append(event)
        self._pieces.append(text)
        if len(self._pieces) >= _PIECES:
            self._pack()
        return text

    def add_many(self, texts: Sequence[str], first_event: int) -> None:
        """Append texts of events that follow each other; none is empty, and none holds half a surrogate pair."""
        ends = list(accumulate(map(len, texts), initial=self.length))
        self._pieces.append("".join(texts))
        self._ends.extend(ends[1:])
        self._events.extend(range(first_event, first_event + len(texts)))
        self.length = ends[-1]
        self._pack()

    def flush(self, event: int) -> str:
        """Append what is held back, at the end; what came of it comes back."""
        if not self._held:
            return ""
        self._held = ""
        return self.add("\ufffd", event)

    def event_at(self, index: int) -> int | None:
        """The number of the event that a character came from."""
        place = bisect_right(self._ends, index)
        return self._events[place] if 0 <= index < self.length else None

    def span_of(self, event: int) -> tuple[int, int] | None:
        """Where the text of an event begins and ends; None when it added none."""
        place = bisect_right(self._events, event) - 1
        if place < 0 or self._events[place] != event:
            return None
        return (self._ends[place - 1] if place else 0), self._ends[place]

    def _pack(self) -> None:
        if self._pieces:
            self._blocks.append("".join(self._pieces))
            self._block_ends.append(self.length)
            self._pieces.clear()

    def _rejoined(self, text: str) -> str:
        if not self._held and _SURROGATE.search(text) is None:
            return text
        text = self._held + text
        self._held = ""
        if text and "\ud800" <= text[-1] <= "\udbff":
            self._held, text = text[-1], text[:-1]
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
