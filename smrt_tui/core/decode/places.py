"""Where every decoded event stands in the body, by its number: four bytes each, no object."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from smrt_tui.core.columns import Rising


class Place(NamedTuple):
    """Where a decoded event stands."""

    start: int
    """Its first byte in the concatenated parts."""
    end: int
    """One past its last byte."""
    part: int
    """The part that completed it."""


class Places:
    """The places of all events, in the order in which they were whole."""

    def __init__(self) -> None:
        self._ends = Rising("H")
        self._between = Rising("B")
        """Bytes before each event that are no event's, added up. Less than before where events lie in each other."""
        self._parts = Rising("B")

    def __len__(self) -> int:
        return len(self._parts)

    def __getitem__(self, number: int) -> Place:
        start = self._ends.before(number) + self._between.step(number)
        return Place(start, self._ends[number], self._parts[number])

    def append(self, start: int, end: int, part: int) -> int:
        """Note the next event; its number comes back."""
        number = len(self._parts)
        self._between.append(self._between.last + start - self._ends.last)
        self._ends.append(end)
        self._parts.append(part)
        return number

    def extend(self, ends: Sequence[int], parts: Sequence[int]) -> int:
        """Note events without a byte between them, the first of which begins where the last ended: its number."""
        number = len(self._parts)
        self._between.extend([self._between.last] * len(ends))
        self._ends.extend(ends)
        self._parts.extend(parts)
        return number

    def at_byte(self, offset: int) -> int | None:
        """The number of the event that holds this byte of the body; None between events.

        A comment within an event was whole before it: then the event is the one after.
        """
        first = self._ends.first_above(offset)
        return next((n for n in range(first, min(first + 2, len(self))) if self[n].start <= offset), None)

    def of_part(self, part: int) -> range:
        """The numbers of the events that a part completed."""
        return range(self._parts.first_above(part - 1), self._parts.first_above(part))
