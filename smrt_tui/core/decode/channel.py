"""One growing text: kept once, in UTF-8 and in large pieces, and beside it which event each character came from."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from smrt_tui.core.columns import Rising

_SURROGATE = re.compile("[\ud800-\udfff]")
_PIECES = 1024
"""Small strings that wait before they are joined into one."""
_BLOCK = 16 * 1024
"""Characters of one piece, once it is full: what is read at most to give a single one."""


class Channel:
    """One growing text that can always be encoded: halves of surrogate pairs meet again, lone ones become U+FFFD."""

    def __init__(self) -> None:
        self._blocks: list[bytes] = []
        self._block_ends = array("Q")
        """Characters up to the end of each."""
        self._pieces: list[str] = []
        self._held = ""
        """A high surrogate whose other half may be in the next event."""
        self._ends = Rising("H")
        """Characters up to the end of what each event added."""
        self._runs, self._run_events = array("Q"), array("Q")
        """Events that follow each other: the first addition of such a run, and its event."""
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
        return b"".join(self._blocks).decode()

    def cut(self, start: int, end: int | None = None) -> str:
        """The characters from one index to another, or to the end. Costs what it gives, however long the text is."""
        self._pack()
        found: list[str] = []
        end = self.length if end is None else min(end, self.length)
        block = bisect_right(self._block_ends, start)
        while start < end:
            block_end = self._block_ends[block]
            text = self._blocks[block].decode()
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
        self._note_event(event)
        self.length += len(text)
        self._ends.append(self.length)
        self._pieces.append(text)
        if len(self._pieces) >= _PIECES:
            self._pack()
        return text

    def add_many(self, texts: Sequence[str], first_event: int) -> None:
        """Append texts of events that follow each other; none is empty, and none holds half a surrogate pair."""
        self._note_event(first_event)
        ends = list(accumulate(map(len, texts), initial=self.length))[1:]
        self._ends.extend(ends)
        self.length = ends[-1]
        self._pieces.append("".join(texts))
        if len(self._pieces) >= _PIECES:
            self._pack()

    def _note_event(self, event: int) -> None:
        """Of the next addition, and of those after it one more each."""
        place = len(self._ends)
        if not self._runs or event != self._run_events[-1] + place - self._runs[-1]:
            self._runs.append(place)
            self._run_events.append(event)

    def flush(self, event: int) -> str:
        """Append what is held back, at the end; what came of it comes back."""
        if not self._held:
            return ""
        self._held = ""
        return self.add("\ufffd", event)

    def event_at(self, index: int) -> int | None:
        """The number of the event that a character came from."""
        if not 0 <= index < self.length:
            return None
        place = self._ends.first_above(index)
        run = bisect_right(self._runs, place) - 1
        return self._run_events[run] + place - self._runs[run]

    def span_of(self, event: int) -> tuple[int, int] | None:
        """Where the text of an event begins and ends; None when it added none."""
        run = bisect_right(self._run_events, event) - 1
        if run < 0:
            return None
        place = self._runs[run] + event - self._run_events[run]
        end = self._runs[run + 1] if run + 1 < len(self._runs) else len(self._ends)
        return (self._ends.before(place), self._ends[place]) if place < end else None

    def _pack(self) -> None:
        """Join what waits with the last block while that has room, and cut what is too long for one."""
        if not self._pieces:
            return
        text = "".join(self._pieces)
        self._pieces.clear()
        packed = self._block_ends[-1] if self._block_ends else 0
        if self._blocks and len(self._blocks[-1]) < _BLOCK:
            self._block_ends.pop()
            last = self._blocks.pop().decode()
            packed, text = packed - len(last), last + text
        for start in range(0, len(text), _BLOCK):
            block = text[start : start + _BLOCK]
            packed += len(block)
            self._blocks.append(block.encode())
            self._block_ends.append(packed)

    def _rejoined(self, text: str) -> str:
        if not self._held and _SURROGATE.search(text) is None:
            return text
        text = self._held + text
        self._held = ""
        if text and "\ud800" <= text[-1] <= "\udbff":
            self._held, text = text[-1], text[:-1]
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
