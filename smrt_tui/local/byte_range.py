"""The Range header of a request, as S3 reads it: one range of bytes (RFC 9110, 14.1.2)."""

from __future__ import annotations

import re

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


class Unsatisfiable(Exception):
    """The range begins behind the last byte."""


def read_range(header: str | None, length: int) -> slice | None:
    """The bytes that are asked for; None for all of them, also where the header is none that S3 follows.

    Raises `Unsatisfiable`.
    """
    match = _RANGE.fullmatch((header or "").strip())
    if match is None or match[0] == "bytes=-":
        return None
    first, last = match[1], match[2]
    if not first:
        start, stop = max(0, length - int(last)), length
    else:
        start, stop = int(first), min(int(last) + 1, length) if last else length
        if last and int(last) < start:
            return None  # not a valid range, so it is as if it were not there (RFC 9110, 14.1.1)
    if start >= length or (not first and int(last) == 0):
        raise Unsatisfiable
    return slice(start, stop)
