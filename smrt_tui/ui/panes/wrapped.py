"""A growing text, wrapped: its bytes once, and for each block of it how many rows it makes.

Appending costs what is appended. Wrapping costs what is looked at: a block that nobody has looked at since the width
changed counts with the rows it had, until `settle` gets to it. No widget, no clock; every call does bounded work.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterator
from itertools import accumulate

from smrt_tui.core.plain import plain
from smrt_tui.ui.panes.rows import Line, Run, Span
from smrt_tui.ui.panes.wrap import wrap

BLOCK_BYTES = 16 * 1024
"""What is wrapped at one go: under 1 ms of ASCII, a few ms of anything else."""

KEPT_BLOCKS = 64
"""So many blocks keep where their rows begin; the others keep only how many rows they have."""

_SEARCH_BYTES = 1 << 20
_NEWLINE = 0x0A


class WrappedText:
    """Text as rows of at most `width` cells. What is appended is made harmless first."""

    def __init__(self, width: int = 80) -> None:
        self.raw = bytearray()
        """The text as shown, in UTF-8. Points are offsets in it."""
        self._width = width
        self._starts = array("Q", [0])
        self._counts = array("L", [0])
        self._count = 0
        self._is_exact = bytearray([1])
        self._totals: list[int] | None = None
        self._rows: OrderedDict[int, array[int]] = OrderedDict()
        self._tail = array("I")
        self._tail_wrapped = 0
        self._settled_to = self._settled_rows = 0
        """Up to which block, and so up to which row, every count is exact."""
        self._hidden: list[Span] = []
        """Whole lines that are folded away, in order."""
        self._style_starts = array("Q", [0])
        self._styles = [""]

    def __len__(self) -> int:
        return self._count

    @property
    def is_settled(self) -> bool:
        """Whether every block's row count is exact."""
        return self._settled_to >= len(self._starts) - 1

    def append(self, text: str, style: str = "") -> None:
        """Add to the end."""
        if not text:
            return
        if style != self._styles[-1]:
            self._style_starts.append(len(self.raw))
            self._styles.append(style)
        self.raw += plain(text).encode()
        if len(text) <= BLOCK_BYTES:
            self._wrap_tail()  # so that a block that closes now has its exact rows
        while len(self.raw) - self._starts[-1] > BLOCK_BYTES:
            self._close_block()
        self._wrap_tail()

    def _close_block(self) -> None:
        """Cut a block off the tail, after a line if it holds one, else where a row begins or a word ends."""
        start = self._starts[-1]
        cut = self._cut(start, start + BLOCK_BYTES)
        block = len(self._starts) - 1
        if self._tail_wrapped >= cut - start:
            rows = array("I", (row for row in self._tail if row < cut - start))
            self._set_count(block, len(rows))
            self._is_exact[-1] = 1
            self._keep(block, rows)
        else:
            self._set_count(block, self.raw.count(b"\n", start, cut) + (cut - start) // self._width)
            self._is_exact[-1] = 0
        self._tail = array("I", (row + start - cut for row in self._tail if row >= cut - start))
        self._tail_wrapped = max(0, self._tail_wrapped - (cut - start))
        self._starts.append(cut)
        self._counts.append(0)
        self._set_count(block + 1, len(self._tail))
        self._is_exact.append(1)
        self._totals = None

    def _set_count(self, block: int, count: int) -> None:
        self._count += count - self._counts[block]
        self._counts[block] = count

    def _cut(self, start: int, limit: int) -> int:
        newline = self.raw.rfind(b"\n", start, limit)
        if newline >= start:
            return newline + 1
        if self._tail and self._tail_wrapped >= limit - start:
            return start + max(row for row in self._tail if row <= limit - start) or limit
        space = self.raw.rfind(b" ", limit - 256, limit)
        row_end = start + max(1, (limit - start) // self._width) * self._width
        cut = min(row_end, limit) if space < 0 else space + 1
        while self.raw[cut] & 0xC0 == 0x80:
            cut -= 1
        return cut

    def _wrap_tail(self) -> None:
        """Wrap what came since, from the last row on: only that one can still change."""
        start, tail = self._starts[-1], self._tail
        begin = self._tail_wrapped
        if tail and begin and self.raw[start + begin - 1] != _NEWLINE:
            begin = tail.pop()
        for row in self._wrapped(start + begin, len(self.raw)):
            tail.append(row + begin)
        self._tail_wrapped = len(self.raw) - start
        self._set_count(len(self._counts) - 1, len(tail))

    def _wrapped(self, start: int, end: int) -> array[int]:
        """Where the rows of a stretch begin, counted from its start, without those of hidden lines."""
        if not self._hidden:
            return wrap(bytes(self.raw[start:end]), self._width)
        rows = array("I")
        position = start
        for hidden_from, hidden_to in [*self._hidden, (end, end)]:
            if hidden_to <= position and hidden_from < end:
                continue
            shown_to = min(max(hidden_from, position), end)
            rows.extend(row + position - start for row in wrap(bytes(self.raw[position:shown_to]), self._width))
            position = max(position, hidden_to)
            if position >= end:
                break
        return rows

    def hide(self, span: Span) -> None:
        """Fold whole lines away; what was folded within them is part of it."""
        start, end = span
        self._hidden = sorted([*(one for one in self._hidden if not start <= one[0] < end), span])
        self._wrap_again(span)

    def unhide(self, start: int) -> bool:
        """Show what is hidden from that byte on; whether anything was."""
        found = next((span for span in self._hidden if span[0] == start), None)
        if found is None:
            return False
        self._hidden.remove(found)
        self._wrap_again(found)
        return True

    def hidden_from(self, start: int) -> Span | None:
        """What is hidden from that byte on."""
        return next((span for span in self._hidden if span[0] == start), None)

    def _wrap_again(self, span: Span) -> None:
        """Forget the rows of the blocks that a stretch touches."""
        first = bisect_right(self._starts, span[0]) - 1
        for block in range(first, len(self._starts) - 1):
            if self._starts[block] >= span[1]:
                break
            self._rows.pop(block, None)
            self._is_exact[block] = 0
            self._block_rows(block)
        self._settled_to = self._settled_rows = 0
        if span[1] > self._starts[-1]:
            self._tail, self._tail_wrapped = array("I"), 0
            self._wrap_tail()
        self._totals = None

    def set_width(self, width: int) -> None:
        """Wrap for another width: the tail now, the rest when it is looked at or settled."""
        if width == self._width:
            return
        self._width = width
        self._rows.clear()
        self._is_exact = bytearray(len(self._starts))
        self._is_exact[-1] = 1
        self._settled_to = self._settled_rows = 0
        self._tail = array("I")
        self._tail_wrapped = 0
        self._wrap_tail()
        self._totals = None

    def settle(self) -> tuple[int, int]:
        """Wrap one block whose count is a guess: (its first row, by how many rows what follows it moved)."""
        while not self.is_settled and self._is_exact[self._settled_to]:
            self._settled_rows += self._counts[self._settled_to]
            self._settled_to += 1
        if self.is_settled:
            return 0, 0
        before = self._counts[self._settled_to]
        self._block_rows(self._settled_to)
        return self._settled_rows, self._counts[self._settled_to] - before

    def reveal(self, row: int, height: int, *, from_below: bool = False) -> int:
        """Wrap the blocks that show from `row` on; the number that row has once they are wrapped.

        With `from_below` the row keeps its distance to the end of its block, else to the beginning.
        """
        block, within = self._find(row)
        guessed = self._counts[block]
        exact = len(self._block_rows(block))
        if from_below:
            within = exact - (guessed - within)
        row = self._totals_now()[block] + max(0, min(within, exact - 1))
        last = row + height
        while block + 1 < len(self._starts) and self._totals_now()[block + 1] < last:
            block += 1
            self._block_rows(block)
        return row

    def line(self, row: int) -> Line:
        """One row, with the styles it was appended in."""
        start, end = self.row_span(row)
        text = self.raw[start:end].decode()
        return Line(text, self._runs(start, end, text))

    def row_span(self, row: int) -> Span:
        """The bytes of one row, without its line end. Blocks that it was guessed to be in are wrapped on the way."""
        block, within = self._find(row)
        rows = self._block_rows(block)
        while within >= len(rows):  # the block had fewer rows than guessed, and what follows it moved up
            block, within = self._find(row)
            rows = self._block_rows(block)
        base = self._starts[block]
        start = base + rows[within]
        if within + 1 < len(rows):
            end = base + rows[within + 1]
        else:
            end = self._starts[block + 1] if block + 1 < len(self._starts) else len(self.raw)
        newline = self.raw.find(b"\n", start, end)
        return start, end if newline < 0 else newline

    def _runs(self, start: int, end: int, text: str) -> tuple[Run, ...]:
        position = bisect_right(self._style_starts, start) - 1
        runs: list[Run] = []
        while position < len(self._styles) and self._style_starts[position] < max(end, start + 1):
            following = position + 1
            stop = min(end, self._style_starts[following]) if following < len(self._styles) else end
            index = len(text) if stop == end else len(self.raw[start:stop].decode())
            runs.append(Run(index, self._styles[position]))
            position += 1
        return tuple(runs)

    def point(self, row: int, index: int) -> int:
        """The byte offset of a row's character."""
        start, end = self.row_span(row)
        return start + len(self.raw[start:end].decode()[:index].encode())

    def place(self, point: int) -> tuple[int, int]:
        """Row and character index of a byte offset."""
        if not len(self):
            return 0, 0
        point = min(max(point, 0), len(self.raw))
        block = bisect_right(self._starts, point) - 1
        rows = self._block_rows(block)
        while not rows and block:
            block, rows = block - 1, self._block_rows(block - 1)
        within = max(0, bisect_right(rows, point - self._starts[block]) - 1)
        start = self._starts[block] + rows[within]
        return self._totals_now()[block] + within, len(self.raw[start:point].decode(errors="ignore"))

    def text_between(self, span: Span) -> str:
        """The text from one offset to another, without the breaks that wrapping made."""
        return self.raw[span[0] : span[1]].decode(errors="ignore")

    def find(self, needle: str) -> Iterator[list[Span]]:
        """Every match in order, a batch for each megabyte. A lower-case needle matches any case of ASCII letters."""
        wanted = needle.encode()
        is_any_case = wanted == wanted.lower()
        position = 0
        while position < len(self.raw):
            window = self.raw[position : position + _SEARCH_BYTES + len(wanted) - 1]
            window = window.lower() if is_any_case else window
            batch: list[Span] = []
            found = window.find(wanted)
            while found >= 0:
                batch.append((position + found, position + found + len(wanted)))
                found = window.find(wanted, found + len(wanted))
            position = max(position + _SEARCH_BYTES, batch[-1][1] if batch else 0)
            yield batch

    def _totals_now(self) -> list[int]:
        if self._totals is None:
            self._totals = [0, *accumulate(self._counts[:-1])]
        return self._totals

    def _find(self, row: int) -> tuple[int, int]:
        totals = self._totals_now()
        block = max(0, bisect_right(totals, max(0, min(row, len(self) - 1))) - 1)
        return block, min(row, len(self) - 1) - totals[block]

    def _block_rows(self, block: int) -> array[int]:
        """Where the rows of a block begin, wrapped now if they are not at hand; its count is exact from then on."""
        if block == len(self._starts) - 1:
            return self._tail
        rows = self._rows.get(block)
        if rows is None:
            rows = self._wrapped(self._starts[block], self._starts[block + 1])
            self._keep(block, rows)
        if not self._is_exact[block]:
            self._is_exact[block] = 1
            if self._counts[block] != len(rows):
                self._set_count(block, len(rows))
                self._totals = None
        return rows

    def _keep(self, block: int, rows: array[int]) -> None:
        self._rows[block] = rows
        self._rows.move_to_end(block)
        if len(self._rows) > KEPT_BLOCKS:
            self._rows.popitem(last=False)
