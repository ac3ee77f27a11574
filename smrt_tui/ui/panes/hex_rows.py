"""Any bytes as a hex dump: offset, digits, and what of them is ASCII. Rows are worked out when they show."""

from __future__ import annotations

import re
from collections.abc import Iterator

from smrt_tui.core.plain import plain_bytes
from smrt_tui.ui.panes.rows import Line, Run, Span, TableRows

_SEARCH_BYTES = 1 << 20
_HEX_PAIRS = re.compile(r"(?:0x)?(?:[0-9a-fA-F]{2}[ ]?)+")


def bytes_per_row(width: int) -> int:
    """As many bytes as fit: each takes four cells, beside those of the offset and the gaps."""
    return next((count for count in (32, 16, 8) if _text_column(count) + count <= width), 4)


def _column(byte: int) -> int:
    """Where the digits of a row's byte begin: after an offset of eight digits, with a gap after each eighth byte."""
    return 10 + byte * 3 + byte // 8


def _text_column(per_row: int) -> int:
    return _column(per_row - 1) + 4


class HexRows(TableRows):
    """Any bytes as rows of a hex dump."""

    def __init__(self, data: bytes | bytearray, per_row: int) -> None:
        self.data = data
        self.per_row = per_row

    def __len__(self) -> int:
        return -(-len(self.data) // self.per_row)

    def line(self, row: int) -> Line:
        """Offset, hex in groups of eight, text."""
        start = row * self.per_row
        piece = bytes(self.data[start : start + self.per_row])
        digits = "  ".join(piece[at : at + 8].hex(" ").ljust(23) for at in range(0, self.per_row, 8))
        gap = _text_column(self.per_row) - 2
        text = f"{start:08x}  {digits}"[:gap] + "  " + plain_bytes(piece)
        return Line(text, (Run(8, "faint"), Run(gap, ""), Run(len(text), "string")))

    def span_of(self, start: int, end: int) -> Span:
        """The points of a stretch of bytes."""
        first, last = divmod(start, self.per_row), divmod(end - 1, self.per_row)
        return self.point(first[0], _column(first[1])), self.point(last[0], _column(last[1]) + 2)

    def byte_at(self, point: int) -> int:
        """The byte whose digits or text are at a point."""
        row, index = self.place(point)
        text_column = _text_column(self.per_row)
        in_row = index - text_column if index >= text_column else (index - 10 - max(0, index - 10) // 25) // 3
        return min(row * self.per_row + max(0, min(in_row, self.per_row - 1)), max(0, len(self.data) - 1))

    def find(self, needle: str) -> Iterator[list[Span]]:
        """Every match of a text in UTF-8, or of bytes written as `0x…` or as pairs of digits."""
        digits = needle.removeprefix("0x").replace(" ", "")
        is_hex = bool(_HEX_PAIRS.fullmatch(needle)) and ("0x" in needle or " " in needle.strip())
        wanted = bytes.fromhex(digits) if is_hex else needle.encode()
        position = 0
        while position < len(self.data):
            window = bytes(self.data[position : position + _SEARCH_BYTES + len(wanted) - 1])
            found = window.find(wanted)
            batch = []
            while found >= 0:
                batch.append(self.span_of(position + found, position + found + len(wanted)))
                found = window.find(wanted, found + len(wanted))
            position += _SEARCH_BYTES
            yield batch
