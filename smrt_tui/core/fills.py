"""What fills itself when a request is sent, told beforehand: uuid and now, environment variables, files in Base64.

The values of environment variables are not told, only whether they are there: they are often secrets.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec import Struct

from smrt_tui.core.draft import Draft
from smrt_tui.core.template import all_placeholders


class Fill(Struct, frozen=True):
    """One placeholder that is no variable."""

    placeholder: str
    """As it is written, in one spelling: `{{env:HOME}}`."""
    shown: str
    """What it will be, in a word or two."""
    is_missing: bool = False


def has_fills(draft: Draft) -> bool:
    """Whether there is anything to tell."""
    return any(True for _ in _own(draft))


def fills(draft: Draft, environ: Mapping[str, str], size_of: Callable[[str], int], now: str) -> tuple[Fill, ...]:
    """Each placeholder of the draft that is no variable, once. `size_of` raises `OSError` or `ValueError`."""
    return tuple(_fill(name, argument, environ, size_of, now) for name, argument in dict.fromkeys(_own(draft)))


def _own(draft: Draft) -> list[tuple[str, str | None]]:
    variables = dict(draft.variables)
    return [
        (name, argument)
        for name, argument in all_placeholders(draft)
        if argument is not None or (name in ("uuid", "now") and name not in variables)
    ]


def _fill(name: str, argument: str | None, environ: Mapping[str, str], size_of: Callable[[str], int], now: str) -> Fill:
    if argument is None:
        return Fill(f"{{{{{name}}}}}", "another one each time" if name == "uuid" else now)
    written = f"{{{{{name}:{argument}}}}}"
    match name:
        case "env":
            is_there = argument in environ
            return Fill(written, "is set" if is_there else "is not set", not is_there)
        case "file_b64":
            try:
                return Fill(written, f"{size_of(argument):,} bytes")
            except (OSError, ValueError) as error:  # ValueError: a path with a NUL
                return Fill(written, getattr(error, "strerror", None) or str(error), is_missing=True)
    return Fill(written, "unknown function", is_missing=True)
