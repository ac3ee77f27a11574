"""Drawing one piece out of a distribution: temperature, penalties, top-k, top-p, and a seeded die."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping

from msgspec import Struct


class Sampling(Struct, frozen=True):
    """How to draw. The defaults draw by the model's own odds."""

    temperature: float = 1.0
    """0 takes the most likely piece."""
    top_p: float = 1.0
    """Draw among the most likely pieces that together have this probability."""
    top_k: int = 0
    """Draw among so many; 0: all."""
    frequency_penalty: float = 0.0
    """Taken off a piece's log-probability for each time it came already."""
    presence_penalty: float = 0.0
    """The same, once."""
    repetition_penalty: float = 1.0
    """Multiplies the log-probability of a piece that came already."""
    seed: int = 0


def draw(odds: Mapping[int, float], sampling: Sampling, seen: Mapping[int, int], die: random.Random) -> int:
    """One piece of the distribution. The same die gives the same piece; one throw a call, also when greedy."""
    throw = die.random()
    scores = {token: _score(math.log(odd), sampling, seen.get(token, 0)) for token, odd in odds.items()}
    ranked = sorted(scores, key=lambda token: (-scores[token], token))
    if sampling.temperature == 0:
        return ranked[0]
    if sampling.top_k > 0:
        ranked = ranked[: sampling.top_k]
    highest = scores[ranked[0]]
    weights = [math.exp((scores[token] - highest) / sampling.temperature) for token in ranked]
    return _pick(ranked, weights, sampling.top_p, throw)


def _score(log_odd: float, sampling: Sampling, times: int) -> float:
    if not times:
        return log_odd
    penalty = sampling.presence_penalty + sampling.frequency_penalty * times
    return log_odd * sampling.repetition_penalty - penalty


def _pick(ranked: list[int], weights: list[float], top_p: float, throw: float) -> int:
    total = sum(weights)
    nucleus = 0
    mass = 0.0
    while nucleus < len(ranked) and (nucleus == 0 or mass < top_p * total):
        mass += weights[nucleus]
        nucleus += 1
    target = throw * mass
    for token, weight in zip(ranked[:nucleus], weights, strict=False):
        target -= weight
        if target < 0:
            return token
    return ranked[nucleus - 1]
