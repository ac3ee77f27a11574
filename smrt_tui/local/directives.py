"""What a request asks of the door in its CustomAttributes: `fault=stall@5; parts=split-utf8; pace=30ms`.

Directives are separated by `;` or `,`. The door reads `fault` and `parts` (each may come more than once and they apply
in order); everything else, such as `dialect` and `pace`, is for the container, which gets the whole header unchanged.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence

from msgspec import Struct

from smrt_tui.core.directive import BadDirective, Directive, read_amount
from smrt_tui.core.service import Mode
from smrt_tui.local.effects import Effect, InContainer
from smrt_tui.local.faults import ATTEMPTS, FAULTS, Fault
from smrt_tui.local.parts import POLICIES, PartPolicy


class ChosenFault(Struct, frozen=True):
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


class Directives(Struct, frozen=True):
    """The door's part of CustomAttributes."""

    faults: tuple[ChosenFault, ...] = ()
    policies: tuple[tuple[PartPolicy, int], ...] = ()


def directive_table() -> tuple[Directive, ...]:
    """Every fault, then every part policy, as whoever writes a request sees them."""
    faults = (Directive("fault", f.name, f.does, f.modes, f.amount.counts, f.amount.default) for f in FAULTS)
    policies = (Directive("parts", p.name, p.does, ("stream",), p.argument, p.default) for p in POLICIES)
    return (*faults, *policies)


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
    return ChosenFault(fault, read_amount(name, amount, fault.amount.counts) if at else fault.amount.default)


def _policy(text: str) -> tuple[PartPolicy, int]:
    name, at, amount = text.partition("@")
    policy = next((row for row in POLICIES if row.name == name), None)
    if policy is None:
        raise BadDirective(_unknown("part policy", name, [row.name for row in POLICIES]))
    return policy, max(1, int(read_amount(name, amount, policy.argument))) if at else policy.default


def _unknown(what: str, name: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    hint = f" Did you mean {near[0]}?" if near else ""
    return f"There is no {what} named '{name}'.{hint} Known: {', '.join(known)}."


def fault_table() -> str:
    """Faults and part policies as tables in Markdown, for the documents."""
    head = ["| directive | what happens | invocations |", "|---|---|---|"]
    tables = [[row for row in directive_table() if row.key == key] for key in ("fault", "parts")]
    blocks = ["\n".join([*head, *(_line(row) for row in rows)]) for rows in tables]
    return "\n\n".join(blocks) + "\n"


def _line(row: Directive) -> str:
    amount = row.default_amount or ("N" if row.counts else "")
    written = f"{row.label}@{amount}" if amount else row.label
    return f"| `{written}` | {row.does} | {', '.join(row.modes)} |"
