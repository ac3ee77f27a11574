"""Forecasts by repetition: the last season again, moved by changes drawn from the series' own past.

A stand-in for a trained network, with a method that can be checked by hand. The season is 7 points where the series
has two weeks of them, else 1. Each path adds to the value one season ago a change drawn, with replacement, from all
changes over one season that the series shows, so that trend, pattern and spread come from the series itself. A gap
counts as the value before it. The same series gives the same paths: the dice are seeded with it. Knows no media type.
"""

from __future__ import annotations

import math
import random
import zlib
from collections.abc import Iterator, Sequence
from typing import TypeAlias

Path: TypeAlias = tuple[float, ...]

HORIZON = 12
"""How many points after the last one are told, which DeepAR takes from its training."""
_WEEK = 7


def paths(series: Sequence[float | None], count: int, horizon: int = HORIZON) -> tuple[Path, ...]:
    """So many ways in which the series may go on. Raises `ValueError` for a series without any value."""
    known = _filled(series)
    season = _WEEK if len(known) >= 2 * _WEEK else 1
    changes = [later - earlier for earlier, later in zip(known, known[season:], strict=False)] or [0.0]
    dice = random.Random(zlib.crc32(repr(known).encode()))
    return tuple(tuple(_walk(known[-season:], changes, horizon, dice)) for _ in range(count))


def mean(ways: Sequence[Path]) -> list[float]:
    """The mean of each point to come."""
    return [math.fsum(column) / len(ways) for column in zip(*ways, strict=True)]


def quantile(ways: Sequence[Path], level: float) -> list[float]:
    """The quantile of each point to come, between neighbours in proportion."""
    return [_quantile(sorted(column), level) for column in zip(*ways, strict=True)]


def _filled(series: Sequence[float | None]) -> list[float]:
    first = next((value for value in series if value is not None), None)
    if first is None:
        raise ValueError("target has no value that is a number")
    filled = [first]
    for value in series:
        filled.append(filled[-1] if value is None else value)
    return filled[1:]


def _walk(last: Sequence[float], changes: Sequence[float], horizon: int, dice: random.Random) -> Iterator[float]:
    values = list(last)
    for at in range(horizon):
        values.append(values[at] + dice.choice(changes))
        yield values[-1]


def _quantile(ordered: Sequence[float], level: float) -> float:
    at = level * (len(ordered) - 1)
    below = int(at)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (at - below)
