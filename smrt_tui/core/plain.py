"""Untrusted text made harmless for a terminal: what a model, a server or a file wrote, with nothing left in it to act.

Every character that a terminal would obey, or that hides or reorders its neighbours, is shown instead as a symbol.
The table `SYMBOLS` is the whole rule. No styling happens here: markup is the screen's business.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping

_INVISIBLE_RANGES = (
    (0x80, 0x9F),  # C1: U+009B opens an escape sequence on its own (ECMA-48, 5.4)
    (0xAD, 0xAD),  # soft hyphen
    (0x061C, 0x061C),  # Arabic letter mark (UAX #9)
    (0x070F, 0x070F),  # Syriac abbreviation mark
    (0x180E, 0x180E),  # Mongolian vowel separator
    (0x200B, 0x200F),  # zero-width space, non-joiner and joiner, left-to-right and right-to-left marks
    (0x2028, 0x202E),  # line and paragraph separators, bidi embeddings and overrides (UAX #9)
    (0x2060, 0x206F),  # word joiner, invisible operators, bidi isolates, deprecated formats
    (0xD800, 0xDFFF),  # lone surrogates: no encoding can write them
    (0xFEFF, 0xFEFF),  # byte order mark inside a text
    (0xFFF9, 0xFFFB),  # interlinear annotations
    (0x1BCA0, 0x1BCA3),  # shorthand formats
    (0x1D173, 0x1D17A),  # musical formats
    (0xE0000, 0xE007F),  # tags: invisible ASCII
)


def _symbols() -> dict[int, str]:
    pictures = {code: chr(0x2400 + code) for code in range(0x20) if code not in (0x09, 0x0A)}
    names = {code: f"⟨U+{code:04X}⟩" for first, last in _INVISIBLE_RANGES for code in range(first, last + 1)}
    return {**pictures, 0x7F: "\u2421", **names}


SYMBOLS: Mapping[int, str] = _symbols()
"""What is shown for which code point: C0 and DEL by the Control Pictures block (␛, ␍, ␡), the rest by name (⟨U+202E⟩).

Newline and tab stay. So do variation selectors, which only choose a glyph.
"""

_HARMFUL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f" + "".join(f"{chr(first)}-{chr(last)}" for first, last in _INVISIBLE_RANGES) + "]"
)
_HARMFUL_ASCII = bytes(code for code in range(0x80) if code in SYMBOLS)


def plain(text: str) -> str:
    """The text with every harmful character replaced by its symbol; the very same object when there is none."""
    if text.isascii():
        raw = text.encode()
        if len(raw.translate(None, _HARMFUL_ASCII)) == len(raw):  # ten times as fast as a regex on clean text
            return text
    elif text.isprintable():
        return text
    symbolic = _HARMFUL.sub(_symbol, text)
    return text if symbolic == text else symbolic


def _symbol(match: re.Match[str]) -> str:
    return SYMBOLS[ord(match[0])]


def plain_bytes(data: bytes) -> str:
    """One cell a byte, for the gutter of a hex view: printable ASCII as it is, C0 and DEL by picture, the rest `·`."""
    return codecs.charmap_decode(data, "strict", _CELLS)[0]


_CELLS = "".join(
    chr(0x2400 + code) if code < 0x20 else chr(code) if code < 0x7F else "\u2421" if code == 0x7F else "·"
    for code in range(256)
)
