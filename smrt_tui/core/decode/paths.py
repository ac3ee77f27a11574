"""Many JMESPath expressions on one event, ten thousand events a second.

Expressions that are plain paths are walked together as one tree, so that a beginning they share is walked once; the
rest is left to the jmespath library. Both ways give the same values, and neither ever raises.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from smrt_tui.core.decode.expressions import Branch, Step, Steps, branches, compiled

if TYPE_CHECKING:
    from jmespath.parser import ParsedResult


class _Node(NamedTuple):
    step: Step
    slot: int
    """Where its value goes; -1 when it only leads to others."""
    nodes: tuple[_Node, ...]


class _Choice(NamedTuple):
    """A path with alternatives, or with a guard."""

    slot: int
    branches: tuple[tuple[int, int, str], ...]
    """The slot of the value, the slot of its guard (-1: none), and what the guard must equal."""


Row: TypeAlias = tuple[Branch, ...] | None
"""An expression as the alternatives it tries: none when it is not there, None when it is more than plain paths."""


class Paths:
    """A row of expressions. Calling it with an event gives the row of their values, null for what is not there."""

    def __init__(self, expressions: Sequence[str | None]) -> None:
        self.rows: list[Row] = [() if e is None else branches(e) for e in expressions]
        """Each expression taken apart."""
        self._slots: dict[Steps, list[int]] = {}
        self._choices: list[_Choice] = []
        self._searches: list[tuple[int, ParsedResult]] = []
        self._next = len(expressions)
        for slot, (row, expression) in enumerate(zip(self.rows, expressions, strict=True)):
            self._add(slot, row, expression or "")
        self._empty: list[object] = [None] * self._next
        self._root_slots = tuple(self._slots.pop((), ()))
        self._nodes = self._grown(())

    def __call__(self, event: object) -> list[object]:
        """The values in the order of the expressions. The list may be longer; what follows is scratch."""
        values = self._empty.copy()
        _walk(event, self._nodes, values)
        for slot in self._root_slots:
            values[slot] = event
        for choice in self._choices:
            values[choice.slot] = _choose(choice.branches, values)
        for slot, search in self._searches:
            values[slot] = _searched(search, event)
        return values

    def _add(self, slot: int, row: Row, expression: str) -> None:
        if row is None:
            self._searches.append((slot, compiled(expression)))
        elif len(row) == 1 and row[0].guard is None:
            self._slots.setdefault(row[0].steps, []).append(slot)
        elif row:
            self._choices.append(_Choice(slot, tuple(self._branch(branch) for branch in row)))

    def _branch(self, branch: Branch) -> tuple[int, int, str]:
        guard = -1 if branch.guard is None else self._scratch(branch.guard)
        return self._scratch(branch.steps), guard, branch.literal

    def _scratch(self, steps: Steps) -> int:
        slots = self._slots.setdefault(steps, [])
        if not slots:
            slots.append(self._next)
            self._next += 1
        return slots[0]

    def _grown(self, above: Steps) -> tuple[_Node, ...]:
        below = dict.fromkeys(
            steps[len(above)] for steps in self._slots if len(steps) > len(above) and steps[: len(above)] == above
        )
        return tuple(node for step in below for node in self._nodes_at((*above, step)))

    def _nodes_at(self, steps: Steps) -> list[_Node]:
        slots = self._slots.get(steps, [])
        first = _Node(steps[-1], slots[0] if slots else -1, self._grown(steps))
        return [first, *(_Node(steps[-1], slot, ()) for slot in slots[1:])]


@lru_cache(maxsize=64)
def paths_of(*expressions: str | None) -> Paths:
    """The row of these expressions, made once: a `Paths` never changes."""
    return Paths(expressions)


def _walk(value: object, nodes: tuple[_Node, ...], values: list[object]) -> None:
    if type(value) is dict:
        for step, slot, below in nodes:
            found = value.get(step)
            if found is not None:
                if slot >= 0:
                    values[slot] = found
                if below:
                    _walk(found, below, values)
    elif type(value) is list:
        for step, slot, below in nodes:
            if type(step) is int and -len(value) <= step < len(value):
                if slot >= 0:
                    values[slot] = value[step]
                if below:
                    _walk(value[step], below, values)


def value_at(event: object, steps: Steps) -> object:
    """The value that names and indexes lead to; null when they lead nowhere."""
    for step in steps:
        if isinstance(event, dict):
            event = event.get(step)
        elif isinstance(event, list) and isinstance(step, int) and -len(event) <= step < len(event):
            event = event[step]
        else:
            return None
    return event


def _choose(alternatives: tuple[tuple[int, int, str], ...], values: list[object]) -> object:
    found: object = None
    for slot, guard, literal in alternatives:
        found = values[slot] if guard < 0 or values[guard] == literal else None
        if is_true(found):
            break
    return found


def is_true(value: object) -> bool:
    """Truth as JMESPath has it: null, false and empty strings, lists and objects are false; zero is true."""
    return bool(value) or (isinstance(value, int | float) and value is not False)


def _searched(search: ParsedResult, event: object) -> object:
    try:
        return search.search(event)
    except (ValueError, TypeError, RecursionError):  # a function that got the wrong type: nothing found
        return None
