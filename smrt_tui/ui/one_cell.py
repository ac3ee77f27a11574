"""Hidden characters made visible one for one, for text that is edited: its cursor counts characters."""

from __future__ import annotations

from smrt_tui.core.plain import SYMBOLS

_ONE_CELL = {code: symbol if len(symbol) == 1 else "\ufffd" for code, symbol in SYMBOLS.items()}


def one_cell(text: str) -> str:
    """The text with every character that a terminal would obey, or hide, replaced by one that it shows."""
    return text if text.isprintable() else text.translate(_ONE_CELL)
