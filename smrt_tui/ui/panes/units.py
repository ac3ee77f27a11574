"""Numbers as a person reads them: durations, sizes, rates. Pure."""

from __future__ import annotations


def duration(seconds: float) -> str:
    """`0.42 ms`, `12.3 ms`, `482 ms`, `1.250 s`, `2 m 05 s`: never less exact than a person can use."""
    milliseconds = seconds * 1000
    if milliseconds < 1:
        return f"{milliseconds:.2f} ms"
    if milliseconds < 100:
        return f"{milliseconds:.1f} ms"
    if milliseconds < 1000:
        return f"{milliseconds:.0f} ms"
    if seconds < 100:
        return f"{seconds:.3f} s"
    return f"{int(seconds // 60)} m {seconds % 60:02.0f} s"


def milliseconds(seconds: float) -> str:
    """Exactly so many milliseconds, to the microsecond below ten, for columns."""
    value = seconds * 1000
    return f"{value:,.3f}" if value < 10 else f"{value:,.1f}" if value < 1000 else f"{value:,.0f}"


def size(count: int) -> str:
    """`1 byte`, `999 bytes`, `1.2 KB`, `3.4 MB`: powers of 1000."""
    if count < 1000:
        return "1 byte" if count == 1 else f"{count} bytes"
    for unit, factor in (("KB", 1_000), ("MB", 1_000_000)):
        if count < factor * 999.5:
            value = count / factor
            return f"{value:.1f} {unit}" if value < 100 else f"{value:.0f} {unit}"
    return f"{count / 1_000_000_000:.2f} GB"


def counted(count: int, noun: str) -> str:
    """`1 part`, `2,034 parts`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
