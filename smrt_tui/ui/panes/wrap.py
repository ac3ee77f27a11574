"""Soft wrap: where the rows of a stretch of UTF-8 begin for a width. Pure, and linear in the bytes.

Rows break after a space where there is one, else between characters, never inside one and never between a character
and its combining marks. A line of no more bytes than the width has cells is one row whatever its script, since no
character takes more cells than it has bytes.
"""

from __future__ import annotations

import re
from array import array

from smrt_tui.ui.panes.rows import graphemes

_NARROW = re.compile("[ -~\u00a0-\u00ac\u00ae-\u02ff\u0370-\u0482\u2010-\u2027\u2500-\u25fc\u2800-\u28ff]*")
"""Characters of one cell each that nothing combines with: most of what is written in Latin, Greek and Cyrillic."""


def wrap(chunk: bytes, width: int) -> array[int]:
    """Where each row of `chunk` begins. A line end closes its row; one at the very end opens no other."""
    starts = array("I")
    add = starts.append
    position, end = 0, len(chunk)
    is_simple = chunk.isascii() and b"\t" not in chunk
    while position < end:
        add(position)
        newline = chunk.find(b"\n", position)
        line_end = end if newline < 0 else newline
        if line_end - position > width or not is_simple:
            if is_simple or _is_simple(chunk, position, line_end):
                _break_simple(chunk, position, line_end, width, starts)
            else:
                _break_wide(chunk, position, line_end, width, starts)
        position = line_end + 1
    return starts


def _is_simple(chunk: bytes, start: int, end: int) -> bool:
    line = chunk[start:end]
    return line.isascii() and b"\t" not in line


def _break_simple(chunk: bytes, position: int, end: int, width: int, starts: array[int]) -> None:
    """One byte, one cell."""
    find_space = chunk.rfind
    while end - position > width:
        space = find_space(b" ", position, position + width + 1)
        is_word_end = space > position and (chunk[position] != 0x20 or bool(chunk[position:space].strip()))
        position = space + 1 if is_word_end else position + width
        if position < end:
            starts.append(position)


def _break_wide(chunk: bytes, position: int, end: int, width: int, starts: array[int]) -> None:
    """Characters of any width, tabs too. Measures a row's worth at a time, and only where it must."""
    line = chunk[position:end]
    if len(line) <= width and b"\t" not in line:
        return
    text = line.decode()
    index = 0
    while True:
        taken = _row_length(text, index, width)
        position += len(text[index : index + taken].encode())
        index += taken
        if index >= len(text):
            return
        starts.append(position)


def _row_length(text: str, index: int, width: int) -> int:
    """How many characters from `index` on make one row."""
    window = text[index : index + width + 2]  # one more than can matter: a mark could combine with the last space
    if _NARROW.fullmatch(window):
        if len(window) <= width:
            return len(window)
        space = window.rfind(" ", 0, width + 1)
        return space + 1 if space > 0 and window[:space].strip() else width
    size = width // 2 + 1
    while size < width * 8 and size < len(text) - index:
        if taken := _measured_length(text[index : index + size], width):
            return taken
        size *= 2
    window = text[index : index + size]
    return _measured_length(window, width) or len(window)


def _measured_length(window: str, width: int) -> int:
    """How many characters fill a row; 0 when there is room for more."""
    taken = word_end = 0
    has_word = False
    for start, end, cells in graphemes(window):
        is_space = window[start:end] == " "
        if taken + cells > width and start and not is_space:
            return word_end or start
        taken += cells
        has_word = has_word or not is_space
        if is_space and has_word:
            word_end = end
    return 0
