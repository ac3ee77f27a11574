"""One JSON value out of bytes or text: lenient where nothing is lost by it, never an exception."""

from __future__ import annotations

import json
from typing import Final

MISSING: Final = object()
"""Stands for "this is no JSON value", since null is one."""

_DECODER = json.JSONDecoder(strict=False)  # a raw tab inside a string is a server's slip and no reason to lose an event


def leading_value(text: str, start: int) -> tuple[object, int]:
    """The value that begins exactly at `start` and the index behind it; `MISSING` when there is none."""
    try:
        return _DECODER.raw_decode(text, start)
    except (ValueError, RecursionError):  # ValueError also when an integer has too many digits for Python
        return MISSING, start


def whole_value(text: str) -> object:
    """The value that the text consists of, with nothing but white space after it; `MISSING` when it is not one."""
    value, end = leading_value(text, 0)
    return value if end == len(text) or (value is not MISSING and not text[end:].strip(" \t\r\n")) else MISSING


def as_text(raw: bytes) -> str:
    """UTF-8 with U+FFFD for what is none."""
    return raw.decode("utf-8", "replace")
