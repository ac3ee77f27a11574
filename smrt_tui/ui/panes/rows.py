"""Lines as values: a text with styled runs, and what a pane asks of whatever supplies them. No widget, no colour.

A *point* is a place in a document that survives scrolling and wrapping: a byte offset in wrapped text, row and
character in a table. Selections and matches are pairs of points.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import NamedTuple, Protocol, TypeAlias

from rich.cells import cell_len, split_graphemes

TAB_CELLS = 4
"""A tab is shown as so many spaces wherever it stands."""

Span: TypeAlias = tuple[int, int]
"""Two points, the second excluded."""


Piece: TypeAlias = tuple[str, str]
"""A text and a style of `palette.STYLES`; empty for the pane's own."""


class Run(NamedTuple):
    """A stretch of one line in one style."""

    end: int
    """The character index where it ends; it begins where the one before ended."""
    style: str
    """A component class without its `pane--` prefix; empty for the pane's own style."""


class Line(NamedTuple):
    """One row as it is shown: harmless text without a line end."""

    text: str
    runs: tuple[Run, ...] = ()
    """In order. What follows the last run is in the pane's own style."""


def line_of(*pieces: str | Piece) -> Line:
    """A line from texts and (text, style) pairs."""
    text = ""
    runs: list[Run] = []
    for piece in pieces:
        words, style = (piece, "") if isinstance(piece, str) else piece
        text += words
        if words:
            runs.append(Run(len(text), style))
    return Line(text, tuple(runs))


class Rows(Protocol):
    """What a pane draws from: rows by number, and points that outlive them."""

    def __len__(self) -> int: ...

    def line(self, row: int) -> Line:
        """One row, worked out now."""
        ...

    def reveal(self, row: int, height: int, *, from_below: bool = False) -> int:
        """Settle what shows from `row` on; the number which that row has from then on."""
        ...

    def point(self, row: int, index: int) -> int:
        """The point of a row's character."""
        ...

    def place(self, point: int) -> tuple[int, int]:
        """Row and character index of a point; the nearest before it when it is not shown."""
        ...

    def text_between(self, span: Span) -> str:
        """What copying that stretch gives."""
        ...

    def find(self, needle: str) -> Iterator[list[Span]]:
        """Every match in order, a batch for each bounded slice of work. Lower-case needles match any case."""
        ...


_INDEX_BITS = 32
_ROWS_PER_SLICE = 256


class TableRows(ABC):
    """Rows that are independent of each other and never wrap: one record, one row."""

    @abstractmethod
    def __len__(self) -> int: ...

    @abstractmethod
    def line(self, row: int) -> Line:
        """One row, worked out now."""

    def reveal(self, row: int, height: int, *, from_below: bool = False) -> int:
        """Rows that never wrap stay where they are."""
        return row

    def point(self, row: int, index: int) -> int:
        """Row and character in one number."""
        return row << _INDEX_BITS | index

    def place(self, point: int) -> tuple[int, int]:
        """Row and character out of one number."""
        return point >> _INDEX_BITS, point & ((1 << _INDEX_BITS) - 1)

    def text_between(self, span: Span) -> str:
        """The rows' texts, a line each."""
        (first, start), (last, end) = self.place(span[0]), self.place(span[1])
        if first == last:
            return self.line(first).text[start:end]
        middle = [self.line(row).text for row in range(first + 1, last)]
        return "\n".join([self.line(first).text[start:], *middle, self.line(last).text[:end]])

    def find(self, needle: str) -> Iterator[list[Span]]:
        """Every match in the rows' texts."""
        is_any_case = needle == needle.lower()
        row = 0
        while row < len(self):
            batch: list[Span] = []
            for number in range(row, min(row + _ROWS_PER_SLICE, len(self))):
                text = self.line(number).text
                text = text.lower() if is_any_case else text
                index = text.find(needle)
                while index >= 0:
                    batch.append((self.point(number, index), self.point(number, index + len(needle))))
                    index = text.find(needle, index + len(needle))
            row += _ROWS_PER_SLICE
            yield batch


class FixedRows(TableRows):
    """Rows that are all there already: a short report."""

    def __init__(self, lines: list[Line]) -> None:
        self._lines = lines

    def __len__(self) -> int:
        return len(self._lines)

    def line(self, row: int) -> Line:
        """One row."""
        return self._lines[row]


def cells(text: str) -> int:
    """How many cells a text takes, tabs as they are shown."""
    return cell_len(text) + TAB_CELLS * text.count("\t") if "\t" in text else cell_len(text)


def index_at(text: str, cell: int) -> int:
    """The index of the character that covers a cell, or the text's length beyond its end."""
    if text.isascii() and "\t" not in text:
        return min(max(cell, 0), len(text))
    taken = 0
    for start, _end, width in graphemes(text):
        taken += width
        if taken > cell:
            return start
    return len(text)


def graphemes(text: str) -> list[tuple[int, int, int]]:
    """(start, end, cells) of everything a person sees as one character, combining marks with what they sit on."""
    spans, _total = split_graphemes(text.replace("\t", " "))
    if "\t" not in text:
        return spans
    return [(start, end, TAB_CELLS if text[start] == "\t" else width) for start, end, width in spans]
