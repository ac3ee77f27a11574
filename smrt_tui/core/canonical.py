"""What was signed, beside what the server worked out: read from the answer to a refused signature, line by line.

AWS tells its canonical request and string to sign in the message of InvalidSignatureException (S3 and others:
SignatureDoesNotMatch). Pure; a session token is masked on both sides, so that it is never a difference nor shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest
from typing import Final, Literal, NamedTuple

from msgspec import Struct

from smrt_tui.core.events import ServiceFault, Signed
from smrt_tui.core.redact import masked_tokens

_CANONICAL = re.compile(
    r"Canonical String for this request should have been\s*'(.*?)(?:'\s*(?:The )?String-to-Sign should|'?\s*$)",
    re.DOTALL,
)
_TO_SIGN = re.compile(r"String-to-Sign should have been\s*'(.*?)'?\s*$", re.DOTALL)
_NONE: Final = "(no such line)"


class LinePair(Struct, frozen=True):
    """The same line on both sides; None where a side has none."""

    ours: str | None
    theirs: str | None

    @property
    def is_same(self) -> bool:
        """Whether both sides have it, character for character."""
        return self.ours == self.theirs

    @property
    def differs_at(self) -> int:
        """The first character that differs, counted from 0: the shorter length where one begins the other."""
        ours, theirs = self.ours or "", self.theirs or ""
        pairs = enumerate(zip(ours, theirs, strict=False))
        return next((at for at, (one, other) in pairs if one != other), min(len(ours), len(theirs)))


class Comparison(Struct, frozen=True):
    """One of the two texts, ours beside the server's."""

    name: str
    """`canonical request` or `string to sign`."""
    lines: tuple[LinePair, ...]

    @property
    def first_difference(self) -> int | None:
        """The number of the first line that differs, counted from 0; None when all are the same."""
        return next((number for number, pair in enumerate(self.lines) if not pair.is_same), None)


def refused_signature(signed: Signed | None, fault: ServiceFault | None) -> tuple[Comparison, ...]:
    """The canonical request and the string to sign, as far as the answer tells them; empty when it tells neither."""
    if signed is None or fault is None or not signed.scope:
        return ()
    told = (
        ("canonical request", signed.canonical_request, _CANONICAL),
        ("string to sign", signed.string_to_sign, _TO_SIGN),
    )
    return tuple(
        _compared(name, ours, match[1]) for name, ours, pattern in told if (match := pattern.search(fault.message))
    )


def first_difference(compared: tuple[Comparison, ...]) -> str:
    """One sentence on where the two sides part; empty when there is nothing to compare."""
    for comparison in compared:
        number = comparison.first_difference
        if number is not None:
            pair = comparison.lines[number]
            ours, theirs = _shown(pair.ours), _shown(pair.theirs)
            return f"line {number + 1} of the {comparison.name} is {ours} here and {theirs} to the server"
    return "both sides signed the same text, so the secret key differs" if compared else ""


def without_quotes(message: str) -> str:
    """The service's sentence alone, where it goes on to quote what should have been signed."""
    return message.partition("\n\nThe Canonical String for this request")[0]


class Row(NamedTuple):
    """One line of the comparison as it is shown."""

    kind: Literal["heading", "same", "ours", "theirs", "mark"]
    """`mark` points at the first character that differs, under the line of the server."""
    text: str


def comparison_rows(compared: tuple[Comparison, ...]) -> Iterator[Row]:
    """Both sides line under line, what is the same once, and the first difference marked."""
    for comparison in compared:
        first = comparison.first_difference
        yield Row("heading", f"{comparison.name}{', the same on both sides' if first is None else ''}")
        for number, pair in enumerate(comparison.lines):
            if pair.is_same:
                yield Row("same", _labelled("", pair.ours))
                continue
            yield Row("ours", _labelled("ours", pair.ours))
            yield Row("theirs", _labelled("server", pair.theirs))
            if number == first:
                yield Row("mark", f"{_labelled('', '-' * pair.differs_at)}^ the first difference")


def _compared(name: str, ours: str, theirs: str) -> Comparison:
    pairs = zip_longest(ours.split("\n"), masked_tokens(theirs).split("\n"))
    return Comparison(name, tuple(LinePair(one, other) for one, other in pairs))


def _labelled(label: str, line: str | None) -> str:
    return f"{label:<8}{_NONE if line is None else line}"


def _shown(line: str | None) -> str:
    return "not there" if line is None else f"`{line}`"
