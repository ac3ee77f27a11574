"""A glimpse of bytes on one row: decoded as far as they can be, harmless, and no wider than there is room."""

from __future__ import annotations

from rich.cells import cell_len, set_cell_size

from smrt_tui.core.plain import plain

_ONE_ROW = str.maketrans({"\n": "␊", "\t": "␉"})


def glimpse(payload: bytes, width: int) -> str:
    """The beginning of some bytes as one row of text. Half a character at either end is shown as `�`."""
    text = payload[: width * 4 + 4].decode("utf-8", "replace")
    return one_row(text, width)


def one_row(text: str, width: int) -> str:
    """Text on one row: line ends and tabs as symbols, what is harmful too; cut with `…`."""
    text = plain(text[: width + 1].translate(_ONE_ROW))
    return text if cell_len(text) <= width else set_cell_size(text, max(0, width - 1)) + "…"
