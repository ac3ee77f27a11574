"""Where every decoded event stands in the body, by its number: a few numbers each, no object."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import NamedTuple


class Place(NamedTuple):
    """Where a decoded event stands."""

    start: int
    """Its first byte in the concatenated parts."""
    end: int
    """One past its last byte."""
    part: int
    """The part that completed it."""


class Places:
    """The places of all events, in body order."""

    def __init__(self) -> None:
        self._starts = array("Q")
        self._ends = array("Q")
        self._parts = array("I")

    def __len__(self) -> int:
        return len(self._parts)

    def __getitem__(self, number: int) -> Place:
        return Place(self._starts[number], self._ends[number], self._parts[number])

    def append(self, start: int, end: int, part: int) -> int:
        """Note the next event; its number comes back."""
        number = len(self._parts)
        self._starts.append(start)
        self._ends.append(end)
        self._parts.append(part)
        return number

    def extend(self, starts: Sequence[int], ends: Sequence[int], parts: Sequence[int]) -> int:
        """Note events that follow each other; the number of the first comes back."""
        number = len(self._parts)
        self._starts.extend(starts)
        self._ends.extend(ends)
        self._parts.extend(parts)
        return number

    def at_byte(self, offset: int) -> int | None:
        """The number of the event that holds this byte of the body; None between events."""
        number = bisect_right(self._starts, offset) - 1
        return number if number >= 0 and offset < self._ends[number] else None

    def of_part(self, part: int) -> range:
        """The numbers of the events that a part completed."""
        return range(bisect_left(self._parts, part), bisect_right(self._parts, part))
