"""JSON indented token by token, and coloured line by line. Pure, and never as a whole.

Nothing is parsed into objects, so that numbers, duplicate keys and order stay as they came, and the first lines are
there at once whatever comes after them. What is no JSON is passed on as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from smrt_tui.ui.panes.rows import Run

_TOKEN = re.compile(r'\s*("(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+|")')
_PIECE = re.compile(r'(?P<string>"(?:[^"\\]|\\.)*"?)(?P<colon>\s*:)?|(?P<number>-?\d[\d.eE+-]*)|(?P<word>\w+)|[^\w"]+')
_CONSTANTS = frozenset({"true", "false", "null", "NaN", "Infinity"})


def pretty_lines(text: str, indent: int = 2) -> Iterator[str]:
    """The text's values, a line a member, one after the other."""
    depth = 0
    line: list[str] = []
    opened = False
    for match in _TOKEN.finditer(text):
        token = match[1]
        if token in "}]":
            if not opened:
                yield "".join(line)
                line = [" " * (indent * (depth - 1))]
            depth = max(0, depth - 1)
            line.append(token)
        elif token == ",":
            line.append(token)
            if depth:
                yield "".join(line)
                line = [" " * (indent * depth)]
        elif token == ":":
            line.append(": ")
        else:
            if opened:
                yield "".join(line)
                line = [" " * (indent * depth)]
            elif not depth and line:
                yield "".join(line)
                line = []
            line.append(token)
            depth += token in "{["
        opened = token in "{["
    if line:
        yield "".join(line)


def highlight(line: str) -> tuple[Run, ...]:
    """The runs of one line, in the styles of the palette."""
    runs = []
    for match in _PIECE.finditer(line):
        if match["string"] is not None:
            end = match.end("string")
            runs.append(Run(end, "key" if match["colon"] else "string"))
            if match["colon"]:
                runs.append(Run(match.end(), "punctuation"))
        elif match["number"] is not None:
            runs.append(Run(match.end(), "number"))
        else:
            runs.append(Run(match.end(), "constant" if match["word"] in _CONSTANTS else "punctuation"))
    return tuple(runs)
