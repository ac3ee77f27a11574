"""What a request asks of the door in its CustomAttributes: `fault=stall@5; parts=split-utf8; pace=30ms`.

Directives are separated by `;` or `,`. The door reads `fault` and `parts` (each may come more than once and they apply
in order); everything else, such as `dialect` and `pace`, is for the container, which gets the whole header unchanged.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from smrt_tui.core.service import Mode
from smrt_tui.local.effects import Effect, InContainer
from smrt_tui.local.faults import ATTEMPTS, FAULTS, Fault
from smrt_tui.local.parts import POLICIES, PartPolicy

_AMOUNT = re.compile(r"(\d{1,9}(?:\.\d{1,3})?)(ms|s)?")


class BadDirective(Exception):
    """A directive that names nothing the door knows; the message says what there is."""


@dataclass(frozen=True, slots=True)
class ChosenFault:
    """A fault with its amount."""

    fault: Fault
    amount: float

    @property
    def effect(self) -> Effect:
        """What it does."""
        return self.fault.effect

    @property
    def counts_attempts(self) -> bool:
        """Whether it passes after so many attempts."""
        return self.fault.amount is ATTEMPTS


@dataclass(frozen=True, slots=True)
class Directives:
    """The door's part of CustomAttributes."""

    faults: tuple[ChosenFault, ...] = ()
    policies: tuple[tuple[PartPolicy, int], ...] = ()


def read_directives(attributes: str) -> Directives:
    """The directives in a CustomAttributes value; raises `BadDirective` for an unknown fault, policy or amount."""
    pairs = [field.strip().partition("=") for field in re.split("[;,]", attributes)]
    return Directives(
        faults=tuple(_fault(value.strip()) for name, _, value in pairs if name.strip() == "fault"),
        policies=tuple(_policy(value.strip()) for name, _, value in pairs if name.strip() == "parts"),
    )


def check_mode(directives: Directives, mode: Mode) -> None:
    """Raise `BadDirective` when a fault cannot happen to this kind of invocation."""
    for chosen in directives.faults:
        if mode not in chosen.fault.modes:
            modes = " or ".join(chosen.fault.modes)
            raise BadDirective(f"The fault {chosen.fault.name} is for {modes} invocations, this one is {mode}.")


def _fault(text: str) -> ChosenFault:
    name, at, amount = text.partition("@")
    fault = next((row for row in FAULTS if row.name == name), None)
    if fault is None:
        raise BadDirective(_unknown("fault", name, [row.name for row in FAULTS]))
    if isinstance(fault.effect, InContainer):
        return ChosenFault(fault, fault.amount.default)  # its argument is the container's to read
    return ChosenFault(fault, _amount(name, amount, fault.amount.counts) if at else fault.amount.default)


def _policy(text: str) -> tuple[PartPolicy, int]:
    name, at, amount = text.partition("@")
    policy = next((row for row in POLICIES if row.name == name), None)
    if policy is None:
        raise BadDirective(_unknown("part policy", name, [row.name for row in POLICIES]))
    return policy, max(1, int(_amount(name, amount, policy.argument))) if at else policy.default


def _amount(name: str, text: str, argument: str) -> float:
    """The number after `@`; `500ms` and `0.5s` are the same where it counts seconds."""
    match = _AMOUNT.fullmatch(text)
    if not argument:
        raise BadDirective(f"{name} takes no @{text}.")
    if match is None:
        raise BadDirective(f"{name}@{text}: after @ comes a number ({argument}), such as {name}@3.")
    number, unit = float(match[1]), match[2]
    if unit is not None and argument not in ("seconds", "ms"):
        raise BadDirective(f"{name}@{text}: the number counts {argument}, not time.")
    if argument == "ms":
        return number * 1000 if unit == "s" else number
    return number / 1000 if unit == "ms" else number


def _unknown(what: str, name: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    hint = f" Did you mean {near[0]}?" if near else ""
    return f"There is no {what} named '{name}'.{hint} Known: {', '.join(known)}."
