"""Forecasts of time series in the form of the built-in DeepAR algorithm; the method is `forecast`, no network.

`{"instances": [{"start": …, "target": [1.0, "NaN", …]}], "configuration": {…}}` answers a prediction a series, with
what `output_types` names: mean, quantiles, samples (developer guide, "DeepAR Inference Formats"). `cat` and
`dynamic_feat` are checked for their form and change nothing. A wrong form is status 400 in plain text.
"""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from smrt_tui.local.container import ContainerRequest, ContainerResponse
from smrt_tui.local.containers.answers import json_answer, refusal
from smrt_tui.local.containers.forecast import mean, paths, quantile
from smrt_tui.local.containers.negotiation import agreed
from smrt_tui.local.containers.reading import json_object, whole_number

_JSON = "application/json"
_TYPES = ("mean", "quantiles", "samples")
_MOST_SERIES = 100
_MOST_SAMPLES = 1000
_SAMPLES = 100
_QUANTILES = tuple(f"0.{tenth}" for tenth in range(1, 10))


@dataclass(frozen=True, slots=True)
class _Wanted:
    """The request's `configuration`."""

    samples: int
    types: tuple[str, ...]
    quantiles: tuple[str, ...]
    """As they were written; they become keys of the answer."""


class DeepArContainer:
    """Tells how series go on."""

    name = "deepar"

    async def invoke(self, request: ContainerRequest) -> ContainerResponse:
        """One prediction a series, in order."""
        accept = agreed(request.headers, ("", _JSON), (_JSON,))
        if isinstance(accept, ContainerResponse):
            return accept
        try:
            payload = json_object(request.body)
            series, wanted = _series(payload), _wanted(payload.get("configuration", {}))
        except ValueError as problem:
            return refusal(400, str(problem))
        return json_answer({"predictions": await asyncio.to_thread(_predictions, series, wanted)})

    async def ping(self) -> bool:
        """Always ready."""
        return True


def _predictions(series: Sequence[Sequence[float | None]], wanted: _Wanted) -> list[Mapping[str, Any]]:
    return [_prediction(one, wanted) for one in series]


def _prediction(series: Sequence[float | None], wanted: _Wanted) -> Mapping[str, Any]:
    ways = paths(series, wanted.samples)
    told: dict[str, Any] = {}
    if "mean" in wanted.types:
        told["mean"] = mean(ways)
    if "quantiles" in wanted.types:
        told["quantiles"] = {level: quantile(ways, float(level)) for level in wanted.quantiles}
    if "samples" in wanted.types:
        told["samples"] = ways
    return told


def _wanted(configuration: Any) -> _Wanted:
    if not isinstance(configuration, dict):
        raise ValueError("configuration must be an object")
    types = configuration.get("output_types", ["mean", "quantiles"])
    if not isinstance(types, list) or not types or any(kind not in _TYPES for kind in types):
        raise ValueError(f"output_types must be a list of {', '.join(_TYPES)}, not {json.dumps(types)}")
    levels = configuration.get("quantiles", list(_QUANTILES))
    if not isinstance(levels, list) or not all(_is_level(level) for level in levels):
        raise ValueError('quantiles must be a list of numbers between 0 and 1, such as ["0.1", "0.5", "0.9"]')
    samples = whole_number(configuration, "num_samples", _SAMPLES, 1, _MOST_SAMPLES)
    return _Wanted(samples, tuple(types), tuple(str(level) for level in levels))


def _is_level(level: object) -> bool:
    try:
        return isinstance(level, str | float) and 0 < float(level) < 1
    except ValueError:
        return False


def _series(payload: Mapping[str, Any]) -> list[list[float | None]]:
    instances = payload.get("instances")
    if not isinstance(instances, list) or not 1 <= len(instances) <= _MOST_SERIES:
        raise ValueError(f"instances must be a list of 1 to {_MOST_SERIES} series")
    return [_target(instance, f"instance {number}") for number, instance in enumerate(instances, start=1)]


def _target(instance: Any, where: str) -> list[float | None]:
    if not isinstance(instance, dict) or "start" not in instance or "target" not in instance:
        raise ValueError(f'{where} must be an object with start, such as "2026-01-30 00:00:00", and target')
    _check_start(instance["start"], where)
    _check_features(instance, where)
    target = instance["target"]
    if not isinstance(target, list) or not target:
        raise ValueError(f"{where}: target must be a list of numbers")
    values = [_value(value, f"{where}, target {number}") for number, value in enumerate(target, start=1)]
    if all(value is None for value in values):
        raise ValueError(f"{where}: target has no value that is a number")
    return values


def _check_start(start: Any, where: str) -> None:
    try:
        datetime.fromisoformat(start)
    except (TypeError, ValueError) as problem:
        raise ValueError(
            f"{where}: start must be a time such as 2026-01-30 00:00:00, not {json.dumps(start)}"
        ) from problem


def _check_features(instance: Mapping[str, Any], where: str) -> None:
    cat = instance.get("cat", [])
    if not all(isinstance(one, int) and not isinstance(one, bool) for one in (cat if isinstance(cat, list) else [cat])):
        raise ValueError(f"{where}: cat must be a whole number or a list of them, not {json.dumps(cat)}")
    features = instance.get("dynamic_feat", [])
    if not isinstance(features, list) or not all(isinstance(feature, list) for feature in features):
        raise ValueError(f"{where}: dynamic_feat must be a list of lists of numbers")


def _value(value: Any, where: str) -> float | None:
    if value is None or value == "NaN":
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f'{where}: {json.dumps(value)[:40]} is no number and not "NaN"')
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if math.isnan(number):
        return None
    if math.isinf(number) or abs(number) > 1e300:
        raise ValueError(f"{where}: the number is too large")
    return number
