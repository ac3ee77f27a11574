"""Stand-in until core.pretty is there."""

from __future__ import annotations

import json
from collections.abc import Iterator

from smrt_tui.ui.panes.wire_text import Piece


def pretty_pieces(data: bytes) -> Iterator[Piece]:
    """Indented."""
    try:
        text = json.dumps(json.loads(data), indent=2, ensure_ascii=False)
    except ValueError:
        text = data.decode("utf-8", "backslashreplace")
    yield text + "\n", ""
