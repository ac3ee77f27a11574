"""What is marked in a document: a selection, matches of a search, a place that another view pointed at. No widget."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from smrt_tui.ui.panes.rows import Line, Span


class Stretch(NamedTuple):
    """A stretch of a line in one style, with what is laid over it."""

    text: str
    style: str
    overlays: tuple[str, ...] = ()
    """Component classes without their prefix, in the order in which they are laid on."""


class Marks:
    """Pairs of points, each with a style."""

    def __init__(self) -> None:
        self.anchor: int | None = None
        """Where a selection began; None when there is none."""
        self.head = 0
        """Where it has been drawn to; before the anchor as well as after."""
        self.located: Span | None = None
        """What another view's cursor is on."""
        self.query = ""
        self.current = -1
        """The number of the match that was gone to last."""
        self._starts = array("Q")
        self._ends = array("Q")

    @property
    def selection(self) -> Span | None:
        """The selected stretch; None when nothing is selected."""
        if self.anchor is None or self.anchor == self.head:
            return None
        return min(self.anchor, self.head), max(self.anchor, self.head)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is marked."""
        return self.anchor is None and self.located is None and not self._starts

    @property
    def total(self) -> int:
        """How many matches are known."""
        return len(self._starts)

    def match(self, number: int) -> Span:
        """One match."""
        return self._starts[number], self._ends[number]

    def begin_search(self, query: str) -> None:
        """Forget the matches of the query before."""
        self.query, self.current = query, -1
        self._starts, self._ends = array("Q"), array("Q")

    def add_matches(self, spans: Iterable[Span]) -> None:
        """Note more matches; they come in order."""
        for start, end in spans:
            self._starts.append(start)
            self._ends.append(end)

    def first_from(self, point: int) -> int:
        """The number of the first match at or after a point, the first of all when there is none after it."""
        number = bisect_left(self._starts, point)
        return number if number < self.total else 0

    def over(self, span: Span) -> list[tuple[Span, str]]:
        """Everything marked within a stretch, each with the style it is laid over with."""
        found = [(self.match(number), self._match_style(number)) for number in self._matches_over(span)]
        if self.located is not None and _overlap(self.located, span):
            found.insert(0, (self.located, "located"))
        if self.selection is not None and _overlap(self.selection, span):
            found.append((self.selection, "selection"))
        return found

    def _matches_over(self, span: Span) -> range:
        if not self.total:
            return range(0)
        return range(bisect_right(self._ends, span[0]), bisect_left(self._starts, span[1]))

    def _match_style(self, number: int) -> str:
        return "match-current" if number == self.current else "match"


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < max(other[1], other[0] + 1) and one[1] > other[0]


def pieces(line: Line, marked: Iterable[tuple[Span, str]] = ()) -> Iterator[Stretch]:
    """A line cut wherever a style or a mark begins or ends. `marked` counts characters of this line."""
    overlays = list(marked)
    if not overlays:
        yield from _plain_pieces(line)
        return
    runs = [*line.runs, (len(line.text), "")]
    cuts = sorted({0, len(line.text), *(end for end, _ in runs), *(edge for span, _ in overlays for edge in span)})
    position = 0
    for start, end in pairwise(cuts):
        if start >= len(line.text):
            break
        while runs[position][0] <= start:
            position += 1
        over = tuple(style for (first, last), style in overlays if first <= start and end <= last)
        yield Stretch(line.text[start:end], runs[position][1], over)


def _plain_pieces(line: Line) -> Iterator[Stretch]:
    start = 0
    for end, style in line.runs:
        if end > start:
            yield Stretch(line.text[start:end], style)
        start = end
    if start < len(line.text):
        yield Stretch(line.text[start:], "")
