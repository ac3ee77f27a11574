"""JSON as the panes show it: laid out by `core.pretty`, in the styles of the palette."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from smrt_tui.core.pretty import RAW, PrettyLine, SpanKind, highlight, pretty_lines, text_of
from smrt_tui.ui.panes.rows import Piece, Run

STYLES: Mapping[SpanKind, str] = {
    "key": "key",
    "string": "string",
    "number": "number",
    "word": "constant",
    "bracket": "punctuation",
}


def json_runs(line: str) -> tuple[Run, ...]:
    """The runs of one line of JSON."""
    runs: list[Run] = []
    position = 0
    for start, end, kind in highlight(line):
        if start > position:
            runs.append(Run(start, "punctuation"))
        runs.append(Run(end, STYLES[kind]))
        position = end
    if position < len(line):
        runs.append(Run(len(line), "punctuation"))
    return tuple(runs)


def json_pieces(data: bytes) -> Iterator[Piece]:
    """All lines of some bytes, laid out and coloured; what is no JSON as it is."""
    for line in pretty_lines(data):
        text = text_of(data, line)
        if line.depth == RAW:
            yield f"{text}\n", ""
            continue
        start = 0
        for end, style in json_runs(text):
            yield text[start:end], style
            start = end
        yield "\n", ""


def joined(data: bytes, lines: Iterable[PrettyLine]) -> list[Piece]:
    """Lines as few texts, those that are no JSON dim."""
    pieces: list[Piece] = []
    texts: list[str] = []
    style = ""
    for line in lines:
        wanted = "dim" if line.depth == RAW else ""
        if texts and wanted != style:
            pieces.append(("".join(texts), style))
            texts = []
        style = wanted
        texts.append(text_of(data, line) + "\n")
    return [*pieces, ("".join(texts), style)] if texts else pieces
