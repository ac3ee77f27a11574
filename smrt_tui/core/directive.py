"""Directives: what the local endpoint can be asked for in CustomAttributes, and how such a text is changed.

`fault=stall@5; parts=split-utf8; accept_eula=true` is fields between `;` or `,`; a directive is a field whose key and
name are known, with an amount after `@` where it takes one. Every other field is left as it was written.
"""

from __future__ import annotations

import re

from msgspec import Struct

from smrt_tui.core.service import Mode

_AMOUNT = re.compile(r"(\d{1,9}(?:\.\d{1,3})?)(ms|s)?")
_UNITS = {"seconds": "s", "ms": "ms"}


class BadDirective(Exception):
    """A directive that names nothing that is known, or has a wrong amount; the message says what there is."""


class Directive(Struct, frozen=True):
    """One thing that can be asked for."""

    key: str
    """`fault` or `parts`."""
    name: str
    does: str
    """What will happen, in a sentence; N is the amount."""
    modes: tuple[Mode, ...]
    """The kinds of invocation it can happen to."""
    counts: str
    """What the amount counts; empty when it takes none."""
    default: float
    """The amount where none is given; zero is none, as for a fault that stays."""

    @property
    def label(self) -> str:
        """`fault=stall`."""
        return f"{self.key}={self.name}"

    @property
    def default_amount(self) -> str:
        """The default as it would be written: `3`, `600s`, or nothing."""
        return f"{self.default:g}{_UNITS.get(self.counts, '')}" if self.counts and self.default else ""

    def written(self, amount: str) -> str:
        """The directive with an amount: `fault=stall@5`. Raises `BadDirective` for an amount it does not take."""
        if not amount:
            return self.label
        read_amount(self.name, amount, self.counts)
        return f"{self.label}@{amount}"

    def told(self, amount: str) -> str:
        """What will happen with that amount."""
        if not self.counts:
            return self.does
        if not (amount or self.default):
            return self.does.replace("the first N attempts", "every attempt")
        shown = amount or f"{self.default:g}"
        return re.sub(r"\bN\b( seconds\b| ms\b)?", lambda match: _with_unit(shown, match[1] or ""), self.does)


def _with_unit(amount: str, unit: str) -> str:
    """The amount in a sentence: the sentence's own unit follows it, unless one was typed."""
    return amount if amount.endswith("s") else f"{amount}{unit}"


def read_amount(name: str, text: str, counts: str) -> float:
    """The number after `@`; `500ms` and `0.5s` are the same where it counts seconds. Raises `BadDirective`."""
    match = _AMOUNT.fullmatch(text)
    if not counts:
        raise BadDirective(f"{name} takes no @{text}.")
    if match is None:
        raise BadDirective(f"{name}@{text}: after @ comes a number ({counts}), such as {name}@3.")
    number, unit = float(match[1]), match[2]
    if unit is not None and counts not in _UNITS:
        raise BadDirective(f"{name}@{text}: the number counts {counts}, not time.")
    if counts == "ms":
        return number * 1000 if unit == "s" else number
    return number / 1000 if unit == "ms" else number


def chosen_amount(attributes: str, directive: Directive) -> str | None:
    """The amount with which a directive stands in the text, empty without one; None when it does not stand there."""
    amounts = (_amount_of(field, directive) for field in re.split("[;,]", attributes))
    return next((amount for amount in amounts if amount is not None), None)


def with_directive(attributes: str, directive: Directive, amount: str) -> str:
    """The text with the directive in it once, at its end. Raises `BadDirective` for an amount it does not take."""
    written, others = directive.written(amount), without_directive(attributes, directive)
    return f"{others}; {written}" if others else written


def without_directive(attributes: str, directive: Directive) -> str:
    """The text without the directive; what else is in it keeps its separators."""
    pieces = re.split("([;,])", attributes)
    fields = zip(["", *pieces[1::2]], pieces[::2], strict=True)
    kept = [(separator, field) for separator, field in fields if _amount_of(field, directive) is None]
    return "".join(field if i == 0 else separator + field for i, (separator, field) in enumerate(kept)).strip(" ;,")


def _amount_of(field: str, directive: Directive) -> str | None:
    written, _, amount = field.strip().partition("@")
    key, _, name = written.partition("=")
    return amount.strip() if (key.strip(), name.strip()) == (directive.key, directive.name) else None
