"""Softmax regression over four flower measurements, trained on seeded synthetic samples. Knows no media type."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from typing import TypeAlias

from msgspec import Struct

FEATURES = ("sepal_length", "sepal_width", "petal_length", "petal_width")
"""What a row measures, in centimetres."""
LABELS = ("setosa", "versicolor", "virginica")

Row: TypeAlias = tuple[float | None, ...]
"""One value a feature; None is missing and counts as the average."""

_CENTRES = ((5.0, 3.4, 1.5, 0.25), (5.9, 2.8, 4.3, 1.3), (6.6, 3.0, 5.6, 2.0))
_SPREADS = ((0.35, 0.38, 0.17, 0.10), (0.52, 0.31, 0.47, 0.20), (0.64, 0.32, 0.55, 0.27))
_SAMPLES_A_LABEL = 60
_ROUNDS = 150
_STEP = 0.5


class Softmax(Struct, frozen=True):
    """A trained model."""

    means: tuple[float, ...]
    scales: tuple[float, ...]
    weights: tuple[tuple[float, ...], ...]
    """For each label the bias, then a weight a feature."""

    def probabilities(self, row: Row) -> tuple[float, ...]:
        """One probability a label; they sum to 1."""
        return _softmax(self.weights, self._standardised(row))

    def _standardised(self, row: Row) -> tuple[float, ...]:
        known = zip(row, self.means, self.scales, strict=True)
        return tuple(0.0 if value is None else (value - mean) / scale for value, mean, scale in known)


def train_softmax(seed: int = 20170513) -> Softmax:
    """The model fitted to samples drawn around three flowers' typical measurements; the same for the same seed."""
    samples = _samples(random.Random(seed))
    columns = list(zip(*(values for values, _ in samples), strict=True))
    means = tuple(sum(column) / len(column) for column in columns)
    scales = tuple(_spread(column, mean) for column, mean in zip(columns, means, strict=True))
    untrained = Softmax(means, scales, tuple((0.0,) * (len(FEATURES) + 1) for _ in LABELS))
    points = [(untrained._standardised(values), label) for values, label in samples]
    weights = untrained.weights
    for _ in range(_ROUNDS):
        weights = _descend(weights, points)
    return Softmax(means, scales, weights)


def _samples(source: random.Random) -> list[tuple[tuple[float, ...], int]]:
    return [
        (tuple(source.gauss(centre, spread) for centre, spread in zip(centres, spreads, strict=True)), label)
        for label, (centres, spreads) in enumerate(zip(_CENTRES, _SPREADS, strict=True))
        for _ in range(_SAMPLES_A_LABEL)
    ]


def _spread(column: Sequence[float], mean: float) -> float:
    return math.sqrt(sum((value - mean) ** 2 for value in column) / len(column))


def _descend(
    weights: tuple[tuple[float, ...], ...], points: Sequence[tuple[tuple[float, ...], int]]
) -> tuple[tuple[float, ...], ...]:
    """One step of full-batch gradient descent on the cross-entropy."""
    slopes = [[0.0] * len(row) for row in weights]
    for point, label in points:
        for index, probability in enumerate(_softmax(weights, point)):
            error = probability - (index == label)
            slopes[index][0] += error
            for feature, value in enumerate(point, start=1):
                slopes[index][feature] += error * value
    rate = _STEP / len(points)
    return tuple(
        tuple(weight - rate * slope for weight, slope in zip(row, slope_row, strict=True))
        for row, slope_row in zip(weights, slopes, strict=True)
    )


def _softmax(weights: tuple[tuple[float, ...], ...], point: Sequence[float]) -> tuple[float, ...]:
    scores = [row[0] + sum(weight * value for weight, value in zip(row[1:], point, strict=True)) for row in weights]
    highest = max(scores)
    powers = [math.exp(score - highest) for score in scores]
    total = sum(powers)
    return tuple(power / total for power in powers)
